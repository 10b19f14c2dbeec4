"""Measurements."""

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "5 km", "five kilometers"),
        ("en", "5km", "five kilometers"),
        ("en", "1 km", "one kilometer"),
        ("en-GB", "5 km", "five kilometres"),
        ("en", "20 °C", "twenty degrees Celsius"),
        ("en", "20° C", "twenty degrees Celsius"),
        ("en", "90°", "ninety degrees"),
        ("en", "3.5 GB", "three point five gigabytes"),
        ("en", "60 km/h", "sixty kilometers per hour"),
        ("en", "5 m²", "five square meters"),
        ("en", "5 m2", "five square meters"),
        ("en", "50%", "fifty percent"),
        ("en", "50 %", "fifty percent"),
        ("en", "5 ‰", "five per mille"),
        ("en", "3 dB", "three decibels"),
        ("en", "6 ft", "six feet"),
        ("en", "10 lbs", "ten pounds"),
        ("en", "5 kWh", "five kilowatt hours"),
        ("en", "-5 °C", "minus five degrees Celsius"),
        ("en", "5 h 3 min", "five hours three minutes"),
    ],
)
def test_units_of_the_system(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "5 Std.", "fünf Stunden"),
        ("fr", "5 Go", "cinq gigaoctets"),
        ("ru", "5 км/ч", "пять километров в час"),
        ("ru", "3 кг", "три килограмма"),
        ("en", "5 mins", "five minutes"),
        ("pl", "5 sek.", "pięć sekund"),
        ("zh", "5 km, 10 h", "5公里, 10小时"),
        ("ko", "5 km, 5 dB", "오킬로미터, 오 dB"),
        ("ar", "50٪", "خمسون بالمائة"),
        ("en", "5㎏", "five kilograms"),
        ("ja", "20 °C, 5 m²", "せっし にじゅう ど, ご へいほう メートル"),
    ],
)
def test_units_of_the_language(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "1 h", "eine Stunde"),
        ("de", "2 h", "zwei Stunden"),
        (
            "pl",
            "1 km, 2 km, 5 km, 1,5 km",
            "jeden kilometr, dwa kilometry, pięć kilometrów, jeden przecinek pięć kilometra",
        ),
        ("ru", "1 мин, 2 мин, 5 мин", "одна минута, две минуты, пять минут"),
        ("fr", "1,5 km", "un virgule cinq kilomètre"),
        ("fr", "1 h", "une heure"),
        ("es", "1 h", "una hora"),
        ("it", "1 t", "una tonnellata metrica"),
        ("pt", "2 h", "duas horas"),
        ("pl", "2 min", "dwie minuty"),
    ],
)
def test_plurals_and_genders(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("sv", "5 km", "fem kilometer"),
        ("tr", "50%", "yüzde elli"),
        ("ar", "5 kg", "خمسة كيلوغرام"),
        ("hi", "5 km", "5 किलोमीटर"),
        ("zh", "20 °C", "20摄氏度"),
        ("zh", "1.5 °C", "1.5摄氏度"),
        ("tlh", "5 km", "5 km"),
    ],
)
def test_other_languages_as_far_as_they_go(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "5 in a row", "five in a row"),
        ("en", "5 kmx", "five kmx"),
        ("en", "5 a", "five a"),
        ("en", "km", "km"),
        ("en", "5 m/x", "five m/x"),
        (
            "en",
            "11111111111111111111 km",
            "one one one one one one one one one one one one one one one one one one one one km",
        ),
    ],
)
def test_what_is_no_unit(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
