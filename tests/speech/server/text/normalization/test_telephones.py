"""Telephone numbers."""

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "+49 30 123456", "plus four nine, three zero, one two three four five six"),
        ("en", "+1 (555) 123-4567", "plus one, five five five, one two three, four five six seven"),
        ("de", "+49-30-123456", "plus vier neun, drei null, eins zwei drei vier fünf sechs"),
        ("fr", "+33 1 23 45 67 89", "plus trois trois, un, deux trois, quatre cinq, six sept, huit neuf"),
        ("ja", "+81 3 1234 5678", "はち いち, さん, いち に さん よん, ご ろく なな はち"),
    ],
)
def test_numbers_with_a_country(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "(555) 123-4567", "five five five, one two three, four five six seven"),
        ("en", "555-123-4567", "five five five, one two three, four five six seven"),
        ("en", "555.123.4567", "five five five, one two three, four five six seven"),
        ("de", "030 123456", "null drei null, eins zwei drei vier fünf sechs"),
        ("de", "030/123456", "null drei null, eins zwei drei vier fünf sechs"),
        ("de", "0171-1234567", "null eins sieben eins, eins zwei drei vier fünf sechs sieben"),
        ("fr", "01 23 45 67 89", "zéro un, deux trois, quatre cinq, six sept, huit neuf"),
    ],
)
def test_national_numbers(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "+5", "plus five"),
        ("en", "+1 2 3", "plus one two three"),
        (
            "en",
            "555-1234567890123456",
            "five hundred and fifty-five-one two three four five six seven eight nine zero one two three four five six",
        ),
        ("en", "555-555", "five hundred and fifty-five-five hundred and fifty-five"),
    ],
)
def test_what_is_none(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
