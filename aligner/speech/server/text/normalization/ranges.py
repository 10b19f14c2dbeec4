"""Two numbers that belong together: 10-20 km, 1990–95, 3 x 4."""  # noqa: RUF002 - the dash is what it is about

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import money, numbers, units
from aligner.speech.server.text.normalization.numerals import plain
from aligner.speech.server.text.normalization.rule import APART, BLANK, DASH, Rule, unsigned, value

if TYPE_CHECKING:
    import re
    from decimal import Decimal

    from aligner.speech.server.text.normalization.language import Language

_FRONT: Final = r"(?<![\w.,:/\-−–])"  # noqa: RUF001 - the minus and the dash
_ENDS: Final = rf"(?!\w|[.,:/]\d|{DASH}\d)"
_YEAR: Final = 4
_SHORT: Final = 2


def _pattern(language: Language) -> str:
    if not language.words.numbers.range:
        return ""
    currency, number = money.currencies(), unsigned(language)
    return (
        rf"{_FRONT}(?:(?P<front>{currency}){APART})?(?P<low>{number})"
        rf"(?:{APART}(?P<same>{units.symbols(language)}))?(?:{DASH}|{BLANK}{DASH}{BLANK})(?:{currency})?(?P<high>{number})"
        rf"(?:{APART}(?:(?P<unit>{units.symbols(language)})|(?P<behind>{currency})))?{_ENDS}"
    )


def _say(match: re.Match[str], language: Language) -> str | None:
    low, high = value(match["low"], language), value(match["high"], language)
    if low is None or high is None:
        return None
    years = len(match["low"]) == _YEAR and len(match["high"]) == _SHORT and match["low"][_SHORT:] < match["high"]
    # From more to less is a score, a subtraction, a number of a law: not a range.
    if (low >= high and not years) or (match["same"] and match["same"] != match["unit"]):
        return None
    first, second = _end(match["low"], low, language), _amount(match, high, language)
    return f"{first} {language.words.numbers.range} {second}" if first and second else None


def _amount(match: re.Match[str], high: Decimal, language: Language) -> str | None:
    if match["unit"]:
        return units.measure(language, high, match["unit"])
    if currency := match["behind"] or match["front"]:
        return money.amount(language, high, money.code(language, currency))
    return _end(match["high"], high, language)


def _end(written: str, number: Decimal, language: Language) -> str | None:
    first, last = language.words.numbers.years
    if len(written) == _YEAR and written.isdecimal() and first <= number <= last:
        return numbers.year(language, int(number))
    return plain(written, language)


def _area_pattern(language: Language) -> str:
    number = unsigned(language)
    area = rf"{_FRONT}(?P<low>{number}){APART}[x×]{APART}(?P<high>{number})(?!\w|[.,]\d|{APART}=)"  # noqa: RUF001 - both are written
    return area if language.words.numbers.by else ""


def _area(match: re.Match[str], language: Language) -> str | None:
    low, high = plain(match["low"], language), plain(match["high"], language)
    return f"{low} {language.words.numbers.by} {high}" if low and high else None


RULES: Final = (Rule(_pattern, _say), Rule(_area_pattern, _area))
