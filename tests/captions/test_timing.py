from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner import clock
from aligner.captions import profiles, timing
from aligner.captions.timing import Moments
from aligner.model import Word

NETFLIX = profiles.load("netflix", "en")
RATES = st.sampled_from([Fraction(24), Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(60)])


@dataclass(frozen=True)
class Case:
    """A cue in milliseconds: where its sound begins and ends, where the next begins, how many characters it has."""

    start: int
    end: int
    following: int | None
    characters: int = 1


def out(case: Case, profile: profiles.Profile = NETFLIX) -> tuple[int, int, float]:
    """In and out in milliseconds, and what the faults cost."""
    words = [Word("a", case.start * 1000, case.end * 1000, (0, 1))]
    if case.following is not None:
        words.append(Word("b", case.following * 1000, case.following * 1000 + 1000, (2, 3)))
    grid = timing.grid(words, np.ones(len(words), np.bool_), profile)
    at = grid.moments(slice(0, 1), slice(0, 1))
    reading = grid.reading(case.characters)[-1:]
    outs = grid.outs(at, reading)
    ms = [clock.to_milliseconds(clock.from_frame(int(frame[0]), profile.fps)) for frame in (at.begin, outs)]
    return ms[0], ms[1], float(grid.faults(at, outs, reading)[0])


@pytest.mark.parametrize(
    ("case", "times", "good"),
    [
        (Case(0, 1000, None), (0, 1000), True),
        (Case(30, 1001, None), (0, 1042), True),  # on the frame of the onset, to the frame after the sound
        (Case(0, 200, None), (0, 833), True),  # at least 5/6 s
        (Case(0, 1000, None, 24), (0, 1208), True),  # 20 characters a second
        (Case(0, 1000, 1000), (0, 917), True),  # two frames to the next
        (Case(0, 1000, 1400), (0, 1292), True),  # a short gap is closed
        (Case(0, 1000, 1500), (0, 1000), True),  # half a second stays
        (Case(0, 1000, 1459), (0, 1375), True),
        (Case(0, 1000, 1900, 30), (0, 1792), False),  # what reading leaves of the gap is short: closed, but late
        (Case(0, 200, 1250), (0, 1167), False),  # as late, for its 5/6 s
        (Case(0, 200, 1334), (0, 833), True),
        (Case(0, 200, 500), (0, 417), False),  # too short, and no time for more
        (Case(0, 1000, 1000, 40), (0, 917), False),  # too fast
        (Case(0, 6900, 7300), (0, 6917), False),  # seven seconds outrank a closed gap
        (Case(0, 6400, 7300), (0, 6417), True),
        (Case(0, 8000, None), (0, 7000), False),
        (Case(0, 1000, 300), (0, 208), False),  # sound that overlaps the next word
        (Case(500, 600, 501), (500, 542), False),  # the next begins at once: a frame at least
    ],
)
def test_outs(case: Case, times: tuple[int, int], *, good: bool) -> None:
    start, end, cost = out(case)
    assert (start, end) == pytest.approx(times, abs=1)
    assert (cost == 0) is good


def test_bbc_closes_every_gap_under_a_second() -> None:
    bbc = profiles.load("bbc", "en")
    assert out(Case(0, 1000, 1960), bbc)[1] == 1960
    assert out(Case(0, 1000, 2000), bbc)[1] == 1000


def test_words_that_take_time_by_count() -> None:
    assert out(Case(0, 100, None), profiles.load("words", "en"))[:2] == (0, 100)


@given(st.integers(1, 200), RATES, st.sampled_from([7, 11, 14, 20, 25]), st.integers(0, 10**6))
def test_reading_time_is_enough_in_milliseconds(characters: int, fps: Fraction, cps: int, begin: int) -> None:
    profile = msgspec.structs.replace(NETFLIX, fps=fps, cps=Fraction(cps))
    need = int(timing.grid([Word("a", 0, 1, (0, 1))], np.ones(1, np.bool_), profile).reading(characters)[-1])
    ms = [clock.to_milliseconds(clock.from_frame(frame, fps)) for frame in (begin, begin + need, begin + need - 1)]
    assert characters * 1000 <= cps * (ms[1] - ms[0])
    assert characters * 1000 > cps * (ms[2] - ms[0] - 1)


@given(RATES, st.integers(0, 10**6), st.sampled_from([Fraction(5, 6), Fraction(1, 2), Fraction(1)]))
def test_frames_of_a_limit_keep_it_in_milliseconds(fps: Fraction, begin: int, limit: Fraction) -> None:
    count = timing.frames(limit, fps)
    ends = [clock.to_milliseconds(clock.from_frame(begin + step, fps)) for step in (0, count)]
    assert ends[1] - ends[0] >= int(limit * 1000)


@given(
    st.integers(0, 50_000),
    st.integers(0, 9_000),
    st.one_of(st.none(), st.integers(1, 12_000)),
    st.integers(1, 84),
    RATES,
)
def test_a_cue_without_fault_breaks_no_limit(
    start: int, sound: int, wait: int | None, characters: int, fps: Fraction
) -> None:
    profile = msgspec.structs.replace(NETFLIX, fps=fps)
    following = None if wait is None else start + wait
    begin, end, cost = out(Case(start, start + sound, following, characters), profile)
    assert end > begin
    assert begin <= start < begin + 1000 / fps + 1
    if cost == 0:
        assert 833 <= end - begin <= 7000
        assert characters * 1000 <= 20 * (end - begin)
        assert end - start - sound <= 500 or end - begin <= 834 + 1000 / fps
        if following is not None:
            gap = clock.to_milliseconds(clock.from_frame(clock.to_frame(following * 1000, fps), fps)) - end
            two = 2000 / fps
            assert abs(gap - two) <= 1 or gap >= 500


def settled(paragraph: list[bool], *times: tuple[int, int]) -> list[tuple[int, int]]:
    """The frames of words with these times in milliseconds."""
    words = [Word("a", start * 1000, end * 1000, (2 * i, 2 * i + 1)) for i, (start, end) in enumerate(times)]
    grid = timing.grid(words, np.array(paragraph), NETFLIX)
    return list(zip(grid.first[:-1].tolist(), grid.sound.tolist(), strict=True))


def test_a_paragraph_without_sound_has_the_pause_before_the_next() -> None:
    frames = settled([True, True, True], (0, 1000), (4000, 4000), (4000, 5000))
    assert frames == [(0, 24), (73, 74), (96, 120)]
    assert settled([True, True, True], (0, 1000), (1500, 1500), (1500, 2000))[1] == (24, 24)
    assert settled([True, True], (0, 0), (0, 1000)) == [(0, 0), (0, 24)]


def test_a_silent_end_of_a_paragraph_ends_with_its_sound() -> None:
    assert settled([False, True, True], (0, 1000), (4000, 4500), (4000, 4500))[1] == (24, 24)
    assert settled([False, False, True], (0, 1000), (4000, 4500), (4000, 4500))[1] == (96, 108)


def test_starts_never_fall_and_sound_never_ends_before_it_starts() -> None:
    words = [Word("a", 900_000, 100_000, (0, 1)), Word("b", 0, 0, (2, 3))]
    grid = timing.grid(words, np.zeros(len(words), np.bool_), NETFLIX)
    assert grid.first[:2].tolist() == [21, 21]
    assert grid.sound.tolist() == [22, 22]
    assert grid.pause.tolist() == [0, 0]


def test_what_a_shift_can_mend_costs_little() -> None:
    # A heading one frame too short, after a pause.
    words = [
        Word("a", 0, 500_000, (0, 1)),
        Word("b", 2_000_000, 2_300_000, (2, 3)),
        Word("c", 2_880_000, 3_900_000, (4, 5)),
    ]
    grid = timing.grid(words, np.ones(len(words), np.bool_), NETFLIX)
    at = grid.moments(slice(1, 2), slice(1, 2))
    reading = np.array([1], np.int32)
    assert float(grid.faults(at, grid.outs(at, reading), reading)[0]) > NETFLIX.weights.limit
    assert float(grid.costs(at, reading, grid.early[1:2])[0]) == NETFLIX.weights.shift


def test_parts() -> None:
    column = np.arange(4, dtype=np.int32)
    part = Moments(column, column, column, column).part(slice(1, 3))
    assert part.following.tolist() == [1, 2]
