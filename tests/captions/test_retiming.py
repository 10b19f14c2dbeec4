from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from fakes.caption_score import Shown, faults
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner import clock
from aligner.captions import profiles, retiming, segmentation, timing
from aligner.captions.timing import Costs, Grid, Moments
from aligner.model import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

NETFLIX = profiles.load("netflix", "en")


def spoken(*times: tuple[int, int]) -> list[Word]:
    """Words of one paragraph each; (start, end) in milliseconds."""
    return [Word("a.", start * 1000, end * 1000, (3 * i, 3 * i + 2)) for i, (start, end) in enumerate(times)]


def faults_of(words: list[Word], profile: profiles.Profile = NETFLIX) -> list[list[str]]:
    text = "\n".join(word.text for word in words)
    ms = clock.to_milliseconds
    cues = [Shown(ms(c.start), ms(c.end), c.lines, c.words) for c in segmentation.build(text, words, "en", profile)]
    return [faults(cue, after, "en") for cue, after in zip(cues, [*cues[1:], None], strict=True)]


def test_a_heading_a_frame_too_short_comes_early() -> None:
    words = spoken((0, 1000), (2000, 2300), (2880, 3900))
    assert faults_of(words) == [[], [], []]
    assert faults_of(words, msgspec.structs.replace(NETFLIX, sync_frames=0)) == [[], ["short"], []]


def test_the_next_cue_waits_when_there_is_no_pause_before() -> None:
    assert faults_of(spoken((0, 1000), (1000, 1300), (1880, 3900))) == [[], [], []]


def test_what_two_frames_cannot_mend_stays() -> None:
    assert faults_of(spoken((0, 1000), (1000, 1300), (1600, 3900)))[1] == ["short"]


def test_nothing_moves_without_a_fault() -> None:
    words = spoken((0, 1000), (2000, 3000), (4000, 5000))
    grid = timing.grid(words, np.ones(len(words), np.bool_), NETFLIX)
    at = grid.moments(slice(0, 3), slice(0, 3))
    assert shifts(grid, at, np.ones(3, np.int32)) == [0, 0, 0]


def shifts(grid: Grid, at: Moments, reading: timing.Ints, step: int = 1) -> list[int]:
    """The shifts of all cues, told ``step`` at a time."""
    retimer, found = retiming.Retimer(grid.profile), []
    for low in range(0, len(reading), step):
        found += retimer.extend(grid, at.part(slice(low, low + step)), reading[low : low + step])
    return found + retimer.finish()


def shifted(at: Moments, by: Sequence[int]) -> Moments:
    begin = at.begin + np.array(by, np.int32)
    return Moments(begin, at.sound, at.linger, np.append(begin[1:], at.following[-1]).astype(np.int32))


def total(grid: Grid, at: Moments, reading: timing.Ints) -> float:
    costs: Costs = grid.faults(at, grid.outs(at, reading), reading)
    return float(costs.sum())


def price(by: Sequence[int]) -> float:
    return sum(1.5 * shift if shift > 0 else -shift for shift in by)


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(100, 1200)), min_size=1, max_size=4))
@settings(deadline=None, max_examples=30)
def test_no_other_shifts_break_fewer_limits(steps: list[tuple[int, int]]) -> None:
    clock_ms, times = 500, []
    for pause, sound in steps:
        times.append((clock_ms + pause, clock_ms + pause + sound))
        clock_ms += pause + sound
    grid = timing.grid(spoken(*times), np.ones(len(times), np.bool_), NETFLIX)
    count = len(times)
    at = grid.moments(slice(0, count), slice(0, count))
    reading = np.full(count, 10, np.int32)
    best = shifts(grid, at, reading)
    assert len(best) == count
    assert best == shifts(grid, at, reading, step=count)
    cost = total(grid, shifted(at, best), reading) + price(best)
    for other in product((-2, -1, 0, 1, 2), repeat=count - 1):
        assert cost <= total(grid, shifted(at, (0, *other)), reading) + price((0, *other)) + 1e-3
