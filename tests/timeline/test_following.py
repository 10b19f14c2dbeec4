# ruff: noqa: RUF001 - the punctuation of many scripts is the point
from __future__ import annotations

from array import array
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aligner.model import Timeline, Word
from aligner.timeline import words
from aligner.timeline.characters import is_sounding
from aligner.timeline.following import Following

STEP = 100_000
PIECES = st.sampled_from([
    "word ", "Word, ", "“Go!” ", "— ", "*** ", "3.14 ", "a\u00a0b ", "“ ", "e\u0301 ", "\n", "  ", "中国", "国家的",
    "。」", "，", "です", "ไทยแลนด์", '"quote" ', '"引"', "GPT-4", "\u200b",
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def timed(text: str) -> Timeline:
    """A step a character."""
    starts = array("q", [STEP * index for index in range(len(text))])
    return Timeline(text, starts, array("q", [start + STEP for start in starts]))


def part(whole: Timeline, first: int, last: int) -> Timeline:
    return Timeline(whole.text[first:last], whole.starts[first:last], whole.ends[first:last])


def followed(text: str, language: str, steps: list[int], ahead: int) -> list[tuple[Word, int]]:
    """The words with how many characters were timed; text is known so many characters further on."""
    whole, following = timed(text), Following(language)
    found: list[tuple[Word, int]] = []
    read = place = 0
    for step in [*steps, len(text)]:
        place = min(len(text), place + step)
        known = max(read, min(len(text), place + ahead))
        if known > read:
            following.read(text[read:known], last=known == len(text))
        read = known
        found += [(word, place) for word in following.hear(part(whole, 0, place), 0)]
    following.read("", last=True)
    found += [(word, len(text)) for word in following.hear(whole, 0)]
    return [*found, *((word, len(text)) for word in following.finish())]


@given(TEXTS, st.sampled_from(("en", "zh", "ja", "th")), st.lists(st.integers(1, 9)), st.sampled_from((0, 5, 50)))
@example('中国"国家"的人' * 40, "zh", [5] * 60, 20)
@example("a\u00a0b c", "en", [1, 1, 1], 0)
def test_words_that_are_followed_are_those_of_the_whole(text: str, language: str, steps: list[int], ahead: int) -> None:
    found = tuple(word for word, _ in followed(text, language, steps, ahead))
    assert found == words.group(timed(text), language) or (
        # Without any sound there is no time to go by.
        not any(map(is_sounding, text)) and [w.span for w in found] == spans(text, language)
    )


def spans(text: str, language: str) -> list[tuple[int, int]]:
    return [word.span for word in words.group(timed(text), language)]


def test_a_word_is_told_once_all_of_it_is_timed_and_where_it_ends_is_known() -> None:
    text = "Hello again, you two."
    found = followed(text, "en", [1] * len(text), 1)
    assert [(word.text, place) for word, place in found] == [("Hello", 5), ("again,", 12), ("you", 16), ("two.", 21)]


def test_a_word_in_a_script_without_spaces_is_told_soon() -> None:
    text = "因为未庄的人们之于阿Q，只要他帮忙，只拿他玩笑，从来没有留心他的“行状”的。" * 20
    found = followed(text, "zh", [1] * len(text), 40)
    assert max(place - word.span[1] for word, place in found) <= 2
    assert [word.span for word, _ in found] == spans(text, "zh")


def test_a_word_waits_for_its_sound() -> None:
    following, whole = Following("en"), timed("One two.")
    following.read("One two.", last=True)
    assert [word.text for word in following.hear(whole, 0, heard=3 * STEP)] == ["One"]
    assert list(following.hear(whole, 0, heard=6 * STEP)) == []
    assert [word.text for word in following.hear(whole, 0)] == ["two."]


def test_a_word_over_two_sessions_is_one() -> None:
    following, whole = Following("en"), timed("One twofold end")
    following.read("One twofold end", last=True)
    first = list(following.hear(part(whole, 0, 7), 0))
    rest = list(following.hear(part(whole, 7, 15), 7))
    assert [*first, *rest] == list(words.group(whole, "en"))


def test_what_makes_no_sound_has_the_time_of_the_word_after_it_or_of_the_end() -> None:
    following, whole = Following("en"), timed("One — two ***")
    following.read("One — two ***", last=True)
    found = [*following.hear(part(whole, 0, 6), 0), *following.hear(whole, 0), *following.finish()]
    assert [(word.text, word.start) for word in found] == [
        ("One", 0),
        ("—", 6 * STEP),
        ("two", 6 * STEP),
        ("***", 9 * STEP),
    ]


def test_times_that_were_told_are_never_passed_by_later_ones() -> None:
    following = Following("en")
    following.read("One two three", last=True)
    early = Timeline("One two", array("q", [0, 10, 20, 30, 40, 50, 60]), array("q", [10, 20, 30, 40, 50, 60, 70]))
    late = Timeline("One two three", array("q", [0] * 8 + [50] * 5), array("q", [0] * 8 + [60] * 5))
    found = [*following.hear(early, 0), *following.hear(late, 0)]
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize("text", ["and on we went. " * 5_000, "因为未庄的人们之于阿Q，只要他帮忙。" * 400])
def test_only_what_is_needed_is_kept(text: str) -> None:
    following, whole = Following("zh"), timed(text)
    for low in range(0, len(text), 50):
        following.read(text[low : low + 50])
        for _ in following.hear(part(whole, max(0, low - 100), low + 50), max(0, low - 100)):
            pass
        assert len(following._text) < 600  # noqa: SLF001 - memory is the point
