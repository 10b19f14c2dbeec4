"""Cues that are cut get their lines and, once the in-times of their neighbours are known, their times."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aligner import clock
from aligner.captions.timing import Moments
from aligner.model import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aligner.captions.profiles import Profile
    from aligner.captions.script import Script
    from aligner.captions.timing import Grid, Ints
    from aligner.model import Span, Word


class Settled(NamedTuple):
    """A cue of which only the times are open: its moments (see `timing`) before anything is shifted, in frames."""

    words: Span
    lines: tuple[str, ...]
    begin: int
    sound: int
    linger: int
    following: int
    reading: int


class Times:
    """Gives the cues of a text their times, in order; they never overlap, and last at least one frame."""

    def __init__(self, profile: Profile) -> None:
        self._fps = profile.fps
        self._reach = profile.sync_frames
        self._waiting: list[Settled] = []
        self._shifts: list[int] = []
        self._free = 0

    def wait(self, cue: Settled) -> None:
        """A cue whose shift will be told later."""
        self._waiting.append(cue)

    def shift(self, grid: Grid, shifts: Sequence[int], *, last: bool = False) -> Iterator[Cue]:
        """Take the frames by which the next waiting cues come late; gives the cues whose times are known by that.

        Args:
            grid: for its limits.
            shifts: as said, as `retiming.Retimer` tells them.
            last: whether no cue will follow those that wait.
        """
        self._shifts += shifts
        count = len(self._shifts)
        if not count:
            return
        waiting = self._waiting[:count]
        begin, sound, linger, following, reading = np.array([cue[2:] for cue in waiting], np.int32).T
        own = np.array(self._shifts, np.int32)
        at = Moments(begin + own, sound, linger, following + np.append(own[1:], np.int32(0)))
        outs = grid.outs(at, reading)
        if not last and self._waits(grid, at.part(slice(-1, None)), reading[-1:]):
            count -= 1
        del self._waiting[:count], self._shifts[:count]
        for cue, first, out in zip(waiting[:count], at.begin.tolist(), outs.tolist(), strict=False):
            # Only words that share a frame push each other on.
            frame = max(first, self._free)
            self._free = max(out, frame + 1)
            yield Cue(clock.from_frame(frame, self._fps), clock.from_frame(self._free, self._fps), cue.lines, cue.words)

    def _waits(self, grid: Grid, at: Moments, reading: Ints) -> bool:
        """Whether a cue goes sooner or later as the next one is shifted, which is not known yet."""
        options = np.arange(-self._reach, self._reach + 1, dtype=np.int32)
        (begin,), (sound,), (linger,), (following,) = at.begin, at.sound, at.linger, at.following
        same = np.zeros(len(options), np.int32)
        possible = grid.outs(
            Moments(same + begin, same + sound, same + linger, options + following), np.repeat(reading, len(options))
        )
        return bool((possible != possible[0]).any())


def line(script: Script, words: Sequence[Word]) -> str:
    """The words as the source has them, with one space wherever it has white space."""
    source = script.text[words[0].span[0] - script.start : words[-1].span[1] - script.start]
    if source.isprintable() and "  " not in source:
        return source
    parts = [words[0].text]
    for before, word in pairwise(words):
        parts.append(" " if word.span[0] > before.span[1] else "")
        parts.append(word.text)
    return "".join(parts)
