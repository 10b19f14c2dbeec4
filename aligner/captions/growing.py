"""Words become cues while they are still being spoken: each cue is told once nothing that follows can change it.

However the text and the words arrive, the cues are the same; `segmentation.build` is this with everything at hand. Only
the words that may still matter are kept, so that a text may be without end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aligner.captions import cutting, fabric, layout
from aligner.captions.retiming import Retimer
from aligner.captions.script import Script
from aligner.captions.showing import Settled, Times, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aligner.captions.fabric import Fabric
    from aligner.captions.profiles import Profile
    from aligner.model import Cue, Word


class Growing:
    """The cues of one text, as it is written and spoken.

    ``read`` takes the text and ``add`` its words, each in order; the text of a word must have been read before it, and
    the further the text is ahead, the sooner a cue is settled. ``finish`` gives the rest.
    """

    def __init__(self, language: str, profile: Profile) -> None:
        self._profile = profile
        self._script = Script(language)
        self._cuts = cutting.begin(profile)
        self._retimer = Retimer(profile)
        self._times = Times(profile)
        # The words from number ``_first`` on, their starts never falling; before it, where the last one stops.
        self._words: list[Word] = []
        self._first = 0
        self._before = -1
        self._latest = 0
        self._done = 0
        self._cut = 0

    def read(self, text: str, *, last: bool = False) -> None:
        """Take in what follows in the text; ``last`` where nothing will follow that.

        Args:
            text: joined to what was read before; every newline ends a paragraph.
            last: whether the text ends with it.
        """
        self._script.read(text, last=last)

    def add(self, words: Iterable[Word]) -> tuple[Cue, ...]:
        """Take in the words that follow, with spans of the whole text; returns the cues that are settled now."""
        latest = self._latest
        for word in words:
            latest = max(latest, word.start)
            self._words.append(word if word.start == latest else replace(word, start=latest))
        self._latest = latest
        stop = self._sure()
        if stop <= self._done:
            return ()
        return tuple(self._cues(stop))

    def finish(self) -> tuple[Cue, ...]:
        """The cues that are left, once the whole text was read and all its words were added."""
        if not self._words:
            return ()
        self._script.look()
        return tuple(self._cues(self._first + len(self._words), last=True))

    def _sure(self) -> int:
        """The number of words of which all is known that bears on a cue that ends with one of them."""
        words = self._words
        last = len(words) - 1
        # A word without sound may yet get another time (`timing`), with all that begin when it does.
        while last > 0 and words[last - 1].start == words[last].start:
            last -= 1
        last -= 1
        if last <= self._done - self._first:
            return 0
        self._script.look()
        while last > 0 and not self._script.tells(words[last - 1].span[1], words[last].span[0]):
            last -= 1
        return self._first + last

    def _cues(self, stop: int, *, last: bool = False) -> Iterator[Cue]:
        cloth = fabric.weave(self._script, self._words, self._profile, self._before)
        stops = self._cuts.extend(cloth, self._first, stop)
        self._done = stop
        stops += self._cuts.finish() if last else []
        shifts = self._retime(cloth, [self._cut, *stops]) if stops else []
        shifts += self._retimer.finish() if last else []
        yield from self._times.shift(cloth.grid, shifts, last=last)
        self._cut = stops[-1] if stops else self._cut
        if not last:
            self._forget()

    def _retime(self, cloth: Fabric, places: list[int]) -> list[int]:
        begins = np.array(places[:-1], np.int32) - np.int32(self._first)
        stops = np.array(places[1:], np.int32) - np.int32(self._first)
        at = cloth.grid.moments(begins, stops - 1)
        reading = cloth.reads(begins, stops, stops - begins)
        columns = (begins, stops, layout.splits(cloth, begins, stops))
        times = (at.begin, at.sound, at.linger, at.following, reading)
        for begin, stop, upper, *moments in zip(*(column.tolist() for column in (*columns, *times)), strict=True):
            parts = (self._words[begin : begin + upper], self._words[begin + upper : stop])
            lines = tuple(line(self._script, part) for part in parts if part)
            self._times.wait(Settled((begin + self._first, stop + self._first), lines, *moments))
        return self._retimer.extend(cloth.grid, at, reading)

    def _forget(self) -> None:
        """Leave behind the words that bear on no cue to come: it depends on one before it, and on when that began."""
        old = self._cut - self._first - 1
        while old > 0 and self._words[old].start == self._words[old + 1].start:
            old -= 1
        if old > 0:
            self._before = self._words[old - 1].span[1]
            del self._words[:old]
            self._first += old
            self._script.forget(self._words[0].span[0])
