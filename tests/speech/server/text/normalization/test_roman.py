"""Roman numerals, where they are certain."""

# ruff: noqa: RUF001 - the rows hold what people write

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Louis XIV", "Louis the fourteenth"),
        ("en", "Elizabeth II’s", "Elizabeth the second’s"),
        ("en", "Henry I.", "Henry the first."),
        ("de", "Ludwig XIV", "Ludwig der Vierzehnte"),
        ("fr", "Louis XIV", "Louis quatorze"),
        ("fr", "François Ier", "François premier"),
        ("es", "Felipe II", "Felipe segundo"),
        ("es", "Alfonso XIII", "Alfonso trece"),
        ("it", "Luigi XIV", "Luigi quattordicesimo"),
        ("pt", "João VI", "João sexto"),
        ("nl", "Willem III", "Willem de derde"),
        ("pl", "Zygmunt III", "Zygmunt trzeci"),
        ("ru", "Пётр I", "Пётр первый"),
    ],
)
def test_rulers(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Chapter IV", "Chapter four"),
        ("en", "World War II", "World War two"),
        ("de", "Kapitel IX", "Kapitel neun"),
        ("fr", "XXe siècle", "vingtième siècle"),
        ("fr", "Ier arrondissement", "premier arrondissement"),
        ("es", "siglo XXI", "siglo veintiuno"),
        ("it", "XX secolo", "ventesimo secolo"),
        ("it", "secolo XX", "secolo ventesimo"),
        ("pt", "século XX", "século vinte"),
        ("pl", "XX wiek", "dwudziesty wiek"),
        ("ru", "XX век", "двадцатый век"),
    ],
)
def test_chapters_and_centuries(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Henry I think", "Henry I think"),
        ("en", "XIV", "XIV"),
        ("en", "I am", "I am"),
        ("en", "Chapter IIX", "Chapter IIX"),
        ("en", "Louis Vuitton", "Louis Vuitton"),
        ("en", "chapter I wrote", "chapter I wrote"),
        ("fr", "XXe", "XXe"),
        ("en", "Malcolm X", "Malcolm X"),
    ],
)
def test_what_is_left_alone(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
