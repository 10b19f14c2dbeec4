"""Numbers by themselves: how they are written decides what they are."""

# ruff: noqa: RUF001 - the rows hold what people write

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "1,234", "one thousand two hundred and thirty-four"),
        ("de", "1.234", "eintausendzweihundertvierunddreißig"),
        ("fr", "1 234", "mille deux cent trente-quatre"),
        ("fr", "1\u202f234", "mille deux cent trente-quatre"),
        ("en", "1\xa0234", "one thousand two hundred and thirty-four"),
        ("pl", "1 234,5", "tysiąc dwieście trzydzieści cztery przecinek pięć"),
        ("es", "1.234,56", "mil doscientos treinta y cuatro coma cincuenta y seis"),
        ("en", "0.05", "zero point zero five"),
        ("de", "0,50", "null Komma fünf null"),
        ("ru", "3,5", "три целых пять десятых"),
        ("de-CH", "1’234", "eintausendzweihundertvierunddreißig"),
        ("sv", "1 234", "etttusen tvåhundratrettiofyra"),
    ],
)
def test_groups_and_decimals_are_those_of_the_language(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "1,23", "one,twenty-three"),
        ("en", "1234,567", "one thousand two hundred and thirty-four,five hundred and sixty-seven"),
        ("en", "7, 8", "seven, eight"),
    ],
)
def test_what_is_no_group_is_several_numbers(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "-5", "minus five"),
        ("en", "−5", "minus five"),
        ("en", "a-5", "a-five"),
        ("en", "(-5)", "(minus five)"),
        ("de", "-1.234,5", "minus eintausendzweihundertvierunddreißig Komma fünf"),
        ("sv", "-7", "minus sju"),
        ("en", "- 5", "- five"),
    ],
)
def test_a_minus_is_no_hyphen(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "1st 2nd 3rd 11th 101st", "first second third eleventh one hundred and first"),
        ("fr", "1er 1re 2e 3ème", "premier première deuxième troisième"),
        ("es", "1º 3er 2ª", "primero tercer segunda"),
        ("it", "3º 1ª", "terzo prima"),
        ("pt", "2º 5ª", "segundo quinta"),
        ("nl", "1e 3de 20ste", "eerste derde twintigste"),
        ("ru", "3-й 2-я 5-го", "третий вторая пятого"),
        ("pl", "5-go", "piątego"),
    ],
)
def test_ordinals(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "am 3. Tag", "am dritten Tag"),
        ("de", "der 3. Tag", "der dritte Tag"),
        ("de", "ein 3. Tag", "ein dritter Tag"),
        ("de", "das 3. Mal", "das dritte Mal"),
        ("de", "2. und 3. Klasse", "zweite und dritte Klasse"),
    ],
)
def test_german_ordinals_have_the_ending_that_is_asked_for(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "Er wurde 3. Danach kam er.", "Er wurde drei. Danach kam er."),
        ("de", "Es waren 12.", "Es waren zwölf."),
        ("en", "We were 12. Then we left.", "We were twelve. Then we left."),
    ],
)
def test_a_full_stop_behind_a_number_ends_the_sentence(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "1066", "one thousand and sixty-six"),
        ("en", "1100", "eleven hundred"),
        ("en", "1905", "nineteen oh five"),
        ("en", "2000", "two thousand"),
        ("en", "2005", "two thousand and five"),
        ("en", "2026", "twenty twenty-six"),
        ("de", "1900", "neunzehnhundert"),
        ("de", "2026", "zweitausendsechsundzwanzig"),
        ("nl", "1984", "negentien honderd vierentachtig"),
        ("fr", "1984", "mille neuf cent quatre-vingt-quatre"),
        ("ru", "в 1984 году", "в тысяча девятьсот восемьдесят четвёртом году"),
        ("pl", "w 1984 roku", "w tysiąc dziewięćset osiemdziesiątego czwartego roku"),
    ],
)
def test_years(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "1990s", "nineteen nineties"),
        ("en", "the 80s", "the eighties"),
        ("en", "1900s", "nineteen hundreds"),
        ("en", "2010s", "twenty tens"),
        ("de", "1920er", "neunzehnhundertzwanziger"),
        ("de", "90er", "neunziger"),
        ("en", "12s", "twelve seconds"),
    ],
)
def test_decades(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "v2.0", "v two point zero"),
        ("en", "2.0.1", "two point zero point one"),
        ("de", "2.0", "zwei Punkt null"),
        (
            "de",
            "192.168.178.1",
            "einhundertzweiundneunzig Punkt einhundertachtundsechzig Punkt einhundertachtundsiebzig Punkt eins",
        ),
        ("en", "10.0.0.1", "ten point zero point zero point one"),
    ],
)
def test_versions_and_addresses(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "a1b2c3", "a1b2c3"),
        ("en", "B2B", "B two B"),
        ("en", "MP3", "MP three"),
        ("en", "COVID-19", "COVID-nineteen"),
        ("en", "A4 3D", "A four three D"),
        ("en", "5-year-old", "five-year-old"),
        ("de", "100-jährig", "einhundert-jährig"),
        ("ja", "2026年11月", "2026年11月"),
    ],
)
def test_letters_and_digits_by_turns_are_left_alone(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "007", "zero zero seven"),
        ("de", "00", "null null"),
        ("en", "0", "zero"),
    ],
)
def test_zeros_in_front_are_heard(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("ar", "٣٤", "أربعة و ثلاثون"),
        ("en", "१२", "twelve"),
        ("fa", "۵", "پنج"),
    ],
)
def test_digits_of_other_scripts(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "1 Tag, 1 Stunde, 1 Million", "ein Tag, eine Stunde, eine Million"),
        ("es", "1 hora, 21 libros", "una hora, veintiún libros"),
        ("fr", "1 heure", "une heure"),
        ("pl", "2 minuty", "dwie minuty"),
        ("ru", "1 минута, 2 минуты", "одна минута, две минуты"),
    ],
)
def test_one_agrees_with_its_noun(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
