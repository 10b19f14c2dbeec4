"""Which characters of a segment each message of the service speaks of: text only, no times and no sound.

The service's text is never trusted as the document's: its characters are only matched to the segment's own. Both are
folded first, so that white space, the form of an accent, quotes and dashes do not matter. Everything is decided with
the whole session in hand.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, compress
from operator import add
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from aligner import clock
from aligner.model import Alignment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aligner.model import Chunk, Sound

Kind: TypeAlias = Literal["none", "silent", "continues", "repeats", "resent", "jumps", "differs"]

WINDOW = 128
"""Folded characters compared at once where texts differ: a number of twenty digits spelt out fits."""

SURE = 3
"""Three letters in a row, one ideograph or one mark are no accident; a single Latin letter is."""

RESUMED = 16
"""After so many equal characters the texts run in step again, and the rest is compared from there."""

PROBE = 32
"""Characters looked for further on where text is missing between messages."""

LOST = 250_000
"""Microseconds of sound without characters from which text may be missing: twice what was seen of cuts."""

SHORT_PROBE = 8
"""Below this a probe says nothing about where it belongs."""

_ALIKE = str.maketrans(
    "\u2018\u2019\u201a\u201b\u2032\u00b4`\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u3002\u3001",
    "'''''''" + '"' * 7 + "-" * 7 + ".,",
)


class Block(NamedTuple):
    """``size`` folded characters of the segment from ``text`` are those of the message from ``letters``."""

    text: int
    letters: int
    size: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without white space and without differences that do not matter."""

    letters: str
    owners: Sequence[int]
    """For each letter, the code point of the text that it comes from."""


@dataclass(frozen=True, slots=True)
class Message:
    """The folded characters of one alignment with their own times, in microseconds of the message's clock."""

    letters: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    first: int
    """Start of its first character, white space included."""
    span: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one message is to the segment's text."""

    kind: Kind
    at: int = 0
    """The folded position at which its text begins."""
    blocks: tuple[Block, ...] = ()
    repeats: int = 0
    """Of a repeat: the first of the messages that it replaces."""


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """What of a character is compared; empty for white space and for what is neither seen nor heard."""
    if character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}:
        return ""
    plain = character.translate(_ALIKE)
    return "".join(unicodedata.normalize("NFKD", plain).casefold().split()).translate(_ALIKE)


def fold(text: str) -> Folded:
    """A text folded, with the way back."""
    pieces = [fold_character(character) for character in text]
    owners = [index for index, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), owners)


def messages_of(chunks: Sequence[Chunk]) -> list[Message | None]:
    """Each message's characters: of the text as sent, else of the text as spoken; ``None`` where it has none."""
    found: list[Message | None] = []
    ended = True
    for chunk in chunks:
        chosen = chunk.alignment
        normalized = chunk.normalized
        if normalized is not None and (chosen is None or (not chosen.text.strip() and normalized.text.strip())):
            chosen = _without_lead(normalized) if ended else normalized
        found.append(None if chosen is None or not chosen.characters else _message(chosen))
        ended = chosen.text[-1:].isspace() if chosen is not None else ended
    return found


def _without_lead(normalized: Alignment) -> Alignment:
    """The spoken text without the space that begins a generation: its time is the first character's (as captured)."""
    if len(normalized.characters) <= 1 or not normalized.characters[0].isspace():
        return normalized
    (lead, first, *starts), (_, *durations) = normalized.starts, normalized.durations
    return Alignment(normalized.characters[1:], (lead, *starts), (first - lead + durations[0], *durations[1:]))


def _message(alignment: Alignment) -> Message:
    folded = [fold_character(character) for character in alignment.characters if len(character) == 1]
    if len(folded) < len(alignment.characters) or max(map(len, folded)) > 1:
        return _shared(alignment)
    # As nearly every message is: one character an entry, one letter or none a character.
    ends = map(add, alignment.starts, alignment.durations)
    return Message(
        "".join(folded),
        tuple(compress(alignment.starts, folded)),
        tuple(compress(ends, folded)),
        alignment.starts[0],
        alignment.span,
    )


def _shared(alignment: Alignment) -> Message:
    """A message whose entries hold several characters, or characters several letters."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for entry, start, duration in zip(alignment.characters, alignment.starts, alignment.durations, strict=True):
        # An entry may hold several characters, and a character several letters: each takes an even share.
        pieces = [fold_character(character) for character in entry]
        for number, piece in enumerate(pieces):
            for share in range(len(piece)):
                parts = len(pieces) * len(piece)
                begin = number * len(piece) + share
                starts.append(start + duration * begin // parts)
                ends.append(start + duration * (begin + 1) // parts)
        letters += pieces
    return Message("".join(letters), tuple(starts), tuple(ends), alignment.starts[0], alignment.span)


def read(
    text: Folded, chunks: Sequence[Chunk], messages: Sequence[Message | None], sound: Sound
) -> tuple[Reading, ...]:
    """For each chunk, which part of the text its message speaks of; chunks without one are ``none``.

    ``messages`` are those of ``messages_of`` for the same chunks, ``sound`` is where these lie.
    """
    return tuple(_Reader(text.letters, chunks, messages, sound).readings())


def resent(segment_text: str, chunks: Sequence[Chunk], sound: Sound) -> frozenset[int]:
    """The chunks that are a second copy of an earlier message, sound and all: drop them before anything is placed."""
    copies = Counter(
        (chunk.audio, chunk.alignment, chunk.normalized) for chunk in chunks if chunk.alignment or chunk.normalized
    )
    if max(copies.values(), default=1) == 1:
        return frozenset()
    readings = read(fold(segment_text), chunks, messages_of(chunks), sound)
    return frozenset(index for index, reading in enumerate(readings) if reading.kind == "resent")


class _Unclaimed:
    """How much sound no message's span accounts for: it grows where characters were lost with their sound there."""

    def __init__(self) -> None:
        self._spans = 0
        self._most = 0

    def before(self, message: Message, begin: int, end: int) -> int:
        """How much there is more of it than at any message before.

        A message may speak of sound that came before it (only the last of a generation is aligned) or of sound still
        to come (only the first is), so the smaller of what its begin and its end tell counts.
        """
        before = begin - self._spans
        self._spans += message.span - message.first
        unclaimed = min(before, end - self._spans)
        grown = unclaimed - self._most
        self._most = max(self._most, unclaimed)
        return grown


class _Reader:
    """Walks the messages along the text; ``cursor`` is where the next folded character is expected."""

    def __init__(self, text: str, chunks: Sequence[Chunk], messages: Sequence[Message | None], sound: Sound) -> None:
        self._text = text
        self._heard = [0, *(clock.from_samples(end, sound.rate) for end in sound.ends)]
        self._unclaimed = _Unclaimed()
        self._chunks = chunks
        self._letters = [message.letters if message else "" for message in messages]
        self._messages = messages
        self._joined = "".join(self._letters)
        losses = (index for index, message in enumerate(messages) if message is None and chunks[index].audio)
        self._last_loss = max(losses, default=0)
        self._offsets = [0, *accumulate(map(len, self._letters))]
        self._seen: set[tuple[bytes, Alignment | None, Alignment | None]] = set()
        self._spoken: list[tuple[int, int]] = []
        self._cursor = 0

    def readings(self) -> Iterator[Reading]:
        for index, (letters, message) in enumerate(zip(self._letters, self._messages, strict=True)):
            if message is None:
                yield Reading("none")
                continue
            lost = self._unclaimed.before(message, self._heard[index], self._heard[index + 1])
            if not letters:
                yield Reading("silent", self._cursor)
                continue
            after_loss = lost > LOST and index > 0 and self._messages[index - 1] is None
            reading = self._after_loss(index, letters, lost) if after_loss else self._next(index, letters)
            if reading.blocks:
                self._follow(index, reading)
            yield reading

    def _follow(self, index: int, reading: Reading) -> None:
        if reading.kind == "repeats":
            self._spoken = [known for known in self._spoken if known[0] < reading.repeats]
        self._spoken.append((index, reading.at))
        self._cursor = reading.blocks[-1].text + reading.blocks[-1].size
        chunk = self._chunks[index]
        self._seen.add((chunk.audio, chunk.alignment, chunk.normalized))

    def _next(self, index: int, letters: str) -> Reading:
        """What a message is that came right behind the one before; to continue the text is the likeliest."""
        if self._text.startswith(letters, self._cursor):
            return _whole("continues", self._cursor, letters)
        chunk = self._chunks[index]
        if chunk.audio and (chunk.audio, chunk.alignment, chunk.normalized) in self._seen:
            return Reading("resent", self._cursor)
        if (repeated := self._repeated(index)) is not None:
            first, at = repeated
            return Reading("repeats", at, align(self._text, letters, at), first)
        blocks = align(self._text, letters, self._cursor)
        if not blocks and (ahead := self._find(index, self._cursor)) is not None:
            return Reading("jumps", ahead, align(self._text, letters, ahead))
        return Reading("differs", self._cursor, blocks)

    def _after_loss(self, index: int, letters: str, lost: int) -> Reading:
        """What a message is before which so many microseconds of sound have no characters: text may be missing.

        Behind the last loss, all that is left to be said must reach the end of the text. Before that, the message
        stands where the text is found again, nearest to where so much sound leads, as a text may repeat itself.
        """
        rest = self._joined[self._offsets[index] :]
        a_letter = max(1, self._heard[-1]) / max(1, len(self._text))
        at = self._find(index, self._cursor + round(lost / a_letter))
        if index > self._last_loss and self._text.endswith(rest) and self._cursor <= len(self._text) - len(rest):
            at = len(self._text) - len(rest)
        if at is not None and at > self._cursor:
            return Reading("jumps", at, align(self._text, letters, at))
        if self._text.startswith(letters, self._cursor) or len(self._probe(index)) >= SHORT_PROBE:
            return self._next(index, letters)
        # Too short to tell where it belongs: its text is left to lie between what is known.
        return Reading("differs", self._cursor)

    def _find(self, index: int, expected: int) -> int | None:
        """Where this message and what follows it stand in the text from the cursor on, nearest to ``expected``."""
        probe = self._probe(index)
        if len(probe) < SHORT_PROBE:
            return None
        at = best = self._text.find(probe, self._cursor)
        while 0 <= at < expected:
            at = self._text.find(probe, at + 1)
            best = at if at >= 0 and abs(at - expected) < abs(best - expected) else best
        return best if best >= 0 else None

    def _probe(self, index: int) -> str:
        """The letters of this message and those that follow without a loss."""
        begin = self._offsets[index]
        while index < len(self._letters) and self._offsets[index] < begin + PROBE:
            if self._messages[index] is None and self._chunks[index].audio:
                break
            index += 1
        return self._joined[begin : min(begin + PROBE, self._offsets[index])]

    def _repeated(self, index: int) -> tuple[int, int] | None:
        """The first of the earlier messages that this one says again, whole, and where their text begins."""
        letters = self._letters[index]
        said = ""
        for earlier, at in reversed(self._spoken):
            said = self._letters[earlier] + said
            if len(said) > len(letters):
                return None
            # Few letters agree by accident: then the text itself must agree too.
            if letters.startswith(said) and (len(said) >= SHORT_PROBE or self._text.startswith(letters, at)):
                return earlier, at
        return None


def _whole(kind: Kind, at: int, letters: str) -> Reading:
    return Reading(kind, at, (Block(at, 0, len(letters)),))


def align(text: str, letters: str, at: int) -> tuple[Block, ...]:
    """The parts of ``letters`` found in ``text`` from ``at`` on, in order: equal runs, then windows that differ."""
    blocks: list[Block] = []
    here, there = at, 0
    while here < len(text) and there < len(letters):
        same = _equal_run(text, letters, here, there)
        if same:
            blocks.append(Block(here, there, same))
            here, there = here + same, there + same
            continue
        found = _differing(text[here : here + WINDOW], letters[there : there + WINDOW])
        blocks += (Block(here + block.text, there + block.letters, block.size) for block in found)
        if found:
            last = found[-1]
            here, there = here + last.text + last.size, there + last.letters + last.size
        else:
            there += WINDOW // 2
    return tuple(blocks)


def _equal_run(text: str, letters: str, here: int, there: int) -> int:
    longest = min(len(text) - here, len(letters) - there)
    if text.startswith(letters[there : there + longest], here):
        return longest
    size = 0
    while text[here + size] == letters[there + size]:
        size += 1
    return size


def _differing(text: str, letters: str) -> list[Block]:
    """The equal runs of two windows that are no accident, up to the first long one.

    What is spoken is longer than what is written (numbers, pinyin), so letters of the message may be passed over; a run
    that passes over more of the text than of the message must be as long as the difference. Short runs count only right
    behind the one before.
    """
    kept: list[Block] = []
    here = there = 0
    for block in SequenceMatcher(None, text, letters, autojunk=False).get_matching_blocks():
        run = text[block.a : block.a + block.size]
        weight = sum(1 if character.isascii() and character.isalnum() else SURE for character in run)
        skipped, passed = block.a - here, block.b - there
        if skipped - passed <= weight and (weight >= SURE or skipped + passed <= weight > 0):
            kept.append(Block(block.a, block.b, block.size))
            here, there = block.a + block.size, block.b + block.size
            if block.size >= RESUMED:
                break
    return kept
