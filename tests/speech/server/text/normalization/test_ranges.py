"""Ranges and areas."""

# ruff: noqa: RUF001 - the rows hold what people write

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "10-20", "ten to twenty"),
        ("en", "10–20", "ten to twenty"),
        ("en", "10 – 20", "ten to twenty"),
        ("en", "10-20 km", "ten to twenty kilometers"),
        ("en", "10 km–20 km", "ten to twenty kilometers"),
        ("en", "$10-20", "ten to twenty dollars"),
        ("en", "$10-$20", "ten to twenty dollars"),
        ("de", "10-20 €", "zehn bis zwanzig Euro"),
        ("en", "5%-10%", "five to ten percent"),
        ("de", "10–20 Std.", "zehn bis zwanzig Stunden"),
        ("fr", "10-20", "dix à vingt"),
        ("pl", "10-20 km", "dziesięć – dwadzieścia kilometrów"),
        ("en", "1.5–2.5", "one point five to two point five"),
        ("en", "1990–2000", "nineteen ninety to two thousand"),
        ("en", "1990–95", "nineteen ninety to ninety-five"),
    ],
)
def test_ranges(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "20-10", "twenty-ten"),
        ("en", "1-2-3", "one-two-three"),
        ("en", "10 -5", "ten minus five"),
        ("en", "10 km–20 mi", "ten kilometers–twenty miles"),
        ("sv", "10-20", "tio-tjugo"),
        ("en", "a10-20", "a ten-twenty"),
        ("en", "10-20x", "ten-twenty x"),
    ],
)
def test_what_is_no_range(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "3 x 4", "three by four"),
        ("en", "3x4", "three by four"),
        ("de", "3 × 4", "drei mal vier"),
        ("en", "3x", "three x"),
        ("sv", "3 x 4", "tre x fyra"),
    ],
)
def test_areas(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
