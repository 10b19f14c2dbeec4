"""What CLDR says of a language."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from aligner.speech.server.text.normalization import language as languages
from aligner.speech.server.text.normalization import money, units


@pytest.mark.parametrize(
    ("tag", "mark", "inside", "month_first"),
    [
        ("en", ".", ",", True),
        ("en-GB", ".", ",", False),
        ("de", ",", ".", False),
        ("de-CH", ".", "’", False),  # noqa: RUF001 - the Swiss mark
        ("fr", ",", " ", False),
        ("es-MX", ".", ",", False),
        ("tlh", ".", ",", False),
    ],
)
def test_the_marks_inside_numbers(tag: str, mark: str, inside: str, month_first: object) -> None:
    language = languages.find(tag)
    assert language.mark == mark
    assert inside in language.groups
    assert "\u202f" in language.groups
    assert language.month_first is month_first


def test_an_ordinary_blank_groups_only_where_blanks_do() -> None:
    assert " " in languages.find("pl").groups
    assert " " not in languages.find("en").groups


@pytest.mark.parametrize(
    ("tag", "name", "amount", "template"),
    [
        ("en", "length-kilometer", "1", "{} kilometer"),
        ("en", "length-kilometer", "2", "{} kilometers"),
        ("pl", "length-kilometer", "2", "{} kilometry"),
        ("tr", "concentr-percent", "50", "yüzde {}"),
        ("fr", "length-kilometer", "1.5", "{} kilomètre"),
        ("en", "no-such-unit", "1", None),
        ("tlh", "length-kilometer", "1", None),
        ("en", "sound-decibel", "1", "{} decibel"),
    ],
)
def test_units(tag: str, name: str, amount: str, template: str | None) -> None:
    assert languages.unit(languages.find(tag), name, Decimal(amount)) == template


@pytest.mark.parametrize(
    ("tag", "code", "amount", "name"),
    [
        ("en", "USD", "1", "dollar"),
        ("en", "SEK", "2", "Swedish kronor"),
        ("de", "CHF", "2", "Franken"),
        ("ru", "RUB", "2", "рубля"),
        ("en", "XQX", "1", None),
        ("tlh", "USD", "1", None),
    ],
)
def test_currencies(tag: str, code: str, amount: str, name: str | None) -> None:
    assert languages.currency(languages.find(tag), code, Decimal(amount)) == name


def test_everything_japanese_is_in_kana() -> None:
    language = languages.find("ja")
    names = [languages.unit(language, unit, Decimal(5)) for unit in units.SYMBOLS.values()]
    names += [languages.currency(language, code, Decimal(5)) for code in money.CODES]
    known = [name for name in names if name]
    assert len(known) > 110
    assert [name for name in known if not re.fullmatch(r"[\u3040-\u30ff {}]+", name)] == []


def test_months_are_known_by_all_their_names() -> None:
    months = languages.find("ru").months
    assert months["ноября"] == months["ноябрь"] == months["нояб"] == 11
    assert languages.month(languages.find("ru"), 11) == "ноября"
    assert list(months) == sorted(months, key=len, reverse=True)
    assert languages.find("tlh").months == {}


def test_a_language_is_one_object() -> None:
    assert languages.find("de") is languages.find("de")
