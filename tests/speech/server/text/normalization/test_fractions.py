"""Fractions."""

# ruff: noqa: RUF001 - the rows hold what people write

from __future__ import annotations

import pytest
from fakes.reading_aloud import heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "½", "one half"),
        ("en", "¼ cup", "one quarter cup"),
        ("en", "1½", "one and a half"),
        ("en", "2 ¾", "two and three quarters"),
        ("de", "½", "einhalb"),
        ("de", "1½", "ein einhalb"),
        ("fr", "2½", "deux et demi"),
        ("es", "⅔", "dos tercios"),
        ("it", "1½", "uno e mezzo"),
        ("pt", "¾", "três quartos"),
        ("nl", "½", "een half"),
        ("pl", "⅚", "pięć szóstych"),
        ("pl", "2¾", "dwa i trzy czwarte"),
        ("ru", "½ и ¾", "одна вторая и три четвёртых"),
        ("en", "⅒", "one tenth"),
    ],
)
def test_signs(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "3/4", "three quarters"),
        ("en", "1/2", "one half"),
        ("en", "2 1/2", "two and a half"),
        ("en", "7/10", "seven tenths"),
        ("de", "2/3", "zwei Drittel"),
        ("en", "1⁄3", "one third"),
    ],
)
def test_strokes(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "9/11", "nine/eleven"),
        ("en", "24/7", "twenty-four/seven"),
        ("en", "4/3", "four/three"),
        ("en", "1/1", "one/one"),
        ("en", "0/5", "zero/five"),
        ("sv", "3/4", "tre/fyra"),
        ("sv", "½", "½"),
        ("en", "3/4/5", "three/four/five"),
    ],
)
def test_what_is_no_fraction(language: str, text: str, said: str) -> None:
    assert heard(text, language) == said
