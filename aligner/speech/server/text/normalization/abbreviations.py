"""Abbreviations, from the lists of a language. One that ends a sentence leaves its full stop to the sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aligner.speech.server.text.normalization.language import Language
    from aligner.speech.server.text.normalization.words import Abbreviations

_NAME: Final = re.compile(r"[ \u00a0]*([^\W\d_])")
_NUMBER: Final = re.compile(r"[ \u00a0]?\d|[ \u00a0][IVXLC]+\b")
_NAMED: Final = re.compile(r"[^\W\d_]+[ \u00a0]$")
_TEXT_OVER: Final = re.compile(r"[\"”’»)\]]*\s*$")  # noqa: RUF001 - quotation marks
_WINDOW: Final = 40


def pattern(words: Abbreviations) -> str:
    """Everything in the lists as it may be written: with or without blanks inside, and at the start of a sentence."""
    return _alternation({*words.always, *words.before_name, *words.before_number, *words.after_name})


def _alternation(written: Iterable[str]) -> str:
    ordered = sorted(written, key=lambda one: (-len(one), one))
    return rf"(?<![\w.])(?:{'|'.join(map(_spelling, ordered))})(?!\w)" if ordered else ""


def _spelling(written: str) -> str:
    first, rest = written[0], re.escape(written[1:]).replace(r"\ ", "[ \u00a0\u202f]?")
    # A single letter is another abbreviation when it is large: S. is a page, s. is none.
    both = f"[{first}{first.upper()}]" if first.islower() and len(written) > 2 else re.escape(first)  # noqa: PLR2004
    return both + rest


def _pattern(language: Language) -> str:
    return pattern(language.words.abbreviations)


def _say(match: re.Match[str], language: Language) -> str | None:
    words, written = language.words.abbreviations, re.sub(r"[ \u00a0\u202f]", "", match[0])
    after = match.string[match.end() : match.end() + _WINDOW]
    name, number = _NAME.match(after), _NUMBER.match(after)
    if number and (said := _listed(words.before_number, written)):
        return said
    if name and name[1].isupper() and (said := _listed(words.before_name, written)):
        return said
    if _after_name(match) and (said := _listed(words.after_name, written)):
        return said
    return _listed(words.always, written)


def _after_name(match: re.Match[str]) -> bool:
    found = _NAMED.search(match.string[max(0, match.start() - _WINDOW) : match.start()])
    return found is not None and found[0][0].isupper()


def _listed(said: dict[str, str], written: str) -> str | None:
    """The entry for what is written, blanks and a first capital apart."""
    for key, words in said.items():
        bare = key.replace(" ", "")
        if bare in (written, written[0].lower() + written[1:]):
            return words
    return None


def leaves_stop(match: re.Match[str], said: str, language: Language) -> bool:
    """The abbreviation's full stop ends the sentence too, and must be heard as such: "apples, pears, etc."."""
    if not match[0].endswith(".") or said in language.words.abbreviations.before_name.values():
        return False
    after = match.string[match.end() : match.end() + _WINDOW]
    if _TEXT_OVER.match(after):
        return True
    name = _NAME.match(after)
    return name is not None and name[1].isupper() and match[0] in language.words.abbreviations.final.split()


RULES: Final = (Rule(_pattern, _say),)
