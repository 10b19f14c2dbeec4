from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import msgspec
import numpy as np
import pytest
from fakes.caption_score import Heard, Shown, faults, overlaps, score
from fakes.spoken import speak
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner import clock, sentences
from aligner.captions import cutting, fabric, layout, profiles, script, segmentation, timing
from aligner.model import Cue, Word

LONG = 90 * "x"
HOSTILE = (
    "a",
    "I",
    "the",
    "“quoted”",
    "Mr.",
    "«",
    "»",
    "!",
    "—",
    "-",
    "3.14",
    "%",
    "e\u0301",
    "👩‍👩‍👧",
    "\u200b",
    "ไทย",
    LONG,
    "中",
    "。",
)
STORY = (
    "The kettle had been singing on the stove for some minutes before either of them noticed, and when at last "
    "Margaret Ellison got up to take it off the heat, her brother, who had not been home in eleven years, got up too.\n"
    "“Sorry,” he said. “I can do it.”\nShe smiled. Dr. Brown had told her that 3.14 was a number, and that was all."
)


@st.composite
def spoken(draw: st.DrawFn) -> tuple[str, list[Word]]:
    """Any words with any ascending times: none, equal, overlapping or ten seconds long."""
    pieces = draw(
        st.lists(st.tuples(st.sampled_from(HOSTILE), st.sampled_from((" ", " ", " ", "\n", "  ", ""))), min_size=1)
    )
    steps = st.sampled_from((0, 1, 20_000, 300_000, 2_500_000, 10_000_000))
    text, words, start = "", [], 0
    for piece, space in pieces:
        start += draw(steps)
        words.append(Word(piece, start, start + draw(steps), (len(text), len(text) + len(piece))))
        text += piece + space
    return text, words


def shown(cues: tuple[Cue, ...]) -> list[Shown]:
    ms = clock.to_milliseconds
    return [Shown(ms(cue.start), ms(cue.end), cue.lines, cue.words) for cue in cues]


def heard(words: tuple[Word, ...]) -> list[Heard]:
    return [Heard(w.text, clock.to_milliseconds(w.start), clock.to_milliseconds(w.end), w.span[1]) for w in words]


def sentence_words(text: str, words: tuple[Word, ...], language: str) -> list[int]:
    stops = [word.span[1] for word in words]
    return [stops.index(end) for end in sentences.ends(text, language) if end in stops]


@given(spoken(), st.sampled_from(profiles.names()), st.sampled_from(("en", "de", "zh", "ja", "th", "xx")))
@settings(deadline=None)
def test_any_words_are_shown_once_in_order_and_apart(
    text_and_words: tuple[str, list[Word]], name: str, language: str
) -> None:
    text, words = text_and_words
    profile = profiles.load(name, language)
    cues = segmentation.build(text, words, language, profile)
    assert cues[0].words[0] == 0
    assert cues[-1].words[1] == len(words)
    assert all(a.words[1] == b.words[0] for a, b in pairwise(cues))
    assert not overlaps(shown(cues))
    for cue in cues:
        of_cue = words[slice(*cue.words)]
        assert 1 <= len(cue.lines) <= profile.lines
        assert "".join("".join(cue.lines).split()) == "".join("".join(word.text for word in of_cue).split())
        if profile.unit != "paragraph":
            assert "\n" not in text[of_cue[0].span[0] : of_cue[-1].span[1]]


@given(spoken())
@settings(deadline=None)
def test_a_line_is_the_source_with_single_spaces(text_and_words: tuple[str, list[Word]]) -> None:
    text, words = text_and_words
    for cue in segmentation.build(text, words, "en", profiles.load("sentences", "en")):
        if len(cue.lines) == 1:
            first, last = words[cue.words[0]], words[cue.words[1] - 1]
            assert cue.lines[0] == text[first.span[0] : last.span[1]].replace("  ", " ")


@given(spoken())
@settings(deadline=None)
def test_only_a_word_that_is_too_wide_makes_a_wide_line(text_and_words: tuple[str, list[Word]]) -> None:
    text, words = text_and_words
    for cue in segmentation.build(text, words, "en", profiles.load("netflix", "en")):
        assert all(len(line) <= 42 or line == LONG for line in cue.lines if "x" in line or line.isascii())


def test_nothing_gives_nothing() -> None:
    assert segmentation.build("", (), "en", profiles.load("netflix", "en")) == ()


def test_one_word() -> None:
    (cue,) = segmentation.build("Yes.", speak("Yes."), "en", profiles.load("netflix", "en"))
    assert cue.lines == ("Yes.",)
    assert cue.words == (0, 1)
    assert clock.to_milliseconds(cue.end - cue.start) == 833


def compositions(count: int) -> list[list[int]]:
    """Every way to cut a run of words, as the places where its cues end."""
    inner = range(1, count)
    return [[*cuts, count] for size in range(count) for cuts in combinations(inner, size)]


@given(st.lists(st.sampled_from(("the", "lighthouse,", "and", "remarkable.", "Peter", "x")), min_size=1, max_size=9))
@settings(deadline=None, max_examples=40)
def test_no_other_cut_is_cheaper(pieces: list[str]) -> None:
    text = " ".join(pieces)
    words = speak(text)
    profile = msgspec.structs.replace(profiles.load("netflix", "en"), characters=16)
    cloth = fabric.weave(script.whole(text, "en"), words, profile)
    costs = layout.block(cloth, 0, len(words))

    def total(stops: list[int]) -> float:
        return sum(_cost(costs, stop, stop - begin) for begin, stop in pairwise([0, *stops]))

    found = [cue.words[1] for cue in segmentation.build(text, words, "en", profile)]
    assert math.isclose(total(found), min(total(stops) for stops in compositions(len(words))), rel_tol=1e-5)


def _cost(costs: timing.Costs, stop: int, count: int) -> float:
    return float(costs[stop - 1, -count]) if count <= costs.shape[1] else math.inf


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join([STORY] * 3)
    profile = profiles.load("netflix", "en")
    whole = segmentation.build(text, speak(text), "en", profile)
    for size in (1, 7, 50):
        monkeypatch.setattr(cutting, "_BLOCK", size)
        assert segmentation.build(text, speak(text), "en", profile) == whole


@pytest.mark.parametrize(
    "fps", [Fraction(24), Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(60)]
)
def test_every_limit_is_kept_at_every_frame_rate(fps: Fraction) -> None:
    profile = profiles.load("netflix", "en", fps)
    cues = shown(segmentation.build(STORY, speak(STORY), "en", profile))
    closed = clock.to_milliseconds(clock.from_frame(2, fps))
    for cue, after in zip(cues, [*cues[1:], None], strict=True):
        assert set(faults(cue, after, "en")) <= {"gap"}
        if after and after.start - cue.end < 500:
            assert abs(after.start - cue.end - closed) <= 1


def test_a_story_is_captioned_as_a_professional_would() -> None:
    words = speak(STORY)
    cues = shown(segmentation.build(STORY, words, "en", profiles.load("netflix", "en")))
    result = score(heard(words), cues, sentence_words(STORY, words, "en"), "en")
    assert (result.strict, result.pro, result.bad) == (100, 100, 0)


def test_chinese_breaks_between_phrases_and_never_before_a_full_stop() -> None:
    text = "因为未庄的人们之于阿Q，只要他帮忙，只拿他玩笑，从来没有留心他的“行状”的。而阿Q自己也不说。"  # noqa: RUF001 - Chinese
    words = speak(text)
    cues = segmentation.build(text, words, "zh", profiles.load("netflix", "zh"))
    result = score(heard(words), shown(cues), sentence_words(text, words, "zh"), "zh")
    assert (result.strict, result.pro) == (100, 100)
    assert [line for cue in cues for line in cue.lines][:2] == ["因为未庄的人们之于阿Q，", "只要他帮忙，只拿他玩笑，"]  # noqa: RUF001


def test_words_of_one_moment_push_each_other_on() -> None:
    words = [Word("a", 0, 0, (0, 1)), Word("b", 0, 0, (2, 3)), Word("c", 0, 0, (4, 5))]
    cues = segmentation.build("a\nb\nc", words, "en", profiles.load("netflix", "en"))
    assert [cue.lines for cue in cues] == [("a",), ("b",), ("c",)]
    assert not overlaps(shown(cues))


def test_a_line_of_asterisks_is_shown_in_the_pause() -> None:
    words = [Word("One.", 0, 2_000_000, (0, 4)), Word("***", 4_000_000, 4_000_000, (5, 8))]
    words.append(Word("Two.", 4_000_000, 6_000_000, (9, 13)))
    cues = shown(segmentation.build("One.\n***\nTwo.", words, "en", profiles.load("netflix", "en")))
    assert [cue.lines for cue in cues] == [("One.",), ("***",), ("Two.",)]
    assert [faults(cue, after, "en") for cue, after in zip(cues, [*cues[1:], None], strict=True)] == [[], [], []]


def test_falling_starts_are_lifted() -> None:
    late, early = speak("One.\nTwo.")
    cues = segmentation.build(
        "One.\nTwo.", [late, replace(early, start=0, end=1)], "en", profiles.load("netflix", "en")
    )
    assert not overlaps(shown(cues))


@pytest.mark.parametrize(("name", "count"), [("words", 46), ("sentences", 6), ("lines", 3)])
def test_fixed_units(name: str, count: int) -> None:
    text = STORY.replace("“", "").replace("”", "")
    words = speak(text)
    cues = segmentation.build(text, words, "en", profiles.load(name, "en"))
    assert (
        len(cues)
        == {"words": len(words), "sentences": len(sentences.ends(text, "en")), "lines": text.count("\n") + 1}[name]
    )
    assert len(cues) >= count or name == "sentences"
    assert not overlaps(shown(cues))


def test_one_pass_over_many_words_stays_exact() -> None:
    text = "\n".join([STORY] * 40)
    words = speak(text)
    cues = segmentation.build(text, words, "en", profiles.load("netflix", "en"))
    ends = np.array([cue.words[1] for cue in cues])
    assert (np.diff(ends) > 0).all()
    result = score(heard(words), shown(cues), sentence_words(text, words, "en"), "en")
    assert result.strict == 100
