from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.captions import measure


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("plain", 5),
        ("cafe\u0301", 4),
        ("नमस्ते", 4),
        ("👩‍👩‍👧", 1),
        ("👍🏽", 1),
        ("❤️", 1),
        ("🇩🇪🇫🇷", 2),
        ("🇩🇪🇫", 2),
        ("\u1112\u1161\u11ab", 1),
        ("한글", 2),
        ("กำ", 1),
        ("ｶﾞ", 1),
        ("\u0301", 1),
    ],
)
def test_graphemes(text: str, count: int) -> None:
    assert measure.graphemes(text) == count


@pytest.mark.parametrize(
    ("text", "half_columns"),
    [("", 0), ("abc", 3), ("漢字", 4), ("ｱｲ", 2), ("阿Q", 3), ("。", 2), ("“", 2), ("か\u3099", 2), ("……", 4)],
)
def test_columns(text: str, half_columns: int) -> None:
    assert measure.columns(text) == half_columns


@given(st.text())
def test_no_text_has_more_graphemes_than_code_points(text: str) -> None:
    assert measure.graphemes(text) <= len(text)
    assert measure.graphemes(text) <= measure.columns(text) <= 2 * measure.graphemes(text)


@given(st.text(), st.text(alphabet="ab漢"))
def test_letters_add_up(text: str, letters: str) -> None:
    assert measure.columns(text + letters) == measure.columns(text) + measure.columns(letters)
