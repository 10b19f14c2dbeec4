"""A generation as the messages of the wire: sound in pieces of a second, characters cut near them, times from zero.

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
from aligner.speech.server.espeak import RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAMPLES: Final = 2 * RATE
"""Two seconds of sound a message: about what the live service sends, and half the cost of one-second messages."""

_TAIL: Final = RATE // 20
"""The last 50 ms of a generation come in a message of their own: they are silent."""

_SAMPLE_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """One message before it is encoded: 16-bit samples at `espeak.RATE`, and the characters that go with them."""

    sound: bytes
    alignment: Alignment | None = None
    normalized: Alignment | None = None


class Cutter:
    """Cuts one generation after the other of a session."""

    def __init__(self, *, synced: bool) -> None:
        """``synced``: characters with every piece; else all those of a generation with its first."""
        self._synced = synced
        self._sound = bytearray()
        self._characters: list[str] = []
        self._edges: list[int] = [0]
        """Samples since the session began: one more than there are characters."""
        self._cut = 0
        """Samples of the session whose sound is out."""
        self._fresh = True

    def add(self, text: str, edges: Sequence[int], sound: bytes) -> Iterator[Piece]:
        """One utterance with its times in samples (`times.edges`, from 0); the pieces that are full now."""
        base = self._edges[-1]
        self._characters.extend(text)
        self._edges.extend([base + edge for edge in edges[1:]])
        self._sound += sound
        while self._synced and len(self._sound) >= (SAMPLES + _TAIL) * _SAMPLE_BYTES:
            yield self._piece(SAMPLES, self._nearest(self._cut + SAMPLES))

    def finish(self) -> Iterator[Piece]:
        """The generation is complete: what is left of it, the tail last."""
        rest = len(self._sound) // _SAMPLE_BYTES
        characters = len(self._characters)
        while rest > SAMPLES + _TAIL:
            yield self._piece(SAMPLES, characters)
            rest, characters = rest - SAMPLES, 0
        tail = _TAIL if rest > _TAIL else 0
        if characters or rest:
            yield self._piece(rest - tail, characters)
        if tail:
            yield self._piece(tail, 0)
        self._fresh = True

    def _nearest(self, sample: int) -> int:
        """How many characters end nearest to a place in the sound."""
        place = bisect_left(self._edges, sample)
        if place == len(self._edges) or (place and sample - self._edges[place - 1] <= self._edges[place] - sample):
            place -= 1
        return place

    def _piece(self, samples: int, characters: int) -> Piece:
        sound = bytes(self._sound[: samples * _SAMPLE_BYTES])
        del self._sound[: samples * _SAMPLE_BYTES]
        self._cut += samples
        if not characters:
            return Piece(sound)
        alignment = _alignment(self._characters[:characters], self._edges[: characters + 1])
        del self._characters[:characters]
        del self._edges[:characters]
        # The spoken text begins every generation with a space (protocol, alignment rule 6).
        normalized = _spaced(alignment) if self._fresh else alignment
        self._fresh = False
        return Piece(sound, alignment, normalized)


def _alignment(characters: list[str], edges: list[int]) -> Alignment:
    # Whole milliseconds of the session, and only then relative: the spans of all messages add up.
    times = clock.whole_milliseconds(edges, RATE)
    base = times[0]
    starts = tuple([time - base for time in times[:-1]])
    return Alignment(tuple(characters), starts, tuple([after - time for time, after in pairwise(times)]))


def _spaced(alignment: Alignment) -> Alignment:
    return Alignment((" ", *alignment.characters), (0, *alignment.starts), (0, *alignment.durations))
