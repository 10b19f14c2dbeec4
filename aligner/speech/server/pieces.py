"""A generation as the messages of the wire: sound in pieces of two seconds, characters cut near them, times from zero.

As the service has it, sound and characters are cut at different places (a piece of sound anywhere, characters between
two of them), and the last piece of a generation is sound alone. Nothing drifts: all times are rounded once, from the
count of samples since the session began. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from aligner import clock
from aligner.model import Alignment
from aligner.speech.server.text.reading import Column
from aligner.speech.server.voice.espeak import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES: Final = 2 * RATE
"""Two seconds of sound a message: about what the live service sends, and half the cost of one-second messages."""

FIRST: Final = RATE // 2
"""Half a second in the first message of a generation: a short clause is enough to begin with."""

_TAIL: Final = RATE // 20
"""The last 50 ms of a generation come in a message of their own: they are silent."""

_APART: Final = RATE // 8
"""Samples that sound and characters of a message may be cut apart where a better place can be had (the live service:
about 115 ms)."""

_SAMPLE_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """One message before it is encoded: 16-bit samples at `espeak.RATE`, and the characters that go with them."""

    sound: bytes
    alignment: Alignment | None = None
    normalized: Alignment | None = None


class _Pending:
    """Characters that are spoken but not yet out, with their edges in samples since the session began."""

    def __init__(self, edge: int) -> None:
        self.characters: list[str] = []
        self.edges: list[int] = [edge]

    def add(self, column: Column) -> None:
        base = self.edges[-1]
        self.characters.extend(column.characters)
        self.edges.extend([base + edge for edge in column.edges[1:]])

    def copy(self) -> _Pending:
        new = _Pending(0)
        new.characters, new.edges = self.characters.copy(), self.edges.copy()
        return new

    def hold(self, samples: int) -> None:
        """A silence is the last character's; where there is none left, it is a blank's that nobody sent."""
        if self.characters:
            self.edges[-1] += samples
        else:
            self.add(Column(" ", (0, samples)))

    def near(self, sample: int) -> Iterator[int]:
        """The edges around a place in the sound, the nearest first."""
        edges = self.edges
        after = bisect_left(edges, sample)
        before = after - 1
        while before >= 0 or after < len(edges):
            if before < 0 or (after < len(edges) and edges[after] - sample < sample - edges[before]):
                yield edges[after]
                after += 1
            else:
                yield edges[before]
                before -= 1

    def meets(self, edge: int) -> bool:
        place = bisect_left(self.edges, edge)
        return place < len(self.edges) and self.edges[place] == edge

    def snap(self, edge: int, other: _Pending) -> bool:
        """Move the nearest edge to this one, unless it is an edge of the other telling, too."""
        nearest = bisect_left(self.edges, next(self.near(edge)))
        if other.meets(self.edges[nearest]):
            return False
        self.edges[nearest] = edge
        return True

    def take(self, edge: int) -> Alignment | None:
        """The characters that are over at an edge; those without time there come with the next."""
        return self._take(bisect_left(self.edges, edge))

    def rest(self) -> Alignment | None:
        return self._take(len(self.characters))

    def _take(self, count: int) -> Alignment | None:
        if not count:
            return None
        alignment = _alignment(self.characters[:count], self.edges[: count + 1])
        del self.characters[:count]
        del self.edges[:count]
        return alignment


class Cutter:
    """Cuts one generation after the other of a session."""

    def __init__(self, *, synced: bool) -> None:
        """``synced``: characters with every piece; else all those of a generation with its first."""
        self._synced = synced
        self._sound = bytearray()
        self._written = _Pending(0)
        self._said = self._written
        """The same object until something is said otherwise than it is written."""
        self._cut = 0
        """Samples of the session whose sound is out."""
        self._fresh = True
        self._due = FIRST
        """Samples of the next piece."""

    def add(self, written: Column, said: Column, sound: bytes) -> Iterator[Piece]:
        """One utterance as it is written and as it is said, with its times in samples; the pieces that are full now."""
        if said is not written and self._said is self._written:
            self._said = self._written.copy()
        self._written.add(written)
        if self._said is not self._written:
            self._said.add(said)
        self._sound += sound
        yield from self._full()

    def pause(self, samples: int) -> Iterator[Piece]:
        """A silence that nobody wrote a character for."""
        if self._said is not self._written:
            self._said.hold(samples)
        self._written.hold(samples)
        self._sound += bytes(samples * _SAMPLE_BYTES)
        yield from self._full()

    def finish(self) -> Iterator[Piece]:
        """The generation is complete: what is left of it, the tail last."""
        rest = len(self._sound) // _SAMPLE_BYTES
        while rest > self._due + _TAIL:
            rest -= self._due
            yield self._piece(self._due)
        tail = _TAIL if rest > _TAIL else 0
        if self._written.characters or self._said.characters or rest:
            yield self._piece(rest - tail)
        if tail:
            yield self._piece(tail)
        self._said = self._written
        self._fresh = True
        self._due = FIRST

    def _full(self) -> Iterator[Piece]:
        while self._synced and len(self._sound) >= (self._due + _TAIL) * _SAMPLE_BYTES:
            yield self._piece(self._due, self._edge(self._cut + self._due))

    def _edge(self, target: int) -> int:
        """Where characters are cut: both tellings at one time, so that either can be read on its own."""
        edge = next(edge for edge in self._written.near(target) if self._said.meets(edge))
        if abs(edge - target) <= _APART:
            return edge
        # Inside a long number: its digits only share the time of what is said for them, so one may move a little.
        said = next(self._said.near(target))
        return said if self._written.snap(said, self._said) else edge

    def _piece(self, samples: int, edge: int | None = None) -> Piece:
        """So much sound, with the characters up to an edge; all of them where none is named."""
        sound = bytes(self._sound[: samples * _SAMPLE_BYTES])
        del self._sound[: samples * _SAMPLE_BYTES]
        self._cut += samples
        self._due = SAMPLES
        alignment = self._written.rest() if edge is None else self._written.take(edge)
        said = alignment
        if self._said is not self._written:
            said = self._said.rest() if edge is None else self._said.take(edge)
        if said and self._fresh:
            said = _spaced(said)
            self._fresh = False
        return Piece(sound, alignment, said)


def _alignment(characters: list[str], edges: list[int]) -> Alignment:
    # Whole milliseconds of the session, and only then relative: the spans of all messages add up.
    times = clock.whole_milliseconds(edges, RATE)
    base = times[0]
    starts = tuple([time - base for time in times[:-1]])
    return Alignment(tuple(characters), starts, tuple([after - time for time, after in pairwise(times)]))


def _spaced(alignment: Alignment) -> Alignment:
    """The spoken text begins every generation with a blank (protocol, alignment rule 6)."""
    if alignment.characters[0] == " ":
        return alignment
    return Alignment((" ", *alignment.characters), (0, *alignment.starts), (0, *alignment.durations))
