"""What a language says for things that are written otherwise, read from ``languages/*.toml``. Data, and no rules.

The names of months, units and currencies are not here, CLDR has them (`language`); nor are the words of numbers
(`numbers`).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, TypeAlias

import msgspec

Changes: TypeAlias = tuple[tuple[str, str], ...]
"""Regular expressions with what takes their place, applied in turn: an ending for another gender or case."""

_OLD_CODES: Final = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro", "cmn": "zh"}
"""Codes that BCP 47 has replaced, and the one that the voices use for Mandarin."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a language file; a misspelt key is refused."""


class Numbers(_Table, frozen=True):
    """Numbers, and what stands between them."""

    point: str = ""
    dot: str = ""
    """Between the numbers of a version, where that is another word than ``point``."""
    decimals: str = ""
    """After the point: ``digits`` one by one, or a ``number`` where it has at most two; else the library's way."""
    minus: str = ""
    range: str = ""
    by: str = ""
    """Between the sides of an area."""
    years: tuple[int, int] = (0, -1)
    """Four digits from the one to the other are read as a year."""
    year_nouns: dict[str, str] = {}
    """Words after a number that make it a year, as regular expressions, with the form of its ordinal."""
    decade: str = ""
    """What makes a year a decade, as a regular expression."""
    magnitudes: dict[str, str] = {}
    """After an amount of money."""
    before: dict[str, str] = {}
    """Words directly behind a cardinal, as regular expressions, with the form they ask for."""
    forms: dict[str, Changes] = {}
    """How a cardinal (``masculine``, ``feminine``, ``neuter``) or an ordinal (any other name) becomes a form."""
    polish: Changes = ()
    """Applied to all that is said."""


class Ordinals(_Table, frozen=True):
    """Ordinals."""

    suffixes: dict[str, str] = {}
    """What makes a number an ordinal, as regular expressions, with the form."""
    dot: bool = False
    """A full stop makes a number an ordinal where the sentence plainly goes on."""
    after: dict[str, str] = {}
    """Words before an ordinal, with the form they ask for."""
    nouns: str = ""
    """Words that a number with a dot before them counts."""
    form: str = ""
    """Where nothing asks for one."""


class Dates(_Table, frozen=True):
    """Dates: templates of ``{day}``, ``{month}``, ``{year}``."""

    day_first: str = ""
    day_month: str = ""
    month_first: str = ""
    month_day: str = ""
    year_after: str = ""
    """What may stand after the year and is part of the template."""
    ordinal: bool = True
    """Days are ordinals."""
    first: str = ""
    """The first of a month, where it is another word."""
    form: str = ""
    """Of the day, where no word before it asks for another."""
    ordinal_years: str = ""
    """The form of the year, where it is an ordinal."""


class Times(_Table, frozen=True):
    """Times of day: templates of ``{hour}`` and ``{minute}``."""

    full: str = ""
    sharp: str = ""
    late: str = ""
    """``sharp`` after twelve, where it differs."""
    oh: str = ""
    """Before a minute below ten."""
    noun: str = ""
    """What may stand after the time and is part of the template, as a regular expression."""
    letter: str = ""
    """Between hours and minutes, besides the colon."""
    hour: str = ""
    """The form of the hour; ``ordinal`` of one where ``ordinal`` is set."""
    minute: str = ""
    ordinal: bool = False
    am: str = ""
    pm: str = ""


class Money(_Table, frozen=True):
    """Money."""

    full: str = ""
    """A template of ``{major}``, ``{minor}`` (with its name) and ``{cents}`` (without)."""
    major: dict[str, dict[str, str]] = {}
    """Names shorter than those of CLDR, by ISO 4217 code and plural form."""
    minor: dict[str, dict[str, str]] = {}
    feminine: str = ""
    """Codes; with ``minor`` behind one, its hundredth."""
    neuter: str = ""


class Units(_Table, frozen=True):
    """Units of measurement, beside those that all languages write alike."""

    symbols: dict[str, str] = {}
    """What is written, with the unit of CLDR."""
    names: dict[str, dict[str, str]] = {}
    """Where CLDR has none that can be said, by unit and plural form; behind the number, or around it (``{}``)."""
    feminine: str = ""
    neuter: str = ""


class Fractions(_Table, frozen=True):
    """Fractions below one."""

    names: dict[str, tuple[str, ...]] = {}
    """Of each denominator: with one of it and with more; in Slavic languages from five on there is a third."""
    gender: str = ""
    half: str = ""
    """A half by itself."""
    and_half: str = ""
    """Behind a whole number."""
    whole: str = ""
    """The form of the whole number."""
    mixed: str = ""
    """Between a whole number and any other fraction."""


class Roman(_Table, frozen=True):
    """Roman numerals; anything else that looks like one is left alone."""

    cardinals: str = ""
    """Words after which a cardinal is said."""
    ordinals: str = ""
    """The same with an ordinal."""
    before: str = ""
    """Words before which an ordinal is said."""
    suffix: str = ""
    """What may stand directly behind the numeral then, as a regular expression."""
    form: str = ""
    names: str = ""
    """Of rulers."""
    named: str = "{ordinal}"
    """A template of ``{ordinal}`` and ``{cardinal}``; the form is ``form``."""
    highest: int = 3999
    """The last ruler with an ordinal."""


class Abbreviations(_Table, frozen=True):
    """Abbreviations with what is said for them; a full stop at their end is part of them."""

    always: dict[str, str] = {}
    before_name: dict[str, str] = {}
    before_number: dict[str, str] = {}
    after_name: dict[str, str] = {}
    final: str = ""
    """Those that often end a sentence: before a capital, their full stop is the sentence's."""


class Symbols(_Table, frozen=True):
    """Signs between words."""

    signs: dict[str, str] = {}
    """Said wherever they stand as a word or between words."""
    before_number: dict[str, str] = {}
    hashtag: str = ""
    address: dict[str, str] = {}
    """Inside an e-mail address or a URL."""
    bleep: str = ""


class Words(_Table, frozen=True):
    """One language."""

    source: str = ""
    numbers: Numbers = Numbers()
    ordinals: Ordinals = Ordinals()
    dates: Dates = Dates()
    times: Times = Times()
    money: Money = Money()
    units: Units = Units()
    fractions: Fractions = Fractions()
    roman: Roman = Roman()
    abbreviations: Abbreviations = Abbreviations()
    symbols: Symbols = Symbols()


# Two threads that make a type known to msgspec at the same moment crash the process (seen with 0.22): it is known here.
msgspec.json.Decoder(Words)


@cache
def codes() -> frozenset[str]:
    """The languages that have a file."""
    folder = files(__package__) / "languages"
    return frozenset(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


def base(tag: str) -> str:
    """The language of a BCP 47 tag without region or script, in small letters."""
    first = tag.replace("_", "-").partition("-")[0].lower()
    return _OLD_CODES.get(first, first)


@cache
def load(code: str) -> Words:
    """The words of a language (`base` of its tag); none for one that has no file."""
    if code not in codes():
        return Words()
    file = files(__package__) / "languages" / f"{code}.toml"
    return msgspec.toml.decode(file.read_text("utf-8"), type=Words)
