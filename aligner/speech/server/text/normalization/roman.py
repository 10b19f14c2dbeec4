"""Roman numerals, only where the word beside them leaves no doubt: Chapter IV, Louis XIV, le XXe siècle."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import numbers
from aligner.speech.server.text.normalization.rule import Rule, any_of

if TYPE_CHECKING:
    from aligner.speech.server.text.normalization.language import Language

_NUMERAL: Final = "(?P<it>(?P<roman>[IVXLCDM]{1,15}))"
_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_CANONICAL: Final = re.compile("M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")

# "Elizabeth I" ends here; "Henry I think" is somebody's opinion.
_NOT_A_PRONOUN: Final = r"(?!(?<=[ \u00a0]I)[ \u00a0][a-z])"


def value(numeral: str) -> int | None:
    """The number of a Roman numeral; ``None`` where it is not written as one (IIX)."""
    if not numeral or not _CANONICAL.fullmatch(numeral):
        return None
    values = [_VALUES[letter] for letter in numeral]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def heads(words: str) -> str:
    """A pattern for the words of a list that numerals stand behind."""
    return rf"(?<!\w)(?:{any_of(words.split())})[ \u00a0]"


def _behind(words: str) -> str:
    return rf"{heads(words)}{_NUMERAL}(?!\w|\.\w|['’])" if words else ""  # noqa: RUF001 - the apostrophe


def _cardinals_pattern(language: Language) -> str:
    return _behind(language.words.roman.cardinals)


def _ordinals_pattern(language: Language) -> str:
    return _behind(language.words.roman.ordinals)


def _names_pattern(language: Language) -> str:
    words = language.words.roman.names
    suffix = language.words.roman.suffix
    numeral = rf"(?P<it>(?P<roman>[IVXLCDM]{{1,15}})(?:{suffix})??)"
    return rf"{heads(words)}{numeral}(?!\w|\.\w){_NOT_A_PRONOUN}" if words else ""


def _before_pattern(language: Language) -> str:
    words, suffix = language.words.roman.before, language.words.roman.suffix
    if not words:
        return ""
    return rf"(?<!\w)(?P<it>(?P<roman>[IVXLCDM]{{1,15}})(?:{suffix}))(?=[ \u00a0](?:{any_of(words.split())})(?!\w))"


def _cardinal(match: re.Match[str], language: Language) -> str | None:
    number = value(match["roman"])
    return numbers.cardinal(language, Decimal(number)) if number else None


def _ordinal(match: re.Match[str], language: Language) -> str | None:
    number = value(match["roman"])
    return numbers.ordinal(language, number, language.words.roman.form) if number else None


def _named(match: re.Match[str], language: Language) -> str | None:
    number = value(match["roman"])
    if not number:
        return None
    words = language.words.roman
    if number > words.highest:
        return numbers.cardinal(language, Decimal(number))
    ordinal = numbers.ordinal(language, number)
    return ordinal and words.named.format(ordinal=ordinal.capitalize() if language.code == "de" else ordinal)


RULES: Final = (
    Rule(_names_pattern, _named),
    Rule(_cardinals_pattern, _cardinal),
    Rule(_ordinals_pattern, _ordinal),
    Rule(_before_pattern, _ordinal),
)
