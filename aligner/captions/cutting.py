"""Where cues end: the cheapest way to cut a text into cues, found exactly, and no later than it is settled.

A cue's times and faults follow from its first and its last word (`timing`), its lines too (`layout`). So the costs of
the cues simply add up, and one pass over the words finds the best of all cuts: the best cut before a word is the best
cut before an earlier word and one cue more. No cue crosses a paragraph's end. What all cuts that may still become the
best have in common is settled, whatever words follow.
"""

from __future__ import annotations

import math
from operator import add
from typing import TYPE_CHECKING, Protocol

import numpy as np

from aligner.captions import layout

if TYPE_CHECKING:
    from aligner.captions.fabric import Fabric
    from aligner.captions.profiles import Profile

_BLOCK = 8192
"""Words whose cues are weighed at once: enough for numpy, small enough for the processor's cache."""
_PATIENCE = 256
"""Every so many words all cuts must agree up to so many words before: where each is as good as the next, in a text
that repeats itself and ends no sentence, they never would by themselves. Speech of two minutes."""


class Cuts(Protocol):
    """Cuts a text of which ever more words are known; words are counted from the first of the text."""

    def extend(self, cloth: Fabric, start: int, stop: int) -> list[int]:
        """Look at the cues that end before the words up to ``stop``, the number of words of which all is known.

        Args:
            cloth: what is known of the words from ``start`` on, at least of those after the last settled end and of
                one more than ``stop``, unless the text ends there.
            start: the number of the cloth's first word.
            stop: as said.

        Returns:
            The ends of the cues that are settled now, as numbers of the words after them.
        """

    def finish(self) -> list[int]:
        """The ends of the cues that are left: no word will follow."""


def begin(profile: Profile) -> Cuts:
    """The cuts of a profile: the cheapest where phrases are cues, else the text's own."""
    return _Cheapest() if profile.unit == "phrase" else _Fixed()


class _Cheapest:
    """For every word, what the best cut before it costs, and how many words the last cue of that cut has."""

    def __init__(self) -> None:
        self._settled = 0
        # From the word ``_first`` on; what is before is out of every later cue's reach, and settled.
        self._first = 0
        self._best = [0.0]
        self._counts = [0]

    def extend(self, cloth: Fabric, start: int, stop: int) -> list[int]:
        done = self._first + len(self._best) - 1
        for low in range(done, stop, _BLOCK):
            self._weigh(cloth, start, low - start, min(low + _BLOCK, stop) - start)
        if stop - start >= cloth.size:
            return []
        earliest = start + layout.reach(cloth, stop - start)
        stops = self._settle(self._common(earliest))
        self._forget(min(self._settled, earliest))
        return stops

    def finish(self) -> list[int]:
        return self._settle(self._first + len(self._best) - 1)

    def _weigh(self, cloth: Fabric, start: int, low: int, high: int) -> None:
        costs = layout.block(cloth, low, high)
        possible = np.isfinite(costs)
        # Most ends have few possible cues: only the columns from the longest one on are compared.
        longest = costs.shape[1] - possible.argmax(axis=1)
        used = np.arange(costs.shape[1], 0, -1) <= longest[:, None]
        flat, counts = costs[used].tolist(), longest.tolist()
        place = row = 0
        while row < len(counts):
            beat = min(len(counts), row + _PATIENCE - (start + low + row) % _PATIENCE)
            place = self._sum(flat, place, counts[row:beat])
            row = beat
            if (start + low + row) % _PATIENCE == 0 and low + row < cloth.size:
                self._agree(start + layout.reach(cloth, low + row))

    def _sum(self, flat: list[float], place: int, counts: list[int]) -> int:
        """The best cuts before the next words; ``flat`` has the costs of their last cues, from a place on."""
        best, found = self._best, self._counts
        for count in counts:
            sums = list(map(add, best[-count:], flat[place : place + count]))
            place += count
            cheapest = min(sums)
            found.append(count - sums.index(cheapest))
            best.append(cheapest)
        return place

    def _agree(self, earliest: int) -> None:
        """Give up the cuts that differ too far back from the one that ends here."""
        here = place = self._first + len(self._counts) - 1
        if here - self._common(earliest) <= _PATIENCE:
            return
        while here - place < _PATIENCE:
            place = self._before(place)
        for other in range(earliest, here):
            before = other
            while before > place:
                before = self._before(before)
            if before < place:
                self._best[other - self._first] = math.inf

    def _before(self, place: int) -> int:
        return place - self._counts[place - self._first]

    def _common(self, earliest: int) -> int:
        """The last end that all best cuts share that a later cue may go on from; none begins before ``earliest``."""
        costs = self._best[earliest - self._first :]
        alive = {place for place, cost in enumerate(costs, earliest) if cost < math.inf}
        place = self._first + len(self._counts) - 1
        while len(alive) > 1:
            if place in alive:
                alive.remove(place)
                alive.add(self._before(place))
            place -= 1
        return alive.pop()

    def _settle(self, end: int) -> list[int]:
        stops = []
        place = end
        while place > self._settled:
            stops.append(place)
            place = self._before(place)
        self._settled = end
        return stops[::-1]

    def _forget(self, place: int) -> None:
        del self._best[: place - self._first], self._counts[: place - self._first]
        self._first = place


class _Fixed:
    """The text decides: at each word, sentence or paragraph."""

    def __init__(self) -> None:
        self._done = 0
        self._settled = 0

    def extend(self, cloth: Fabric, start: int, stop: int) -> list[int]:
        flags = {"sentence": cloth.breaks.sentence, "paragraph": cloth.paragraph}.get(cloth.profile.unit)
        words = slice(self._done - start, stop - start)
        found = np.arange(stop - self._done) if flags is None else np.flatnonzero(flags[words])
        stops: list[int] = (found + self._done + 1).tolist()
        self._done = stop
        self._settled = stops[-1] if stops else self._settled
        return stops

    def finish(self) -> list[int]:
        return [self._done] if self._done > self._settled else []
