"""Telephone numbers: digits one by one, with a short pause between the groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import numbers
from aligner.speech.server.text.normalization.rule import Rule

if TYPE_CHECKING:
    from aligner.speech.server.text.normalization.language import Language

_SHORTEST: Final = 7
_LONGEST: Final = 15
"""Digits of a number with its country's, by ITU-T E.164."""

_BETWEEN: Final = r"[ \u00a0./\-]"
_FRONT: Final = r"(?<![\w+.,/\-])"
_ENDS: Final = r"(?![\w]|[.,/:\-]\d)"
_COUNTRY: Final = rf"\+\d{{1,3}}(?:{_BETWEEN}?\(?\d{{1,5}}\)?|{_BETWEEN}?\d{{4,12}}){{1,6}}"
_AMERICAN: Final = rf"(?:1[ \-.])?(?:\(\d{{3}}\)[ \u00a0]?|\d{{3}}[.\-])\d{{3}}{_BETWEEN}\d{{4}}"
"""Three, three and four digits: the North American Numbering Plan."""
_NATIONAL: Final = r"\(?0\d{1,5}\)?(?:[ \u00a0]?[/\-][ \u00a0]?|[ \u00a0])\d{2,}(?:[ \u00a0\-]\d{2,}){0,5}"
"""With the zero that most countries put in front of an area's code."""


def say(written: str, language: Language) -> str | None:
    """A telephone number in words."""
    said = numbers.groups(language, written)
    plus = language.words.symbols.signs.get("+", "")
    return f"{plus} {said}" if said and plus and written.lstrip().startswith("+") else said


def _pattern(_language: Language) -> str:
    return rf"{_FRONT}(?:{_COUNTRY}|{_AMERICAN}|{_NATIONAL}){_ENDS}"


def _say(match: re.Match[str], language: Language) -> str | None:
    count = len(re.findall(r"\d", match[0]))
    return say(match[0], language) if _SHORTEST <= count <= _LONGEST else None


RULES: Final = (Rule(_pattern, _say),)
