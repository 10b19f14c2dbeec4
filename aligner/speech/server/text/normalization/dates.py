"""Dates: in figures, of any order, and with the month's name. What they become is a template of the language."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from aligner.speech.server.text.normalization import language as languages
from aligner.speech.server.text.normalization import numbers
from aligner.speech.server.text.normalization.rule import ALONE, Rule, before, keyed

if TYPE_CHECKING:
    from aligner.speech.server.text.normalization.language import Language

_MONTHS: Final = 12
_LONGEST_MONTH: Final = 31
_ENDS: Final = r"(?![\w]|[./:\-]\d)"
_CAPITAL: Final = r"(?=[^\W\d_])(?![a-zà-ÿ])"
_DOT: Final = r"(?:(?<!\w{6})\.)?"
"""Of an abbreviation; behind a whole name it ends the sentence."""
_CENTURY: Final = 70
"""A year of two digits from here on is of the last century, as POSIX has it with 69."""


class Date(NamedTuple):
    """A date or what is known of it."""

    day: int | None
    month: int | None
    year: int | None


def say(date: Date, language: Language, previous: str = "", *, month_first: bool | None = None) -> str | None:
    """A date in words; ``None`` where there is no such day or the language has no words for dates.

    ``previous`` is the word before it, which may ask for an ending.
    """
    words = language.words.dates
    if not words.day_first or not _valid(date):
        return None
    named = words.month_first and (language.month_first if month_first is None else month_first)
    if date.day is None:
        template = "{month} {year}"
    elif date.year is None:
        template = words.month_day if named else words.day_month
    else:
        template = words.month_first if named else words.day_first
    parts = {
        "day": "" if date.day is None else _day(date.day, language, previous),
        "month": "" if date.month is None else languages.month(language, date.month),
        "year": "" if date.year is None else year(date.year, language),
    }
    if None in parts.values():
        return None
    said = template.format(**parts).strip()
    first, _, rest = said.partition(" ")
    return rest if rest and first.lower() == previous.lower() else said


def year(number: int, language: Language) -> str | None:
    """A year as part of a date."""
    form = language.words.dates.ordinal_years
    return numbers.ordinal(language, number, form) if form else numbers.year(language, number)


def _valid(date: Date) -> bool:
    return (
        (date.day is None or (0 < date.day <= _LONGEST_MONTH and date.month is not None))
        and (date.month is None or 0 < date.month <= _MONTHS)
        and date != Date(None, None, None)
    )


def _day(day: int, language: Language, previous: str) -> str | None:
    words = language.words.dates
    if day == 1 and words.first:
        return words.first
    if not words.ordinal:
        return numbers.cardinal(language, Decimal(day))
    return numbers.ordinal(language, day, language.words.ordinals.after.get(previous.lower(), words.form))


def _tail(language: Language) -> str:
    after = language.words.dates.year_after
    return rf"(?:[ \u00a0](?:{after})(?!\w))?" if after else ""


def _when(pattern: str, language: Language) -> str:
    return pattern if language.words.dates.day_first else ""


def _iso_pattern(language: Language) -> str:
    return _when(rf"{ALONE}(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d){_ENDS}", language)


def _figures_pattern(language: Language) -> str:
    year_pattern = rf"(?P<year>\d{{4}}|\d\d){_tail(language)}"
    same = rf"{ALONE}(?P<one>\d\d?)(?P<mark>[./-])[ \u00a0]?(?P<two>\d\d?)(?P=mark)[ \u00a0]?{year_pattern}{_ENDS}"
    return _when(same, language)


def _short_pattern(language: Language) -> str:
    """21.11. without a year, where a number with a dot is an ordinal."""
    short = rf"{ALONE}(?P<day>\d\d?)\.[ \u00a0]?(?P<month>\d\d?)\.(?![\w]|[ \u00a0]?\d)"
    return _when(short, language) if language.words.ordinals.dot else ""


def _month(language: Language) -> str:
    names = "|".join(re.escape(name) for name in language.months)
    capital = languages.month(language, 1)[0].isupper()
    # In English a small "may" or "march" is a verb.
    return rf"{_CAPITAL if capital else ''}(?P<month>(?i:{names}))(?!\w)"


def _day_first_pattern(language: Language) -> str:
    if not language.months or not language.words.dates.day_first:
        return ""
    suffix = keyed(language.words.ordinals.suffixes) or "(?!)"
    link = r"(?:of[ \u00a0]|de[ \u00a0]|d['’])?"  # noqa: RUF001 - the apostrophe
    year_pattern = rf"(?:{_DOT},?[ \u00a0](?:del?[ \u00a0])?(?P<year>\d{{4}})(?![\w]|[.,]\d){_tail(language)})?"
    return rf"{ALONE}(?P<day>\d\d?)(?:\.|{suffix})?[ \u00a0]{link}{_month(language)}{year_pattern}"


def _month_first_pattern(language: Language) -> str:
    if not language.months or not language.words.dates.month_first:
        return ""
    suffix = keyed(language.words.ordinals.suffixes)
    return (
        rf"(?<!\w){_month(language)}{_DOT}[ \u00a0](?P<day>\d\d?)(?:{suffix})?(?![\w]|[.,:/\-]\d)"
        r"(?:,?[ \u00a0](?P<year>\d{4})(?![\w]|[.,]\d))?"
    )


def _iso(match: re.Match[str], language: Language) -> str | None:
    return say(Date(int(match["day"]), int(match["month"]), int(match["year"])), language, before(match))


def _figures(match: re.Match[str], language: Language) -> str | None:
    one, two, number = int(match["one"]), int(match["two"]), int(match["year"])
    if len(match["year"]) == 2:  # noqa: PLR2004 - the century is left out
        number += 1900 if number >= _CENTURY else 2000
    # The dot is a European mark: the day is first even in English.
    month_first = match["mark"] != "." and (two > _MONTHS or (language.month_first and one <= _MONTHS))
    day, month = (two, one) if month_first else (one, two)
    return say(Date(day, month, number), language, before(match))


def _short(match: re.Match[str], language: Language) -> str | None:
    return say(Date(int(match["day"]), int(match["month"]), None), language, before(match))


def _named(match: re.Match[str], language: Language) -> str | None:
    month = language.months[match["month"].lower()]
    written = match["year"]
    date = Date(int(match["day"]), month, int(written) if written else None)
    return say(date, language, before(match), month_first=match.start("month") < match.start("day"))


RULES: Final = (
    Rule(_iso_pattern, _iso),
    Rule(_figures_pattern, _figures),
    Rule(_day_first_pattern, _named),
    Rule(_month_first_pattern, _named),
    Rule(_short_pattern, _short),
)
