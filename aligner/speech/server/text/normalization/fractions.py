"""Fractions: ½, 1½, 3/4. Only below one, and with denominators that the language has a name for: 9/11 is none."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import numbers
from aligner.speech.server.text.normalization.rule import ALONE, Rule

if TYPE_CHECKING:
    import re

    from aligner.speech.server.text.normalization.language import Language

SIGNS: Final = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
    "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
"""The signs of Unicode for fractions (Number Forms, Latin-1)."""

_FEW: Final = 4
"""Up to here the second form of three is used."""


def say(top: int, bottom: int, language: Language, whole: str = "") -> str | None:
    """A fraction in words; ``whole`` are those of the number before it."""
    words = language.words.fractions
    if (top, bottom) == (1, 2) and words.half:
        return f"{whole} {words.and_half}" if whole else words.half
    names = words.names.get(str(bottom))
    count = numbers.cardinal(language, Decimal(top), words.gender)
    if not names or not count:
        return None
    name = names[0] if top == 1 else names[1 if top <= _FEW else -1]
    return " ".join(filter(None, (whole, words.mixed if whole else "", count, name)))


def _sign_pattern(language: Language) -> str:
    signs = "".join(SIGNS)
    pattern = rf"(?<![\w.,])(?:(?P<whole>\d{{1,9}})[ \u00a0\u2009\u202f\u2064]?)?(?P<sign>[{signs}])"
    return pattern if language.words.fractions.names else ""


def _sign(match: re.Match[str], language: Language) -> str | None:
    return _whole(match, *SIGNS[match["sign"]], language)


def _slash_pattern(language: Language) -> str:
    pattern = rf"{ALONE}(?:(?P<whole>\d{{1,3}})[ \u00a0])?(?P<top>\d\d?)[/\u2044](?P<bottom>\d\d?)(?!\w|[.,:/\-]\d)"
    return pattern if language.words.fractions.names else ""


def _slash(match: re.Match[str], language: Language) -> str | None:
    top, bottom = int(match["top"]), int(match["bottom"])
    return _whole(match, top, bottom, language) if 0 < top < bottom else None


def _whole(match: re.Match[str], top: int, bottom: int, language: Language) -> str | None:
    whole = (
        numbers.cardinal(language, Decimal(match["whole"]), language.words.fractions.whole) if match["whole"] else ""
    )
    return None if whole is None else say(top, bottom, language, whole)


RULES: Final = (Rule(_sign_pattern, _sign), Rule(_slash_pattern, _slash))
