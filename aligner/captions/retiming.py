"""Moves the in-times of chosen cues by a frame or two where that mends a broken limit.

Guides allow an in-time within two frames of the sound. A heading one frame too short, or a gap one frame too narrow,
is so made good without anybody seeing it. Which cues there are is settled before; what each pair of in-times costs
depends on one cue only, so the best shifts of a run of cues are found exactly, as the cues were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aligner.captions.timing import Moments

if TYPE_CHECKING:
    from aligner.captions.timing import Costs, Grid, Ints

_EARLY, _LATE = 1.0, 1.5
"""What a frame of shift costs: far less than any fault; text before its sound is the lesser evil."""
_REACH = 3
"""How many cues around a fault may move."""


def retime(grid: Grid, at: Moments, reading: Ints) -> Moments:
    """The same cues with the in-times that break the fewest limits."""
    faulty = np.flatnonzero(grid.faults(at, grid.outs(at, reading), reading))
    if not grid.profile.sync_frames or not len(faulty):
        return at
    begin = at.begin.copy()
    for run in np.split(faulty, np.flatnonzero(np.diff(faulty) > 2 * _REACH) + 1):
        span = slice(max(0, int(run[0]) - _REACH), int(run[-1]) + _REACH + 1)
        begin[span] += _shifts(grid, at.part(span), reading[span])
    return Moments(begin, at.sound, at.linger, np.append(begin[1:], at.following[-1]).astype(np.int32))


def _shifts(grid: Grid, at: Moments, reading: Ints) -> Ints:
    """The best shifts of a run of cues, in frames; its first cue and what follows it stay, as neighbours do."""
    options = np.arange(-grid.profile.sync_frames, grid.profile.sync_frames + 1, dtype=np.int32)
    price = np.where(options < 0, -_EARLY * options, _LATE * options)
    stay = int(np.flatnonzero(options == 0)[0])
    best = np.full(len(options), np.inf)
    best[stay] = 0
    choices = []
    for costs in np.moveaxis(_table(grid, at, reading, options), -1, 0):
        sums = best[:, None] + costs
        choices.append(sums.argmin(axis=0))
        best = sums.min(axis=0) + price
    state, path = stay, []
    for choice in reversed(choices):
        state = int(choice[state])
        path.append(options[state])
    return np.array(path[::-1], np.int32)


def _table(grid: Grid, at: Moments, reading: Ints, options: Ints) -> Costs:
    """What the cues' faults cost by the shift of a cue and of the one after it: (options, options, cues)."""
    moved = (Moments(at.begin + own, at.sound, at.linger, at.following + after) for own in options for after in options)
    costs = [grid.faults(at, grid.outs(at, reading), reading) for at in moved]
    return np.reshape(costs, (len(options), len(options), -1))
