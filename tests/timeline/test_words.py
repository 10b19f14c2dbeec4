from __future__ import annotations

from array import array
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Timeline, Word
from aligner.timeline.characters import is_sounding
from aligner.timeline.words import group

TEXTS = st.one_of(
    st.text(),
    st.text("ab 9.,—“”'\n\u00a0\u200b\u2060\u3000", min_size=1),
    st.text("天气好 ひら。「」ไทย a1\u3000", min_size=1),
)


def even(text: str) -> Timeline:
    """A millisecond for each character."""
    starts = array("q", [index * 1000 for index in range(len(text))])
    return Timeline(text, starts, array("q", [start + 1000 for start in starts]))


def texts_of(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    text = draw(TEXTS)
    steps = draw(st.lists(st.integers(0, 10**6), min_size=2 * len(text), max_size=2 * len(text)))
    edges = list(accumulate(steps))
    return Timeline(text, array("q", edges[::2]), array("q", edges[1::2]))


@given(timelines(), st.sampled_from(["en", "zh", "ja", "th", "x"]))
def test_every_character_is_in_exactly_one_word_in_order(timeline: Timeline, language: str) -> None:
    words = group(timeline, language)
    covered = [index for word in words for index in range(*word.span)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(timeline.text) if not c.isspace()} <= set(covered)
    for word in words:
        assert word.text == timeline.text[word.span[0] : word.span[1]] == word.text.strip() != ""


@given(timelines())
def test_starts_ascend_and_times_are_those_of_the_words_own_sound(timeline: Timeline) -> None:
    words = group(timeline, "en")
    assert all(a.start <= b.start for a, b in pairwise(words))
    for word in words:
        sounding = [index for index in range(*word.span) if is_sounding(timeline.text[index])]
        assert word.start <= word.end
        if sounding:
            assert (word.start, word.end) == (timeline.starts[sounding[0]], timeline.ends[sounding[-1]])


@given(timelines())
def test_what_does_not_sound_has_the_time_of_the_word_after_it(timeline: Timeline) -> None:
    words = group(timeline, "en")
    spoken = [word for word in words if any(map(is_sounding, word.text))]
    for word, after in pairwise(words):
        if not any(map(is_sounding, word.text)) and any(map(is_sounding, after.text)):
            assert (word.start, word.end) == (after.start, after.end)
    if spoken:
        tail = words[words.index(spoken[-1]) + 1 :]
        assert all((word.start, word.end) == (spoken[-1].end,) * 2 for word in tail)


def test_punctuation_stays_with_its_word_and_takes_no_time() -> None:
    words = group(even("He said: “Stop!” (now)"), "en")
    assert texts_of(words) == ["He", "said:", "“Stop!”", "(now)"]
    assert (words[2].start, words[2].end) == (10_000, 14_000)


def test_a_lone_dash_and_a_lone_ellipsis() -> None:
    words = group(even("— a … b —"), "en")
    assert texts_of(words) == ["—", "a", "…", "b", "—"]
    assert [(word.start, word.end) for word in words] == [
        (2_000, 3_000),
        (2_000, 3_000),
        (6_000, 7_000),
        (6_000, 7_000),
        (7_000, 7_000),
    ]


def test_nothing_but_punctuation_lasts_no_time() -> None:
    assert [(word.start, word.end) for word in group(even(" — …"), "en")] == [(1_000, 1_000)] * 2


@pytest.mark.parametrize("text", ["", " ", "\n\u3000\t", "\u00a0"])
def test_white_space_has_no_words(text: str) -> None:
    assert group(even(text), "en") == ()


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2007", "\u2060"])
def test_a_word_keeps_what_no_line_may_end_at(space: str) -> None:
    text = f"«{space}oui{space}!{space}» 5{space}km"
    assert texts_of(group(even(text), "fr")) == [f"«{space}oui{space}!{space}»", f"5{space}km"]


@pytest.mark.parametrize("space", [" ", "\n", "\t", "\u2003", "\u2009", "\u3000", "\u2028"])
def test_other_white_space_ends_a_word(space: str) -> None:
    assert texts_of(group(even(f"a{space}{space}b"), "en")) == ["a", "b"]


def test_a_zero_width_space_ends_the_word_that_it_belongs_to() -> None:
    assert texts_of(group(even("a\u200bb"), "en")) == ["a\u200b", "b"]


def test_spaceless_words_have_times_of_their_own() -> None:
    words = group(even("今天是好日子。"), "zh")
    assert len(words) > 2
    assert words[-1].text.endswith("。")
    assert words[-1].end == 6_000
