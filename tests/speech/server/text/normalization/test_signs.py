"""Signs between words."""

# ruff: noqa: RUF001 - the rows hold what people write

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "you & me", "you and me"),
        ("en", "Q&A", "Q and A"),
        ("en", "AT&T", "AT and T"),
        ("de", "Kind & Kegel", "Kind und Kegel"),
        ("en", "5 + 3 = 8", "five plus three equals eight"),
        ("en", "5+3=8", "five plus three equals eight"),
        ("en", "5 × 3", "five by three"),
        ("en", "± 5", "plus or minus five"),
        ("en", "±5", "plus or minus five"),
        ("en", "a ≠ b", "a is not equal to b"),
        ("en", "(+5)", "(plus five)"),
    ],
)
def test_between_words(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "#5", "number five"),
        ("en", "# 5", "number five"),
        ("en", "§ 5", "section five"),
        ("en", "§§ 5", "sections five"),
        ("en", "~5", "about five"),
        ("de", "§5", "Paragraph fünf"),
        ("de", "~ 5", "ungefähr fünf"),
        ("ru", "№ 5", "номер пять"),
        ("fr", "n° 5", "numéro cinq"),
    ],
)
def test_before_numbers(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "#music", "hashtag music"),
        ("en", "@home", "at home"),
        ("en", "meet @ noon", "meet at noon"),
        ("de", "#Musik", "Hashtag Musik"),
    ],
)
def test_names_of_the_net(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "C++", "C++"),
        ("en", "C#", "C#"),
        ("en", "&amp; more", "&amp; more"),
        ("en", "a&nbsp;b", "a&nbsp;b"),
        ("en", "a == b", "a == b"),
        ("en", "x=>y", "x=>y"),
        ("en", "Disney+", "Disney+"),
        ("en", "##", "##"),
        ("sv", "you & me", "you & me"),
    ],
)
def test_what_is_left_alone(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
