"""The chunks of all sessions become one timeline: a time for every character of the document.

Only this module adds offsets. Everything is decided with a session's chunks and sound complete: which characters a
message speaks of (``matching``), where its clock begins (``anchoring``), then a time for each character, those that the
service did not mention in between their neighbours.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING

from aligner import clock
from aligner.errors import IncompleteSpeech
from aligner.model import Timeline
from aligner.timeline import anchoring, matching
from aligner.timeline.characters import is_sounding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.model import Chunk, Segment, Sound

FASTEST = 20_000
"""Microseconds a character: fifty a second is twice the fastest speech, so less sound than that holds none of it."""

DIGIT = 4
"""What a digit takes of a time that is shared out, where other characters take 1: it is a word of about so many."""

UNKNOWN = -1
NOISE = 125_000
"""Microseconds that sound and characters of a session under way lie apart because they are cut at different places: a
little more than was captured of it."""

_NO_LETTER = "\uffff"
"""A code point that is in no text (Unicode: a noncharacter)."""

QUOTED = 40
"""Characters of the document that an error quotes."""

resent = matching.resent


@dataclass(frozen=True, slots=True)
class Placement:
    """What was found in one session: for the log, and for who wants to know how far to trust it."""

    segment: int
    variant: str
    """How the service tells its times: ``relative``, ``absolute`` …, several joined by ``+``, or ``none``."""
    aligned: int
    """Characters (without white space) that the service timed."""
    unmatched: int
    """Characters (without white space) whose time lies between their neighbours'."""
    replaced: int
    """Messages that a later one replaced or repeated."""
    drift: int
    """Microseconds by which the last message was moved to follow the sound."""
    anchors: int
    """How many times the clock was set anew."""


class Merger:
    """Collects the sessions of one document, in any order, and gives its timeline.

    Segments and offsets must ascend together, as they do in the sound file.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = array("q", [UNKNOWN]) * len(text)
        self._ends = array("q", [UNKNOWN]) * len(text)

    def place(self, segment: Segment, chunks: Sequence[Chunk], sound: Sound, offset: int) -> Placement:
        """Time the characters of one segment.

        Args:
            segment: the text that was spoken.
            chunks: all messages of its session, without those that ``resent`` names.
            sound: where they lie in their sound.
            offset: microseconds in the sound file at which the session's sound begins.

        Raises:
            IncompleteSpeech: the end of the text has neither characters nor sound.
        """
        columns, readings, clocks = _time(segment.text, matching.fold(segment.text), chunks, sound)
        duration = clock.from_samples(max(0, sound.samples - sound.padding), sound.rate)
        _check_end(segment, columns, duration)
        columns.fill(duration)
        columns.shift(offset)
        self._starts[segment.start : segment.stop] = columns.starts
        self._ends[segment.start : segment.stop] = columns.ends
        return Placement(
            segment=segment.index,
            variant="+".join(sorted(clocks.times)) or "none",
            aligned=columns.aligned,
            unmatched=sum(map(len, segment.text.split())) - columns.aligned,
            replaced=_replaced(readings, clocks.bases),
            drift=clocks.drift,
            anchors=clocks.anchors,
        )

    def timeline(self) -> Timeline:
        """The times of the whole text; what no session spoke (white space between segments) lasts no time."""
        starts, ends = _ascending(self._starts, self._ends)
        return Timeline(self._text, starts, ends)


def so_far(text: str, chunks: Sequence[Chunk], sound: Sound) -> Timeline:
    """The times of a session's text as far as it was timed by now, from the start of its sound, while it goes on.

    Args:
        text: of the session, as far as it is known; more of it may follow.
        chunks: the messages that came, without those that ``resent`` names.
        sound: where they lie in their sound.

    Returns:
        The beginning of the text, up to the last character that was timed; with the whole session in hand its times may
        turn out to be others by as much as ``NOISE``.
    """
    folded = matching.fold(text)
    # The end of what is known is not the end of the text: nothing may be taken for it.
    open_ended = matching.Folded(folded.letters + _NO_LETTER, [*folded.owners, len(text)])
    columns, _, _ = _time(text, open_ended, chunks, sound, NOISE)
    timed = len(columns.starts)
    while timed and columns.starts[timed - 1] == UNKNOWN:
        timed -= 1
    columns.keep(timed)
    columns.fill(max(columns.ends, default=0))
    return Timeline(text[:timed], columns.starts, columns.ends)


def _time(
    text: str, folded: matching.Folded, chunks: Sequence[Chunk], sound: Sound, noise: int = 0
) -> tuple[_Columns, Sequence[matching.Reading], anchoring.Clocks]:
    """The times of the characters that the messages of a session speak of."""
    messages = matching.messages_of(chunks)
    readings = matching.read(folded, chunks, messages, sound)
    clocks = anchoring.place(chunks, messages, readings, sound, noise=noise)
    columns = _Columns(text)
    for message, reading, base in zip(messages, readings, clocks.bases, strict=True):
        if message is not None and base is not None:
            columns.write(folded, message, reading, base)
    return columns, readings, clocks


class _Columns:
    """The times of one segment's characters, from the start of its sound."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.starts = array("q", [UNKNOWN]) * len(text)
        self.ends = array("q", [UNKNOWN]) * len(text)
        self.aligned = 0

    def write(self, text: matching.Folded, message: matching.Message, reading: matching.Reading, base: int) -> None:
        """Enter what one message says; a character of several letters lasts from the first to the last of them."""
        for at, there, size in reading.blocks:
            owners = text.owners[at : at + size]
            for letter, owner in enumerate(owners, start=there):
                if self.starts[owner] == UNKNOWN:
                    self.starts[owner] = max(0, base + message.starts[letter])
                self.ends[owner] = max(0, base + message.ends[letter])

    def keep(self, size: int) -> None:
        """Leave off what is behind so many characters."""
        del self.starts[size:], self.ends[size:]

    def fill(self, duration: int) -> None:
        """Give the rest the time between its neighbours, and let all times ascend within the sound."""
        self.aligned = len(self.starts) - self.starts.count(UNKNOWN)
        self._ascend(duration)
        known = [index for index, start in enumerate(self.starts) if start != UNKNOWN]
        for left, right in pairwise((-1, *known, len(self.starts))):
            if right - left > 1:
                begin = self.ends[left] if left >= 0 else 0
                end = self.starts[right] if right < len(self.starts) else max(begin, duration)
                self._spread(left + 1, right, begin, end)

    def shift(self, offset: int) -> None:
        """Move all times by the session's place in the sound file."""
        self.starts = array("q", [start + offset for start in self.starts])
        self.ends = array("q", [end + offset for end in self.ends])

    def _ascend(self, duration: int) -> None:
        # What is unknown is below everything: it only passes on the last known time, and stays unknown itself.
        starts, ends = _ascending(self.starts, self.ends)
        for index, start in enumerate(self.starts):
            if start != UNKNOWN:
                self.starts[index], self.ends[index] = min(starts[index], duration), min(ends[index], duration)

    def _spread(self, first: int, last: int, begin: int, end: int) -> None:
        shares = [DIGIT if character.isdigit() else 1 for character in self._text[first:last]]
        total = sum(shares)
        edges = [begin + (end - begin) * part // total for part in accumulate(shares, initial=0)]
        self.starts[first:last] = array("q", edges[:-1])
        self.ends[first:last] = array("q", edges[1:])


def _ascending(starts: array[int], ends: array[int]) -> tuple[array[int], array[int]]:
    """Times in which nothing starts before what stands before it has ended."""
    run = array("q", accumulate(chain.from_iterable(zip(starts, ends, strict=True)), max, initial=0))
    return run[1::2], run[2::2]


def _check_end(segment: Segment, columns: _Columns, duration: int) -> None:
    """Refuse a session that ends before its text does.

    Characters at the end that were not timed may still be in the sound (an alignment that was dropped, a number that
    was spelt out); they are missing where the sound behind the last timed one is too short for them.
    """
    last = len(columns.ends) - 1
    while last >= 0 and columns.ends[last] == UNKNOWN:
        last -= 1
    rest = segment.text[last + 1 :]
    missing = sum(map(is_sounding, rest))
    left = duration - (columns.ends[last] if last >= 0 else 0)
    if missing and left < missing * FASTEST:
        quoted = " ".join(rest.split())
        quoted = quoted if len(quoted) <= QUOTED else f"{quoted[:QUOTED].rstrip()} …"
        problem = f"the last {missing} characters were never spoken, from “{quoted}” on"
        raise IncompleteSpeech(problem, f"segment {segment.index + 1}", "run it again")


def _replaced(readings: Sequence[matching.Reading], bases: Sequence[int | None]) -> int:
    return sum(reading.kind != "none" and base is None for reading, base in zip(readings, bases, strict=True))
