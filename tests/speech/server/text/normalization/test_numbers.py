"""How numbers are said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.text.normalization import language as languages
from aligner.speech.server.text.normalization import numbers

_LIBRARY = """
ar az be bn ca cs cy da de en eo es fa fi fr he hu id is it ja kk kn ko lt lv nb nl pl pt ro ru sk sl sr sv te tg th tr
uk vi
"""


@pytest.mark.parametrize("code", _LIBRARY.split())
def test_small_numbers_are_all_different(code: str) -> None:
    language = languages.find(code)
    said = [numbers.cardinal(language, Decimal(number)) for number in range(200)]
    assert None not in said
    assert len(set(said)) == 200


@pytest.mark.parametrize("code", _LIBRARY.split())
def test_decimals_and_signs_are_never_lost(code: str) -> None:
    language = languages.find(code)
    amounts = [Decimal(one) for one in ("3", "3.5", "3.05", "-3", "5")]
    said = [numbers.cardinal(language, amount) for amount in amounts]
    known = [one for one in said if one]
    assert len(set(known)) == len(known) >= 4


@given(st.integers(0, 10**15 - 1), st.sampled_from(["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru"]))
@settings(max_examples=200, deadline=None)
def test_a_cardinal_is_words(number: int, code: str) -> None:
    said = numbers.cardinal(languages.find(code), Decimal(number))
    assert said
    assert all(character.isalpha() or character in " -" for character in said)


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        ("en", "1000001", "one million and one"),
        ("en", "-0.5", "minus zero point five"),
        ("de", "-1.50", "minus eins Komma fünf null"),
        ("es", "2.25", "dos coma veinticinco"),
        ("es", "2.05", "dos coma cero cinco"),
        ("es", "2.255", "dos coma dos cinco cinco"),
        ("sv", "-7", "minus sju"),
        ("tr", "3.5", "üç virgül beş"),
        ("en", "1234567890123456", "one two three four five six seven eight nine zero one two three four five six"),
    ],
)
def test_cardinals(code: str, number: str, said: str) -> None:
    assert numbers.cardinal(languages.find(code), Decimal(number)) == said


@pytest.mark.parametrize(
    ("code", "number", "form", "said"),
    [
        ("en", 21, "", "twenty-first"),
        ("de", 3, "n", "dritten"),
        ("de", 3, "r", "dritter"),
        ("pl", 23, "g", "dwudziestego trzeciego"),
        ("ru", 3, "g", "третьего"),
        ("fr", 1, "f", "première"),
        ("es", 21, "a", "vigésima primera"),
        ("en", 0, "", None),
        ("en", 10**15, "", None),
        ("cs", 3, "", None),
    ],
)
def test_ordinals(code: str, number: int, form: str, said: str | None) -> None:
    assert numbers.ordinal(languages.find(code), number, form) == said


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        ("en", 1984, "nineteen eighty-four"),
        ("en", 1066, "one thousand and sixty-six"),
        ("de", 1905, "neunzehnhundertfünf"),
    ],
)
def test_years(code: str, number: int, said: str) -> None:
    assert numbers.year(languages.find(code), number) == said


def test_groups_of_digits_have_a_pause_between_them() -> None:
    assert numbers.groups(languages.find("en"), "(01) 23-4") == "zero one, two three, four"
    assert numbers.groups(languages.find("en"), "none") is None


@pytest.mark.parametrize("code", ["zh", "tlh", "ce", "tet", "hi"])
def test_a_language_without_words_says_nothing(code: str) -> None:
    language = languages.find(code)
    assert not numbers.known(language)
    assert numbers.cardinal(language, Decimal(5)) is None
    assert numbers.cardinal(language, Decimal("-5.5")) is None
    assert numbers.ordinal(language, 5) is None
    assert numbers.year(language, 1984) is None
    assert numbers.digits(language, "12") is None
    assert numbers.groups(language, "1 2") is None


def test_the_forms_of_the_region_are_used() -> None:
    assert numbers.cardinal(languages.find("fr-BE"), Decimal(90)) == "nonante"
    assert numbers.cardinal(languages.find("fr"), Decimal(90)) == "quatre-vingt-dix"
