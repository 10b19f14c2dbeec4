"""A text as captions see it: where its sentences end and its phrases begin, also while it is still being written.

What is told here stays true whatever follows; a whole text is one that was written in one piece. No word, no time and
no cue may enter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from aligner.captions import languages, phrases
from aligner.sentences import Ends

if TYPE_CHECKING:
    from collections.abc import Sequence

_AROUND = 3
"""Characters on both sides of a place that tell `phrases` whether a phrase begins there."""


class Script:
    """The part of a text that is still needed. All places count code points of the whole text."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.text = ""
        self.start = 0
        """Where ``text`` begins."""
        self.bounds: list[int] = []
        """Where phrases begin, in a script without spaces, and where the last one known ends."""
        self.doubts: list[bool] = []
        """For each, whether it is likely enough to be none."""
        self._model = languages.load(language).phrases
        self._sentences = Ends(language)
        self._parsed = -1
        self._whole = False

    def read(self, text: str, *, last: bool = False) -> None:
        """Take in what follows; ``last`` where nothing will follow that."""
        self.text += text
        self._whole = last
        self._sentences.read(text, last=last)

    def look(self) -> None:
        """Find what can be told by now."""
        self._sentences.look()
        if self._model:
            self._parse()

    def ends(self, before: int) -> Sequence[int]:
        """Where sentences end behind a place."""
        found = self._sentences.found
        return found[bisect_right(found, before) :]

    def tells(self, stop: int, begin: int) -> bool:
        """Whether all is known of a break between a word that stops and one that begins at these places."""
        return self._sentences.settled >= stop and (not self._model or (bool(self.bounds) and self.bounds[-1] > begin))

    def forget(self, place: int) -> None:
        """What is before a place will not be asked for again."""
        found = self._sentences.found
        del found[: bisect_left(found, place)]
        # The phrase that goes on at the place is still needed whole.
        old = max(0, bisect_right(self.bounds, place) - 1)
        del self.bounds[:old], self.doubts[:old]
        place = min(place, *self.bounds[:1], self._parsed - _AROUND) if self._model else place
        # Cutting a text costs its length: not before half of it is of no use.
        if 2 * (place - self.start) > len(self.text):
            self.text = self.text[place - self.start :]
            self.start = place

    def _parse(self) -> None:
        known = self.start + len(self.text)
        limit = known if self._whole else known - _AROUND
        if limit <= self._parsed:
            return
        low = max(self.start, self._parsed - _AROUND)
        places, doubts = phrases.cut(self.text[low - self.start :], self._model)
        for place, doubt in zip(places, doubts, strict=True):
            if self._parsed < low + place <= limit and (self._whole or low + place < known):
                self.bounds.append(low + place)
                self.doubts.append(doubt)
        self._parsed = limit


def whole(text: str, language: str) -> Script:
    """A text that is all there."""
    found = Script(language)
    found.read(text, last=True)
    found.look()
    return found
