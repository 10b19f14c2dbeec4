"""Times of day."""

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "14:30", "fourteen thirty"),
        ("en", "3:05", "three oh five"),
        ("en", "2:00", "two o'clock"),
        ("en", "14:00", "fourteen hundred"),
        ("en", "00:00", "zero o'clock"),
        ("en", "10:15:30", "ten fifteen thirty seconds"),
        ("de", "14:30", "vierzehn Uhr dreißig"),
        ("de", "1:00 Uhr", "ein Uhr"),
        ("fr", "14:30", "quatorze heures trente"),
        ("es", "14:30 h", "catorce treinta"),
        ("it", "14:30", "quattordici e trenta"),
        ("pt", "1:05", "uma e cinco"),
        ("nl", "14:30", "veertien uur dertig"),
        ("pl", "14:30", "czternasta trzydzieści"),
        ("ru", "14:30", "четырнадцать тридцать"),
    ],
)
def test_with_a_colon(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "3:05 pm", "three oh five p m"),
        ("en", "3 pm", "three p m"),
        ("en", "3pm.", "three p m."),
        ("en", "3 p.m. sharp", "three p m sharp"),
        ("en", "11 AM", "eleven a m"),
        ("en", "12 noon", "twelve noon"),
        ("en", "2.30 p.m.", "two thirty p m."),
        ("es", "3 p. m.", "tres pe eme."),
    ],
)
def test_before_and_after_noon(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("de", "14.30 Uhr", "vierzehn Uhr dreißig"),
        ("de", "9 Uhr", "neun Uhr"),
        ("nl", "14.30 uur", "veertien uur dertig"),
        ("fr", "9 heures", "neuf heures"),
        ("en", "5 o'clock", "five o'clock"),
    ],
)
def test_with_the_word_for_it(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "14h30", "quatorze heures trente"),
        ("fr", "14 h 30", "quatorze heures trente"),
        ("fr", "1h", "une heure"),
        ("pt", "14h30", "catorze e trinta"),
        ("pt", "14h", "catorze em ponto"),
    ],
)
def test_with_a_letter(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "25:00", "twenty-five:zero zero"),
        ("en", "14:75", "fourteen:seventy-five"),
        ("en", "1:2", "one:two"),
        ("es", "2 h", "dos horas"),
        ("sv", "14:30", "fjorton:trettio"),
    ],
)
def test_what_is_no_time(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
