"""Signs between words: &, +, =, #5, §, @. Only where they stand as a word; C++ and a hashtag's name keep theirs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization.rule import Rule, any_of

if TYPE_CHECKING:
    from aligner.speech.server.text.normalization.language import Language

_TIGHT: Final = frozenset("&×÷±≠≤≥+=")  # noqa: RUF001 - the sign of multiplication
"""Signs that may stand between two words or numbers without blanks."""


def _sign_pattern(language: Language) -> str:
    signs = language.words.symbols.signs
    return rf"(?P<sign>{any_of(signs)})" if signs else ""


def _sign(match: re.Match[str], language: Language) -> str | None:
    text, start, stop = match.string, match.start(), match.end()
    front, back = text[start - 1 : start] if start else " ", text[stop : stop + 1] or " "
    apart = front.isspace() and back.isspace()
    glued = (
        match["sign"] in _TIGHT
        and front.isalnum()
        and back.isalnum()
        and not re.match(r"\w{1,8};", text[stop : stop + 9])
    )
    # A sign in front of a number belongs to it: +5, ±3.
    signed = match["sign"] in "+±" and (front.isspace() or front == "(") and back.isdigit()
    if not (apart or glued or signed):
        return None
    said = language.words.symbols.signs[match["sign"]]
    return ("" if front.isspace() or front == "(" else " ") + said + ("" if back.isspace() else " ")


def _number_pattern(language: Language) -> str:
    signs = language.words.symbols.before_number
    return rf"(?<!\w)(?P<sign>{any_of(signs)})(?P<blank>[ \u00a0\u202f]?)(?=[$€£]?\d)" if signs else ""


def _before_number(match: re.Match[str], language: Language) -> str | None:
    return language.words.symbols.before_number[match["sign"]] + " "


def _tag_pattern(language: Language) -> str:
    return r"(?<![\w#&])#(?=[^\W\d_]\w)" if language.words.symbols.hashtag else ""


def _tag(_match: re.Match[str], language: Language) -> str | None:
    return f"{language.words.symbols.hashtag} "


def _handle_pattern(language: Language) -> str:
    return r"(?<![\w@.])@(?=[^\W\d_]\w)" if "@" in language.words.symbols.signs else ""


def _handle(_match: re.Match[str], language: Language) -> str | None:
    return language.words.symbols.signs["@"] + " "


RULES: Final = (
    Rule(_number_pattern, _before_number),
    Rule(_tag_pattern, _tag),
    Rule(_handle_pattern, _handle),
    Rule(_sign_pattern, _sign),
)
