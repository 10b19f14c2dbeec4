"""When each message's clock begins, on the clock of its session's sound: spans summed, checked against the sound.

Facts (the protocol as documented and as captured from the live service): a message's times restart at 0; the sum of the
spans is the whole sound to 1 ms, while one message's span and its sound differ by up to 115 ms, so that the sum counts
and not the sound received; some services send absolute times; some send sound on after the last aligned character. No
text and no document may enter: only messages, and where they lie in the sound.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from aligner import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.model import Chunk, Sound
    from aligner.timeline.matching import Message, Reading

Times: TypeAlias = Literal["relative", "absolute", "absolute in the generation"]

NEAR = 250_000
"""Microseconds that sound and characters may lie apart for other reasons: twice what was seen of cuts."""


TAIL = 60_000
"""Microseconds of sound behind a generation that are a tail and no inaccuracy of counting mp3 frames."""


@dataclass(slots=True)
class _Placed:
    """One message on the way to its place."""

    index: int
    base: int
    """Where its clock's zero lies by the sum of the spans."""
    start: int
    """Where it continues what came before."""
    heard: int
    """How much sound there was that belongs before it."""
    generation: bool
    """Whether a generation may begin here, so that a shift may change."""
    lost: bool
    """Whether characters are missing before it: then it starts where the sound is, as nothing better is known."""
    shift: int = 0


@dataclass(slots=True)
class _Stream:
    """What one encoder made: its messages, and where its sound and its spans end."""

    begin: int
    placed: list[_Placed] = field(default_factory=list)
    spoken: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where the messages of a session begin, in microseconds of its sound."""

    bases: tuple[int | None, ...]
    """For each chunk, where its message's time 0 lies; ``None`` where it has no message to be placed."""
    stop: int
    """Where the last message ends."""
    times: frozenset[Times]
    drift: int
    """How far the last message was moved, in microseconds; positive where the sound ran ahead of the characters."""
    anchors: int
    """How many times the clock was set anew."""


def place(
    chunks: Sequence[Chunk],
    messages: Sequence[Message | None],
    readings: Sequence[Reading],
    sound: Sound,
    *,
    noise: int = 0,
) -> Clocks:
    """Where the clocks of all messages of one session begin; the three sequences run chunk by chunk.

    ``noise`` is for a session that goes on: sound and characters that lie apart by no more microseconds may yet meet.
    """
    heard = [0, *(clock.from_samples(end, sound.rate) for end in sound.ends)]
    walk = _Walk(messages, readings, heard, clock.from_samples(sound.lag, sound.rate))
    generations = _generation_starts(chunks, readings)
    own = {index: heard[index] - claimed for index, claimed in enumerate(_claims(messages, heard))}
    fresh = _stream_starts(sound, [(own[index], index) for index in sorted(generations)])
    for index, message in enumerate(messages):
        if message is not None:
            walk.place(index, message, _Place(own[index], fresh.get(index), index in generations))
    return walk.clocks(sound, noise)


@dataclass(frozen=True, slots=True)
class _Place:
    """What the sound says of a message before its times are looked at."""

    heard: int
    fresh: int | None
    generation: bool


class _Walk:
    """Places each message behind the ones before it; ``elapsed`` is the sum of the spans so far."""

    def __init__(
        self, messages: Sequence[Message | None], readings: Sequence[Reading], heard: Sequence[int], lag: int
    ) -> None:
        self._lag = lag
        self._messages = messages
        self._readings = readings
        self._heard = heard
        self._streams = [_Stream(0)]
        self._times: set[Times] = set()
        self._elapsed = 0
        self._generation = 0
        self._reset = 0

    def place(self, index: int, message: Message, where: _Place) -> None:
        """Give one message its base, by the cheapest reading of its times."""
        reading = self._readings[index]
        if reading.kind == "resent":
            # Its sound is heard a second time, as the file has it.
            self._elapsed += self._heard[index + 1] - self._heard[index]
            return
        if where.fresh is not None:
            self._begin_stream(where.fresh)
        if reading.kind == "repeats":
            self._take_back(reading.repeats)
        lost = reading.kind in {"jumps", "differs"} and self._lost_sound(index)
        if lost:
            # Characters are missing but their sound is there: it is their span.
            self._elapsed = max(self._elapsed, where.heard + self._lag)
        base, times = self._base(message)
        start = self._elapsed if times == "relative" else base + message.first
        generation = where.generation and reading.kind != "repeats"
        self._streams[-1].placed.append(_Placed(index, base, start, where.heard, generation, lost))
        self._times.add(times)
        self._elapsed = base + message.span

    def clocks(self, sound: Sound, noise: int) -> Clocks:
        """All messages in place, once each stream is checked against its sound."""
        self._streams[-1].spoken = self._elapsed
        self._streams[-1].limit = self._heard[-1]
        slack = clock.from_samples(sound.slack, sound.rate)
        changes = sum(_anchor(stream, self._lag, slack, noise) for stream in self._streams)
        bases: list[int | None] = [None] * len(self._messages)
        shift = 0
        for placed in (placed for stream in self._streams for placed in stream.placed):
            shift = placed.shift
            bases[placed.index] = placed.base + shift
        return Clocks(
            bases=tuple(bases),
            stop=self._elapsed + shift,
            times=frozenset(self._times),
            drift=self._reset + shift,
            anchors=changes + len(self._streams) - 1,
        )

    def _begin_stream(self, begin: int) -> None:
        """An encoder that starts anew puts its sound exactly there, whatever the spans add up to."""
        self._streams[-1].spoken = self._elapsed
        self._streams[-1].limit = begin
        self._streams.append(_Stream(begin))
        self._reset += begin - self._elapsed
        self._elapsed = begin

    def _base(self, message: Message) -> tuple[int, Times]:
        """The zero that lets a message continue where the one before ended; a first start of 0 is always relative."""
        choices: tuple[tuple[int, Times], ...] = (
            (self._elapsed, "relative"),
            (0, "absolute"),
            (self._generation, "absolute in the generation"),
        )
        best = min(choices, key=lambda choice: abs(choice[0] + message.first - self._elapsed))
        if best[1] == "relative":
            self._generation = best[0]
        return best

    def _take_back(self, first: int) -> None:
        """Forget the messages that a repeat replaces: it begins where the first of them did."""
        placed = self._streams[-1].placed
        while placed and placed[-1].index >= first:
            self._elapsed = placed.pop().start

    def _lost_sound(self, index: int) -> bool:
        """Whether sound came without usable characters just before a chunk."""
        while index and self._messages[index - 1] is None:
            index -= 1
            if self._heard[index + 1] > self._heard[index]:
                return True
        return False


def _generation_starts(chunks: Sequence[Chunk], readings: Sequence[Reading]) -> frozenset[int]:
    """The chunks that may begin a generation: the characters before ended with a space, and these begin with one.

    The service ends each generation with a space, and begins the normalized text of the next with one; where there is
    no normalized text, the first sign must do.
    """
    found: list[int] = []
    ended = True
    for index, (chunk, reading) in enumerate(zip(chunks, readings, strict=True)):
        written = chunk.alignment or chunk.normalized
        if reading.kind == "none" or written is None:
            continue
        begins = chunk.normalized is None or chunk.normalized.text[:1].isspace()
        if ended and begins and reading.kind not in {"resent", "repeats"}:
            found.append(index)
        ended = written.text[-1:].isspace()
    return frozenset(found)


def _claims(messages: Sequence[Message | None], heard: Sequence[int]) -> list[int]:
    """For each chunk, how much of the sound that came without characters before it is its own.

    Where only the last message of a generation is aligned, the generation's sound came before it; where only the first
    is, its sound comes after it. A message with less sound than span takes what is missing from before, if that is
    whole and no earlier message still waits for it; else it waits for what comes, and so do all after it. Where a
    session begins with more than is missing, its generations' tails come with their last message, and then all of what
    came before is taken.
    """
    claims = [0] * len(messages)
    loose = owed = 0
    tails = waits = False
    for index, message in enumerate(messages):
        sound = heard[index + 1] - heard[index]
        if message is None:
            paid = min(owed, sound)
            owed -= paid
            loose += sound - paid
            continue
        missing = message.span - sound
        if NEAR < missing <= loose + NEAR and not waits:
            tails = tails or (loose == heard[index] and loose - missing > TAIL)
            claims[index] = loose if tails else min(missing, loose)
            missing = 0
        owed = missing if missing > NEAR else 0
        waits = waits or owed > 0
        loose = 0
    return claims


def _stream_starts(sound: Sound, generations: Sequence[tuple[int, int]]) -> dict[int, int]:
    """For chunks that begin an encoder's stream of their own: where that stream begins, in microseconds.

    ``generations`` are the chunks that may begin one, each behind the sound before it, in order. A chunk's bytes may
    be cut some way from where its stream begins, so the nearest is taken.
    """
    found: dict[int, int] = {}
    for start in sound.streams[1:]:
        at = clock.from_samples(start, sound.rate)
        after = bisect_left(generations, (at, -1))
        nearest = min(generations[max(0, after - 1) : after + 1], key=lambda known: abs(known[0] - at), default=None)
        if nearest is not None and abs(nearest[0] - at) <= NEAR:
            found.setdefault(nearest[1], at)
    return found


def _anchor(stream: _Stream, lag: int, slack: int, noise: int) -> int:
    """Shift the messages of one stream that its sound shows to be elsewhere; returns how often the shift changes.

    At each generation start, the sound there minus the spans there is drift and noise (the two are cut at different
    places). Noise comes back, a true tail never does: so the drift at one start is the least that is found there or
    anywhere later, and nothing unless that is positive; where sound is missing, the same in the other direction. An
    encoder holds back up to its lag on the way and adds up to its slack at the end; neither is drift. Nor is what does
    not exceed ``noise``, while what comes later is not known.
    """
    high = _beyond(stream.limit - stream.spoken, noise)
    gaps: list[int] = [high - slack, high]
    changes, waiting, following = 0, [], None
    for position in reversed(range(len(stream.placed))):
        placed = stream.placed[position]
        waiting.append(placed)
        if position and not (placed.generation or placed.lost):
            continue
        if not placed.lost:
            gaps.append(_beyond(placed.heard + lag - placed.start, noise) if position else 0)
        shift = max(0, min(gaps)) or min(0, max(gaps)) if gaps else 0
        # Only the least and the greatest are asked for again; a loss breaks the sum, so nothing before it is later's.
        gaps = [] if placed.lost or not gaps else [min(gaps), max(gaps)]
        for member in waiting:
            member.shift = shift
        changes += following is not None and following != shift
        waiting, following = [], shift
    return changes


def _beyond(gap: int, noise: int) -> int:
    return gap if abs(gap) > noise else 0
