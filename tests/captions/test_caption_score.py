"""The scorer is trusted with the goals, so it is itself held to cases whose score is known."""

from __future__ import annotations

import pytest
from fakes.caption_score import Heard, Shown, bad_breaks, faults, in_sync, overlaps, score

WORDS = [
    Heard("He", 0, 300, 2),
    Heard("saw", 300, 700, 6),
    Heard("the", 700, 800, 10),
    Heard("house.", 800, 1500, 17),
    Heard("Then", 2500, 2800, 22),
    Heard("nothing.", 2800, 3600, 31),
]
GOOD = [Shown(0, 1500, ("He saw the house.",), (0, 4)), Shown(2500, 3600, ("Then nothing.",), (4, 6))]


def test_good_captions_are_all_good() -> None:
    found = score(WORDS, GOOD, [3, 5], "en")
    assert (found.strict, found.pro, found.mid_phrase, found.sentence_ends, found.bad, found.mixed) == (
        100,
        100,
        0,
        100,
        0,
        0,
    )


def test_bad_captions_are_not() -> None:
    cues = [Shown(0, 800, ("He saw the",), (0, 3)), Shown(800, 3600, ("house. Then", "nothing."), (3, 6))]
    found = score(WORDS, cues, [3, 5], "en")
    assert (found.strict, found.pro, found.mid_phrase, found.sentence_ends) == (50, 50, 50, 50)
    assert found.bad == 50
    mixing = [Shown(0, 2800, ("He saw the house.", "Then"), (0, 5)), Shown(2800, 3600, ("nothing.",), (5, 6))]
    assert score(WORDS, mixing, [3, 5], "en").mixed == 50


@pytest.mark.parametrize(
    ("cue", "after", "names"),
    [
        (GOOD[0], GOOD[1], []),
        (Shown(0, 833, ("a",), (0, 1)), None, []),
        (Shown(0, 832, ("a",), (0, 1)), None, ["short"]),
        (Shown(0, 7001, ("a",), (0, 1)), None, ["long"]),
        (Shown(0, 2000, ("a" * 42,), (0, 1)), None, ["fast"]),
        (Shown(0, 3000, ("a" * 43,), (0, 1)), None, ["width"]),
        (Shown(0, 3000, ("a", "a", "a"), (0, 1)), None, ["lines"]),
        (Shown(0, 1000, ("a",), (0, 1)), Shown(1083, 2000, ("b",), (1, 2)), []),
        (Shown(0, 1000, ("a",), (0, 1)), Shown(1084, 2000, ("b",), (1, 2)), []),
        (Shown(0, 1000, ("a",), (0, 1)), Shown(1082, 2000, ("b",), (1, 2)), ["gap"]),
        (Shown(0, 1000, ("a",), (0, 1)), Shown(1499, 2000, ("b",), (1, 2)), ["gap"]),
        (Shown(0, 1000, ("a",), (0, 1)), Shown(1500, 2000, ("b",), (1, 2)), []),
        (Shown(0, 1000, ("a",), (0, 1)), Shown(999, 2000, ("b",), (1, 2)), ["overlap", "gap"]),
    ],
)
def test_faults(cue: Shown, after: Shown | None, names: list[str]) -> None:
    assert faults(cue, after, "en") == names


def test_chinese_is_measured_in_columns() -> None:
    assert faults(Shown(0, 3000, ("阿" * 15 + "QQ",), (0, 1)), None, "zh") == []
    assert faults(Shown(0, 3000, ("阿" * 16 + "Q",), (0, 1)), None, "zh") == ["width"]


@pytest.mark.parametrize(
    ("start", "end", "synchronous"),
    [(0, 1500, True), (125, 1500, True), (126, 1500, False), (0, 2001, False), (0, 1374, False)],
)
def test_sync(start: int, end: int, *, synchronous: bool) -> None:
    assert in_sync(Shown(start, end, ("He saw the house.",), (0, 4)), WORDS) is synchronous


def test_bad_breaks_between_lines() -> None:
    assert bad_breaks(Shown(0, 1500, ("He saw the", "house."), (0, 4)), WORDS, {3, 5}, "en") == [True]
    assert bad_breaks(Shown(0, 1500, ("He saw", "the house."), (0, 4)), WORDS, {3, 5}, "en") == [False]


def test_overlaps() -> None:
    assert not overlaps(GOOD)
    assert overlaps([Shown(0, 2501, ("a",), (0, 1)), GOOD[1]])
    assert overlaps([Shown(5, 5, ("a",), (0, 1))])
