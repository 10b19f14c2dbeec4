from __future__ import annotations

import numpy as np
from fakes.spoken import speak

from aligner import clock
from aligner.captions import profiles, script, timing
from aligner.captions.showing import Settled, Times, line
from aligner.model import Cue, Word

NETFLIX = profiles.load("netflix", "en")
GRID = timing.grid(speak("One."), np.ones(1, np.bool_), NETFLIX)


def cue(number: int, begin: int, sound: int, following: int) -> Settled:
    return Settled((number, number + 1), (str(number),), begin, sound, sound + 12, following, 20)


def frames(cues: list[Cue]) -> list[tuple[int, int]]:
    return [(clock.to_frame(one.start, NETFLIX.fps), clock.to_frame(one.end, NETFLIX.fps)) for one in cues]


def test_a_cue_waits_for_the_next_one_where_that_decides_when_it_goes() -> None:
    times = Times(NETFLIX)
    times.wait(cue(0, 0, 40, 48))
    assert list(times.shift(GRID, [0])) == []
    times.wait(cue(1, 48, 90, 400))
    assert frames(list(times.shift(GRID, [2]))) == [(0, 48), (50, 90)]


def test_a_cue_before_a_long_pause_waits_for_nothing() -> None:
    times = Times(NETFLIX)
    times.wait(cue(0, 0, 40, 400))
    assert frames(list(times.shift(GRID, [0]))) == [(0, 40)]


def test_the_last_cue_waits_for_nothing() -> None:
    times = Times(NETFLIX)
    times.wait(cue(0, 0, 40, 48))
    assert frames(list(times.shift(GRID, [0], last=True))) == [(0, 46)]
    assert list(times.shift(GRID, [], last=True)) == []


def test_cues_of_one_frame_push_each_other_on() -> None:
    times = Times(NETFLIX)
    for number in range(3):
        times.wait(Settled((number, number + 1), ("a",), 5, 5, 17, 5, 1))
    found = frames(list(times.shift(GRID, [0, 0, 0], last=True)))
    assert [begin for begin, _ in found] == [5, 6, 7]
    assert all(end > begin for begin, end in found)


def test_a_line_has_single_spaces_where_the_source_has_any() -> None:
    text = "one  two\u3000three—four"
    words = [Word(text[a:b], 0, 0, (a, b)) for a, b in ((0, 3), (5, 8), (9, 15), (15, 19))]
    assert line(script.whole(text, "en"), words) == "one two three—four"
    assert line(script.whole(text, "en"), words[2:]) == "three—four"
