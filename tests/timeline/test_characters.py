# ruff: noqa: RUF001 - the letters and marks of many languages are the point
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.timeline.characters import clings, is_sounding, opens


@pytest.mark.parametrize("character", "aÉß9½字かคᄒ$+©😀%&@#§\u0301")
def test_letters_digits_marks_and_symbols_sound(character: str) -> None:
    assert is_sounding(character)


@pytest.mark.parametrize("character", " \u00a0\n.,;:!?-–—…'\"“”«»()[]{}`´^。、「」\u200b\u2060")
def test_space_and_punctuation_do_not(character: str) -> None:
    assert not is_sounding(character)


@pytest.mark.parametrize("character", "([{“‘«「『（")
def test_what_opens_goes_with_the_word_after(character: str) -> None:
    assert opens(character)
    assert not clings(character)


@pytest.mark.parametrize("character", ")]}”’»」』），。、！？—…\u0301\u0e31\u200b")
def test_what_closes_goes_with_the_word_before(character: str) -> None:
    assert clings(character)


@given(st.characters())
def test_a_character_stands_by_itself_or_on_one_side(character: str) -> None:
    sides = opens(character) + clings(character)
    assert sides <= 1
    if unicodedata.category(character)[0] in "LN":
        assert sides == 0
        assert is_sounding(character)
