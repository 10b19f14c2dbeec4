"""E-mail addresses and URLs."""

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "jo@example.com", "jo at example dot com"),
        ("en", "jo.do-it_2@mail.example.com.", "jo dot do dash it underscore two at mail dot example dot com."),
        ("de", "jo@beispiel.de", "jo at beispiel Punkt de"),
        ("fr", "jo@exemple.fr", "jo arobase exemple point fr"),
        ("ru", "jo@example.com", "jo собака example точка com"),
    ],
)
def test_mail(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "https://www.example.com/a?b=1", "w w w dot example dot com slash a question mark b equals one"),
        ("en", "http://example.com/", "example dot com"),
        ("en", "www.example.com,", "w w w dot example dot com,"),
        ("en", "(see example.com)", "(see example dot com)"),
        ("en", "example.co.uk/a-b.", "example dot co dot uk slash a dash b."),
        ("de", "www.beispiel.de", "w w w Punkt beispiel Punkt de"),
        ("en", "ftp://x.org", "x dot org"),
        ("en", "http://localhost.test:8080", "localhost dot test colon eight zero eight zero"),
    ],
)
def test_urls(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "end.company", "end.company"),
        ("en", "a@b", "a@b"),
        ("en", "Mr.Smith", "Mr.Smith"),
        ("en", "word.Next", "word.Next"),
        ("sv", "jo@example.com", "jo@example.com"),
        ("en", "@@.com", "@@.com"),
        ("en", "https://", "https://"),
    ],
)
def test_what_is_none(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
