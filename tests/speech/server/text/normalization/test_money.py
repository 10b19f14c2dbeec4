"""Amounts of money."""

# ruff: noqa: RUF001 - the rows hold what people write

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "$3", "three dollars"),
        ("en", "$ 3", "three dollars"),
        ("en", "3 $", "three dollars"),
        ("en", "USD 20", "twenty dollars"),
        ("en", "20 EUR", "twenty euros"),
        ("en", "US$5", "five dollars"),
        ("pl", "5 zł", "pięć złotych"),
        ("ru", "5 ₽", "пять рублей"),
        ("pt", "R$ 3", "três reais"),
        ("zh", "¥ 5", "5 人民币"),
        ("ja", "¥5", "ご えん"),
        ("en", "₹5", "five rupees"),
        ("en", "$-5", "minus five dollars"),
        ("en", "-$5", "minus five dollars"),
        ("de", "€ −5,50", "minus fünf Euro fünfzig"),
    ],
)
def test_signs_and_codes_on_either_side(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "$3.50", "three dollars and fifty cents"),
        ("en", "$0.01", "one cent"),
        ("en", "$0.50", "fifty cents"),
        ("en", "£1.01", "one pound and one penny"),
        ("en", "€3,50", "three euros and fifty cents"),
        ("de", "3,50 €", "drei Euro fünfzig"),
        ("de", "$3.50", "drei Dollar fünfzig"),
        ("fr", "3,50 €", "trois euros cinquante"),
        ("es", "3,50 €", "tres euros con cincuenta céntimos"),
        ("it", "3,50 €", "tre euro e cinquanta"),
        ("pt", "R$ 3,50", "três reais e cinquenta centavos"),
        ("nl", "€ 3,50", "drie euro vijftig"),
        ("pl", "3,50 zł", "trzy złote pięćdziesiąt groszy"),
        ("ru", "3,50 ₽", "три рубля пятьдесят копеек"),
        ("sv", "3,50 €", "tre komma fem euro"),
        ("en", "$3.00", "three dollars"),
        ("en", "$3.5", "three point five dollars"),
        ("en", "¥3.50", "three point five zero yen"),
    ],
)
def test_hundredths(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "£2m", "two million pounds"),
        ("en", "$3.5 billion", "three point five billion dollars"),
        ("en", "€5k", "five thousand euros"),
        ("de", "2 Mio. €", "zwei Millionen Euro"),
        ("de", "1 Mio. €", "eine Million Euro"),
        ("fr", "2 M€", "deux millions d’euros"),
        ("fr", "3 milliards $", "trois milliards de dollars"),
        ("es", "2 millones €", "dos millones de euros"),
        ("it", "2 mln €", "due milioni di euro"),
        ("pl", "2 mln zł", "dwa miliony złotych"),
        ("pl", "5 tys.", "pięć tysięcy"),
        ("ru", "2 млн ₽", "два миллиона рублей"),
        ("de", "2 Mio. Menschen", "zwei Millionen Menschen"),
    ],
)
def test_magnitudes(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "-$5", "minus five dollars"),
        ("de", "-5 €", "minus fünf Euro"),
        ("en", "−£2m", "minus two million pounds"),
        ("de", "-2 Mio.", "minus zwei Millionen"),
    ],
)
def test_negative_amounts(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("es", "1 £", "una libra"),
        ("es", "21 $", "veintiún dólares"),
        ("pl", "2 zł", "dwa złote"),
        ("pl", "1,5 zł", "jeden przecinek pięć złotego"),
        ("ru", "1 ₽, 2 ₽, 5 ₽, 21 ₽", "один рубль, два рубля, пять рублей, двадцать один рубль"),
        ("ru", "0,02 ₽", "две копейки"),
        ("de", "1 €", "ein Euro"),
        ("fr", "1 £", "une livre"),
        ("it", "1 €", "un euro"),
    ],
)
def test_agreement(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "USD", "USD"),
        ("en", "$", "$"),
        ("en", "$x", "$x"),
        ("en", "5 USDA", "five USDA"),
        (
            "en",
            "$11111111111111111111",
            "$one one one one one one one one one one one one one one one one one one one one",
        ),
    ],
)
def test_what_is_no_amount(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
