# ruff: noqa: RUF001 - Chinese punctuation is the point
from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.captions import phrases


@pytest.mark.parametrize(
    ("model", "text", "pieces"),
    [
        ("zh-hans", "今天是晴天。", ["今天", "是", "晴天。"]),
        ("zh-hant", "今天是晴天。", ["今天", "是", "晴天。"]),
        ("ja", "私は学生です。", ["私は", "学生です。"]),
        ("th", "วันนี้อากาศดี", ["วัน", "นี้", "อากาศ", "ดี"]),
    ],
)
def test_pieces(model: str, text: str, pieces: list[str]) -> None:
    assert [text[begin:stop] for begin, stop in pairwise(phrases.cut(text, model)[0])] == pieces


@given(st.text(alphabet="今天是晴天。，\n a“”"), st.sampled_from(("zh-hans", "ja")))
def test_the_pieces_are_the_text_and_cross_no_line(text: str, model: str) -> None:
    bounds, doubts = phrases.cut(text, model)
    assert len(doubts) == len(bounds)
    assert bounds == sorted(set(bounds))
    assert bounds[-1] == len(text)
    assert all("\n" not in text[begin:stop].rstrip("\n") for begin, stop in pairwise(bounds))


def test_a_doubtful_beginning() -> None:
    text = "阿Q不独是姓名籍贯有些渺茫。"
    begins, doubts = phrases.cut(text, "zh-hans")
    doubtful = [text[begin] for begin, doubt in zip(begins, doubts, strict=True) if doubt]
    assert "名" in doubtful
    assert "有" not in doubtful


@given(st.text(alphabet="今天是晴天。，\n a“”"))
def test_nobody_doubts_a_lines_beginning(text: str) -> None:
    begins, doubts = phrases.cut(text, "zh-hans")
    assert not any(doubt for begin, doubt in zip(begins, doubts, strict=True) if text[begin - 1 : begin] == "\n")
