"""Moves the in-times of chosen cues by a frame or two where that mends a broken limit.

Guides allow an in-time within two frames of the sound. A heading one frame too short, or a gap one frame too narrow,
is so made good without anybody seeing it. Which cues there are is settled before; what each pair of in-times costs
depends on one cue only, so the best shifts are found exactly, as the cues were, and told as soon as no later cue can
change them.
"""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING

import numpy as np

from aligner.captions.timing import Moments

if TYPE_CHECKING:
    from aligner.captions.profiles import Profile
    from aligner.captions.timing import Costs, Grid, Ints

_EARLY, _LATE = 1.0, 1.5
"""What a frame of shift costs: far less than any fault; text before its sound is the lesser evil."""


class Retimer:
    """Takes the cues of a text in order and gives for each how many frames it comes after its sound."""

    def __init__(self, profile: Profile) -> None:
        self._options = list(range(-profile.sync_frames, profile.sync_frames + 1))
        self._price = [_LATE * shift if shift > 0 else -_EARLY * shift for shift in self._options]
        self._stay = profile.sync_frames
        # What the best shifts of the cues so far cost, by the shift of the next one; nothing is before the first.
        self._best = [float("inf")] * len(self._options)
        self._best[self._stay] = 0.0
        # For each cue whose shift is still open, which is best, by the shift of the one after it.
        self._open: list[list[int]] = []

    def extend(self, grid: Grid, at: Moments, reading: Ints) -> list[int]:
        """Take more cues; returns the shifts that are settled now, in order."""
        calm, table = self._tables(grid, at, reading)
        found: list[int] = []
        for quiet, costs in zip(calm, table, strict=True):
            if quiet and self._best.index(min(self._best)) == self._stay and not self._open:
                # However the next one is shifted, this one stays where it is.
                base = self._best[self._stay]
                self._best = [base + price for price in self._price]
                found.append(0)
            else:
                self._weigh(costs)
                found += self._settle(range(len(self._options)))
        return found

    def finish(self) -> list[int]:
        """The shifts that are left: no cue will follow."""
        return self._settle([self._stay])

    def _tables(self, grid: Grid, at: Moments, reading: Ints) -> tuple[list[bool], list[list[list[float]]]]:
        """What each cue's faults cost, by the shift of the cue after it and by its own; and whether they are none."""
        costs: Costs = np.stack(
            [
                grid.faults(moved, grid.outs(moved, reading), reading)
                for after in self._options
                for own in self._options
                for moved in (Moments(at.begin + own, at.sound, at.linger, at.following + after),)
            ],
            axis=-1,
        ).reshape(len(reading), len(self._options), len(self._options))
        calm: list[bool] = (costs[:, :, self._stay] == 0).all(axis=1).tolist()
        table: list[list[list[float]]] = costs.tolist()
        return calm, table

    def _weigh(self, costs: list[list[float]]) -> None:
        sums = [list(map(add, self._best, own)) for own in costs]
        least = list(map(min, sums))
        self._open.append([column.index(cheapest) for column, cheapest in zip(sums, least, strict=True)])
        self._best = list(map(add, least, self._price))

    def _settle(self, states: range | list[int]) -> list[int]:
        """The open shifts that are the same whichever of some shifts the next cue has."""
        found: list[int] = []
        known = 0
        alive = set(states)
        for place in range(len(self._open) - 1, -1, -1):
            alive = {self._open[place][state] for state in alive}
            if len(alive) == 1:
                (state,) = alive
                found.append(self._options[state])
                known = max(known, place + 1)
        del self._open[:known]
        return found[::-1]
