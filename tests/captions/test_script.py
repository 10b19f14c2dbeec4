# ruff: noqa: RUF001 - the punctuation of Chinese is the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner import sentences
from aligner.captions import phrases, script

CHINESE = "因为未庄的人们之于阿Q，只要他帮忙，只拿他玩笑，从来没有留心他的“行状”的。\n而阿Q自己也不说。"


@given(st.lists(st.integers(1, 12)), st.sampled_from((CHINESE, CHINESE * 3, "Oh. 中国，\n好")))
def test_a_script_that_grows_ends_as_one_that_is_whole(steps: list[int], text: str) -> None:
    growing, place = script.Script("zh"), 0
    for step in [*steps, len(text)]:
        growing.read(text[place : place + step], last=place + step >= len(text))
        place = min(len(text), place + step)
        growing.look()
    whole = script.whole(text, "zh")
    assert (growing.bounds, growing.doubts) == (whole.bounds, whole.doubts)
    assert growing.ends(-1) == whole.ends(-1) == list(sentences.ends(text, "zh"))
    assert (whole.bounds, whole.doubts) == phrases.cut(text, "zh-hans")


def test_a_break_is_told_once_its_phrase_and_its_sentence_are_known() -> None:
    growing = script.Script("zh")
    growing.read(CHINESE[:12])
    growing.look()
    assert not growing.tells(11, 11)
    growing.read(CHINESE[12:], last=True)
    growing.look()
    assert growing.tells(11, 11)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_forgotten_is_not_needed(language: str) -> None:
    text = (CHINESE if language == "zh" else "One two. Three four.\n") * 20
    growing = script.whole(text, language)
    place = len(text) * 2 // 3
    kept = [end for end in growing.ends(-1) if end > place]
    growing.forget(place)
    assert 0 < growing.start <= place
    assert growing.text == text[growing.start :]
    assert growing.ends(place) == kept
    assert language == "en" or growing.bounds[0] <= place < growing.bounds[1]
