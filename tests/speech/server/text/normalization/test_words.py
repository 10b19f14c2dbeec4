"""The files of the languages: every entry can be used."""

from __future__ import annotations

import re
from decimal import Decimal
from importlib.resources import files
from itertools import chain

import msgspec
import pytest

from aligner.speech.server.text.normalization import language as languages
from aligner.speech.server.text.normalization import words
from aligner.speech.server.text.normalization.units import SYMBOLS

_FULL = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru")
_FIELDS = {"day", "month", "year", "hour", "minute", "major", "minor", "cents", "ordinal", "cardinal"}


def test_nine_languages_are_whole() -> None:
    assert words.codes() >= set(_FULL)
    for code in _FULL:
        known = words.load(code)
        assert known.numbers.point
        assert known.numbers.range
        assert known.dates.day_first
        assert known.times.full
        assert known.money.full
        assert known.fractions.names.keys() == {str(bottom) for bottom in range(2, 11)}
        assert known.roman.cardinals
        assert known.abbreviations.always
        assert known.symbols.signs["&"]
        assert known.symbols.address["."]
        assert known.symbols.bleep


@pytest.mark.parametrize("code", sorted(words.codes()))
def test_every_file_says_where_it_is_from(code: str) -> None:
    text = (files(words.__package__) / "languages" / f"{code}.toml").read_text("utf-8")
    assert re.match(r"# \w+[.,] ", text)
    assert re.search("Source: |checked against: ", text.split("[")[0])


@pytest.mark.parametrize("code", sorted(words.codes()))
def test_every_regular_expression_compiles_and_every_form_is_known(code: str) -> None:
    known = words.load(code)
    patterns = (
        *chain.from_iterable(known.numbers.forms.values()),
        *known.numbers.polish,
        *((key, "") for key in (*known.ordinals.suffixes, *known.numbers.before, *known.numbers.year_nouns)),
        *(
            (pattern, "")
            for pattern in (known.times.noun, known.roman.suffix, known.dates.year_after, known.numbers.decade)
        ),
    )
    for pattern, instead in patterns:
        assert isinstance(re.sub(pattern, instead, "one two") if instead else re.compile(pattern), str | re.Pattern)
    forms = {"", "masculine", *known.numbers.forms}
    assert {*known.ordinals.suffixes.values(), *known.ordinals.after.values(), known.dates.form} <= forms
    assert {*known.numbers.before.values(), *known.numbers.year_nouns.values(), known.times.hour} <= forms
    assert {known.fractions.gender, known.fractions.whole, known.dates.ordinal_years} <= forms


@pytest.mark.parametrize("code", sorted(words.codes()))
def test_every_template_has_known_fields(code: str) -> None:
    known = words.load(code)
    tables = (known.dates, known.times, known.money, known.roman)
    for table in tables:
        for value in msgspec.structs.asdict(table).values():
            if isinstance(value, str):
                assert set(re.findall(r"\{(\w+)\}", value)) <= _FIELDS


@pytest.mark.parametrize("code", _FULL)
def test_every_unit_and_currency_has_a_name(code: str) -> None:
    language, known = languages.find(code), words.load(code)
    missing = [
        name
        for name in {*SYMBOLS.values(), *known.units.symbols.values()}
        if not languages.unit(language, name, Decimal(5))
    ]
    # Some names of CLDR are those of its root; the engine then reads the symbol.
    assert len(missing) <= 8, missing
    for entry in (*known.money.major.values(), *known.money.minor.values(), *known.units.names.values()):
        assert entry["other"]
    units = {*SYMBOLS.values(), *known.units.symbols.values()} | {
        "duration-week",
        "duration-year-person",
        "duration-day-person",
    }
    assert {*known.units.feminine.split(), *known.units.neuter.split()} <= units | {"pressure-atmosphere"}


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("pt_BR", "pt"), ("DE", "de"), ("cmn", "zh"), ("iw", "he"), ("", ""), ("zh-Latn-pinyin", "zh")],
)
def test_the_base_of_a_tag(tag: str, code: str) -> None:
    assert words.base(tag) == code


def test_a_language_without_a_file_has_no_words() -> None:
    assert words.load("tlh") == words.Words()
    assert words.load("../words") == words.Words()
