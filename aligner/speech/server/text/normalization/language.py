"""A language as normalisation knows it: its words, the marks inside its numbers, what CLDR calls months and units.

Everything of Babel is asked here and nowhere else, by its public functions, and remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from aligner.speech.server.text.normalization import words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from babel import Locale

_LANGUAGES: Final = 64
"""Tags that are kept: a client may send any."""

_SHORTEST_MONTH: Final = 3
"""Letters; what is shorter, as in Chinese, is a number and no name."""

_CLOSED: Final = frozenset("\u00a0\u2009\u202f")
"""Blanks that hold a number together; they group its digits in any language."""


@dataclass(frozen=True, eq=False, slots=True)
class Language:
    """One language; as it is the same object for the same tag, it can be a key."""

    tag: str
    """BCP 47 as it was asked for, with underscores."""
    code: str
    words: words.Words
    locale: Locale | None
    """What CLDR knows; ``None`` where it does not know the language."""
    groups: str
    """The characters that may stand between groups of three digits, for a character class."""
    mark: str
    """Between a number and its decimals."""
    month_first: bool
    """11/10/2026 is in November."""
    months: Mapping[str, int]
    """What is written for a month, in small letters, without a full stop; the longest first."""


@lru_cache(maxsize=_LANGUAGES)
def find(tag: str) -> Language:
    """The language of a BCP 47 tag; one that nobody knows has no words and the marks of English."""
    code = words.base(tag)
    locale = _locale(tag, code)
    group, mark = _marks(locale)
    groups = _CLOSED | ({" "} if group in _CLOSED else {group}) | ({"’", "'"} if group == "’" else set())  # noqa: RUF001
    return Language(
        tag.replace("-", "_"),
        code,
        words.load(code),
        locale,
        "".join(sorted(groups)),
        mark,
        locale is not None and locale.date_formats["short"].pattern.startswith("M"),
        _months(locale),
    )


@lru_cache(maxsize=1024)
def month(language: Language, number: int) -> str:
    """A month's name as it stands in a date."""
    assert language.locale is not None, "dates are read in languages that CLDR knows"  # noqa: S101 - whoever asks has a template
    return str(language.locale.months["format"]["wide"][number])


@lru_cache(maxsize=4096)
def plural(language: Language, value: Decimal) -> str:
    """The plural form of CLDR for a number: ``one``, ``few``, ``many``, ``other`` and so on."""
    return language.locale.plural_form(value.copy_abs()) if language.locale else "other"


@lru_cache(maxsize=4096)
def unit(language: Language, name: str, value: Decimal) -> str | None:
    """A unit's template of ``{}`` for a number, such as ``{} kilometres``; ``None`` where it has no name."""
    own = language.words.units.names.get(name)
    if own:
        told = own.get(plural(language, value), own["other"])
        return told if "{}" in told else f"{{}} {told}"
    if language.locale is None:
        return None
    long = _template(language.locale, name, value, "long")
    # Chinese writes many units the same at any length, and then CLDR has them as short only; "dB" is no word.
    short = None if long else _template(language.locale, name, value, "short")
    return long or (None if short is None or re.search(r"[!-z]", short.replace("{}", "")) else short)


@lru_cache(maxsize=4096)
def currency(language: Language, code: str, value: Decimal) -> str | None:
    """A currency's name beside a number; ``None`` where it is not known."""
    own = language.words.money.major.get(code)
    if own:
        return own.get(plural(language, value), own["other"])
    if language.locale is None:
        return None
    from babel.numbers import get_currency_name  # noqa: PLC0415 - 30 ms; not needed for plain prose

    name = get_currency_name(code, count=value, locale=language.locale)
    return None if name == code else name


def _template(locale: Locale, name: str, value: Decimal, length: Literal["short", "long"]) -> str | None:
    from babel.numbers import format_decimal  # noqa: PLC0415 - 30 ms; not needed for plain prose
    from babel.units import UnknownUnitError, format_unit  # noqa: PLC0415 - the same

    # The template itself is not public: the number is formatted and taken out again.
    try:
        written = format_unit(value, name, length=length, locale=locale)
    except (UnknownUnitError, KeyError):
        return None
    template = re.sub(r"\s", " ", written.replace(format_decimal(value, locale=locale), "{}"))
    # A language without a name for the unit gets its key.
    return template if template.count("{}") == 1 and name not in template else None


def _locale(tag: str, code: str) -> Locale | None:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - 30 ms; not needed for plain prose

    for candidate in (tag.replace("-", "_"), code):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return None


def _marks(locale: Locale | None) -> tuple[str, str]:
    symbols = locale.number_symbols if locale else {}
    latin = symbols.get("latn", {})
    return str(latin.get("group", ",")), str(latin.get("decimal", "."))


def _months(locale: Locale | None) -> dict[str, int]:
    if locale is None:
        return {}
    names = {
        re.sub(r"\.$", "", name).lower(): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in locale.months[context][width].items()
    }
    return {name: names[name] for name in sorted(names, key=len, reverse=True) if len(name) >= _SHORTEST_MONTH}
