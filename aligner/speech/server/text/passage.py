"""Text on its way to the voice, with notes on how stretches of it are spoken. Pure.

What a client wrote stays as it is (the characters of `alignment`); what SSML, pronunciation dictionaries and text
normalisation say about it stands in notes beside it. Every later step cuts passages, none of them rewrites text.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a stretch differs from the voice's own manner, as factors; 1 changes nothing."""

    rate: float = 1.0
    pitch: float = 1.0
    pitch_range: float = 1.0
    volume: float = 1.0

    def within(self, outer: Delivery) -> Delivery:
        """This delivery inside another: the factors multiply."""
        return Delivery(
            self.rate * outer.rate,
            self.pitch * outer.pitch,
            self.pitch_range * outer.pitch_range,
            self.volume * outer.volume,
        )


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of one stretch of a passage. A note says one thing: the other fields keep their defaults."""

    start: int
    stop: int
    """Half open, in code points of the passage; a pause has no length."""
    said: str | None = None
    """Spoken instead of what is written; empty for nothing at all."""
    ipa: str | None = None
    """How it is pronounced, in the signs of the IPA; ``said`` stays what is shown of it."""
    delivery: Delivery | None = None
    pause: int = 0
    """Microseconds of silence at ``start``."""

    @property
    def whole(self) -> bool:
        """The stretch may not be cut: it is spoken as one thing."""
        return self.said is not None or self.ipa is not None


@dataclass(frozen=True, slots=True)
class Passage:
    """Text as the client wrote it (without tags), with its notes, ascending by where they start.

    Notes that replace what is said (``whole``) never overlap each other, and deliveries neither.
    """

    text: str
    notes: tuple[Note, ...] = ()

    def __add__(self, other: Passage) -> Passage:
        if not self.notes and not other.notes:
            return Passage(self.text + other.text)
        return Passage(self.text + other.text, (*self.notes, *_moved(other.notes, len(self.text))))

    def __bool__(self) -> bool:
        return bool(self.text or self.notes)

    def cut(self, places: Iterable[int]) -> list[Passage]:
        """The passage in pieces that end at these places (ascending), the last one where the text does.

        A pause belongs to what is before it, unless nothing is. Each note is looked at where it stands and nowhere
        else: a message may hold tens of thousands.
        """
        bounds = [0, *places]
        if bounds[-1] != len(self.text) or len(bounds) == 1:
            bounds.append(len(self.text))
        if not self.notes:
            return [Passage(self.text[start:stop]) for start, stop in pairwise(bounds)]
        pieces: list[Passage] = []
        waiting: list[Note] = []
        index = 0
        for start, stop in pairwise(bounds):
            while index < len(self.notes) and self.notes[index].start <= stop:
                waiting.append(self.notes[index])
                index += 1
            kept = [_clipped(note, start, stop) for note in waiting if _meets(note, start, stop)]
            waiting = [note for note in waiting if note.stop > stop]
            pieces.append(Passage(self.text[start:stop], tuple(kept)))
        return pieces

    def outside(self) -> Callable[[int], int]:
        """What moves a place to cut at out of what is spoken as one thing, to its end."""
        whole = [note for note in self.notes if note.whole and note.start < note.stop]
        starts = [note.start for note in whole]

        def moved(place: int) -> int:
            before = bisect_left(starts, place) - 1
            return max(place, whole[before].stop) if before >= 0 else place

        return moved

    def noted(self, notes: Iterable[Note]) -> Passage:
        """The same text with more notes; one that replaces what is said gives way to those already there."""
        taken = [note for note in self.notes if note.whole]
        new = [
            note
            for note in notes
            if not (note.whole and any(one.start < note.stop and note.start < one.stop for one in taken))
        ]
        if not new:
            return self
        return Passage(self.text, tuple(sorted((*self.notes, *new), key=lambda note: (note.start, -note.stop))))


def _moved(notes: Iterable[Note], by: int) -> Iterable[Note]:
    return (replace(note, start=note.start + by, stop=note.stop + by) for note in notes)


def _clipped(note: Note, start: int, stop: int) -> Note:
    return replace(note, start=max(note.start, start) - start, stop=min(note.stop, stop) - start)


def _meets(note: Note, start: int, stop: int) -> bool:
    if note.start == note.stop:
        return start < note.start <= stop or note.start == start == 0
    return note.start < stop and start < note.stop
