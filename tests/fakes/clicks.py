"""A scripted speech service whose sound carries its own truth: a click at the start of each word.

No socket and no clock: a text, a variant and a seed give the messages of a session and the samples at which the clicks
are. A variant is one of the ways in which services were documented or seen to tell times. Anything that plays the
messages (a WebSocket around this, or a test directly) can measure how exact the times are that aligner makes of them.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from aligner import clock
from aligner.audio import Mp3Encoder
from aligner.audio.frames import scan
from aligner.model import Alignment, Chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from aligner.audio import AudioFormat

LOUD = 20000
"""The click's height; speech-like noise stays a hundred times below."""

SPELLED = dict(
    zip("0123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
)


@dataclass(frozen=True, slots=True)
class Variant:
    """How the service behaves; the plain one keeps to the documentation."""

    times: Literal["relative", "absolute", "generation"] = "relative"
    aligned: Literal["all", "first", "last"] = "all"
    """Which messages of a generation have an alignment (``first`` and ``last`` then tell the whole generation)."""
    normalized: Literal["both", "none", "only", "spelled"] = "both"
    """Whether there is a normalized alignment, or nothing else; ``spelled`` writes its digits as words."""
    jitter: int = 115
    """Milliseconds by which sound and characters of a message may be cut apart."""
    tail: int = 0
    """Milliseconds of sound behind the last character of each generation."""
    tail_apart: bool = False
    """The tail comes in a message of its own, without alignments."""
    partial: bool = False
    """Every second generation begins with a partial alignment that is told again whole."""
    resent: bool = False
    """Some messages come twice, sound and all."""
    grouped: bool = False
    """Entries hold several characters."""
    lost: Literal["", "null", "damaged"] = ""
    """Some messages inside generations have lost their alignment."""
    truncated: bool = False
    """Character times have fractions of milliseconds on the inside and are cut to whole ones in each message."""
    keep_alive: bool = False
    """Spaces of no duration appear, as keep-alive messages leave them."""
    encoders: Literal["session", "generation"] = "session"
    """mp3 only: one encoder for all, or one for each generation."""
    ragged: bool = True
    """Bytes are cut anywhere: inside a sample or an mp3 frame."""


@dataclass(frozen=True, slots=True)
class Session:
    """The messages of a session and the truth about them."""

    chunks: tuple[Chunk, ...]
    onsets: tuple[int, ...]
    """For each of ``word_starts``, the sample of the session's sound at which it is heard."""
    rate: int


@dataclass(frozen=True, slots=True)
class _Generation:
    """A piece of the text with the times of its characters, in tenths of milliseconds from its own start."""

    text: str
    edges: tuple[int, ...]
    """One more than characters."""
    clicks: tuple[int, ...]
    """Indices of the characters that begin words."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """One message: which characters of its generation, and which part of its sound in tenths of milliseconds."""

    first: int
    last: int
    sound: int


def speak(text: str, audio_format: AudioFormat, variant: Variant | None = None, seed: int = 0) -> Session:
    """The session in which a text is spoken."""
    variant = variant or Variant()
    chance = random.Random(seed)  # noqa: S311 - a test wants the same again, not a secret
    rate = audio_format.sample_rate
    generations = list(_generations(text, variant, chance))
    tails = [variant.tail * 10 for _ in generations]
    sounds = [_sound(g, tail, rate, chance) for g, tail in zip(generations, tails, strict=True)]
    encoded = _Encoded(audio_format, variant)
    chunks: list[Chunk] = []
    onsets: list[int] = []
    begin = 0
    for number, (generation, sound, tail) in enumerate(zip(generations, sounds, tails, strict=True)):
        origin = encoded.begin_generation()
        onsets += (origin + _samples(generation.edges[click], rate) for click in generation.clicks)
        cuts = _cuts(generation, tail, variant, chance)
        told = list(_alignments(generation, cuts, variant, chance, begin))
        if variant.partial and number % 2 == 0:
            told = _partly(generation, cuts, told, begin if variant.times == "absolute" else 0)
        edges = [0, *(_samples(cut.sound, rate) for cut in cuts)]
        for (first, last), (alignment, normalized, damaged) in zip(pairwise(edges), told, strict=True):
            audio = encoded.encode(sound[first:last].tobytes())
            chunks.append(Chunk(audio, alignment, normalized, damaged))
        rest = encoded.end_generation()
        chunks[-1] = replace(chunks[-1], audio=chunks[-1].audio + rest)
        begin += generation.edges[-1] + tail
    chunks[-1] = replace(chunks[-1], audio=chunks[-1].audio + encoded.end_session())
    if variant.ragged:
        chunks = _ragged(chunks, chance)
    if variant.resent:
        chunks = list(_resent(chunks, chance))
    return Session(tuple(chunks), tuple(onsets), rate)


def heard(samples: NDArray[np.int16], rate: int) -> list[float]:
    """The clicks in a sound, in seconds."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD // 3)
    apart = np.flatnonzero(np.diff(loud, prepend=-rate) > rate * 0.02)
    return [float(loud[index]) / rate for index in apart]


def word_starts(text: str) -> list[int]:
    """The first letter or digit of each run between white space; runs without one carry no click."""
    return [found.end() - 1 for found in re.finditer(r"(?<!\S)[^\w\s]*\w", text)]


def _samples(tenths: int, rate: int) -> int:
    return clock.to_samples(tenths * 100, rate)


def _generations(text: str, variant: Variant, chance: random.Random) -> Iterator[_Generation]:
    """Cuts of whole words, each ended by a space, as the service makes them."""
    position = 0
    while position < len(text):
        stop = position + chance.randint(40, 160)
        space = text.find(" ", stop)
        stop = len(text) if space < 0 else space + 1
        piece = text[position:stop]
        yield _timed(piece if piece[-1].isspace() else f"{piece} ", variant, chance)
        position = stop


def _timed(piece: str, variant: Variant, chance: random.Random) -> _Generation:
    if variant.keep_alive:
        piece = re.sub(r"(?<=[a-z]) ", lambda _: chance.choice((" ", "  ")), piece)
    durations: list[int] = []
    for index, character in enumerate(piece):
        if character.isspace():
            kept = index and piece[index - 1].isspace()
            tenths = 0 if kept else chance.randint(200, 900)
        elif character.isalnum():
            tenths = chance.randint(400, 1100)
        else:
            tenths = chance.randint(500, 4000)
        durations.append(tenths if variant.truncated else tenths // 10 * 10)
    edges = tuple(accumulate(durations, initial=0))
    return _Generation(piece, edges, tuple(word_starts(piece)))


def _sound(generation: _Generation, tail: int, rate: int, chance: random.Random) -> NDArray[np.int16]:
    """Noise where characters sound, silence in the tail, and the clicks."""
    noise = np.random.default_rng(chance.getrandbits(32))
    length = _samples(generation.edges[-1], rate)
    wave = np.zeros(_samples(generation.edges[-1] + tail, rate))
    wave[:length] = noise.normal(0, LOUD / 100, length)
    shape = LOUD * np.exp(-np.arange(rate // 250) / (rate / 1000)) * np.where(np.arange(rate // 250) % 2, -1, 1)
    for click in generation.clicks:
        at = _samples(generation.edges[click], rate)
        part = wave[at : at + len(shape)]
        part += shape[: len(part)]
    return wave.astype("<i2")


def _cuts(generation: _Generation, tail: int, variant: Variant, chance: random.Random) -> list[_Cut]:
    """Messages: characters cut anywhere, sound cut somewhere near, the end of both with the last message."""
    marks = [0]
    while marks[-1] < len(generation.text):
        marks.append(min(len(generation.text), marks[-1] + chance.randint(8, 60)))
    ends: list[int] = []
    for mark in marks[1:-1]:
        wanted = generation.edges[mark] + chance.randint(-variant.jitter, variant.jitter) * 10
        ends.append(max(wanted, ends[-1] if ends else 0, 0))
    ends = [min(end, generation.edges[-1]) for end in ends]
    total = generation.edges[-1] + tail
    cuts = [_Cut(first, last, end) for (first, last), end in zip(pairwise(marks), [*ends, total], strict=True)]
    if variant.tail_apart and tail:
        last = cuts[-1]
        cuts[-1:] = [_Cut(last.first, last.last, generation.edges[-1]), _Cut(last.last, last.last, total)]
    return cuts


def _alignments(
    generation: _Generation, cuts: Sequence[_Cut], variant: Variant, chance: random.Random, begin: int
) -> Iterator[tuple[Alignment | None, Alignment | None, bool]]:
    """For each message what it tells: the alignment, the normalized one, and whether it was damaged."""
    spoken = [cut for cut in cuts if cut.last > cut.first]
    tellers = {"all": spoken, "first": spoken[:1], "last": spoken[-1:]}[variant.aligned]
    for cut in cuts:
        if cut not in tellers:
            yield None, None, False
            continue
        span = (cut.first, cut.last) if variant.aligned == "all" else (0, len(generation.text))
        inner = span[0] > 0 and span[1] < len(generation.text)
        if variant.lost and inner and chance.random() < 0.3:
            yield None, None, variant.lost == "damaged"
            continue
        zero = {"relative": generation.edges[span[0]], "generation": 0, "absolute": -begin}[variant.times]
        alignment, normalized = _alignment(generation, span, zero, variant)
        keep = variant.normalized not in {"only", "spelled"}
        yield alignment if keep else None, None if variant.normalized == "none" else normalized, False


def _alignment(
    generation: _Generation, span: tuple[int, int], zero: int, variant: Variant
) -> tuple[Alignment, Alignment]:
    """The alignment of some characters and its normalized sister, in whole milliseconds on the wire."""
    size = 3 if variant.grouped else 1
    firsts = list(range(span[0], span[1], size))
    edges = [(generation.edges[index] - zero) // 10 for index in (*firsts, span[1])]
    texts = [generation.text[index : min(index + size, span[1])] for index in firsts]
    plain = _columns(texts, edges)
    if variant.normalized == "spelled":
        texts, edges = _spelled(texts, edges)
    if span[0] == 0:
        texts, edges = [" ", *texts], [edges[0], edges[0] + min(35, (edges[1] - edges[0]) // 2), *edges[1:]]
    return plain, _columns(texts, edges)


def _columns(texts: Sequence[str], edges: Sequence[int]) -> Alignment:
    starts = clock.from_milliseconds(edges[:-1])
    durations = clock.from_milliseconds(after - before for before, after in pairwise(edges))
    return Alignment(tuple(texts), starts, durations)


def _spelled(texts: Sequence[str], edges: Sequence[int]) -> tuple[list[str], list[int]]:
    spelled: list[str] = []
    times: list[int] = []
    for text, first, last in zip(texts, edges, edges[1:], strict=False):
        letters = "".join(SPELLED.get(character, character) for character in text)
        spelled += letters
        times += (first + (last - first) * index // len(letters) for index in range(len(letters)))
    return spelled, [*times, edges[-1]]


def _partly(
    generation: _Generation,
    cuts: Sequence[_Cut],
    told: list[tuple[Alignment | None, Alignment | None, bool]],
    begin: int,
) -> list[tuple[Alignment | None, Alignment | None, bool]]:
    """The second message tells the first one's characters again, with its own."""
    if len(cuts) < 2 or not cuts[1].last > cuts[1].first:
        return told
    whole, normalized = _alignment(generation, (0, cuts[1].last), -begin, Variant())
    return [told[0], (whole, normalized, False), *told[2:]]


class _Encoded:
    """The sound on its way into bytes; knows at which sample of the joined sound a generation begins."""

    def __init__(self, audio_format: AudioFormat, variant: Variant) -> None:
        self._format = audio_format
        self._each = variant.encoders == "generation"
        self._encoder: Mp3Encoder | None = None
        self._samples = 0
        self._bytes = b""

    def begin_generation(self) -> int:
        if self._format.bit_rate is not None and (self._each or self._encoder is None):
            self._encoder = Mp3Encoder(self._format.sample_rate, self._format.bit_rate)
        return self._samples

    def encode(self, pcm: bytes) -> bytes:
        if self._encoder is None:
            self._samples += len(pcm) // 2
            return pcm
        data = self._encoder.encode(pcm)
        if self._each:
            self._bytes += data
        else:
            self._samples += len(pcm) // 2
        return data

    def end_generation(self) -> bytes:
        if self._encoder is None or not self._each:
            return b""
        rest = self._encoder.flush()
        frames = scan(self._bytes + rest).frames
        # What a generation's own encoder adds is sound that is played.
        self._samples += len(frames) * frames[0].header.parameters.samples
        self._bytes = b""
        return rest

    def end_session(self) -> bytes:
        return b"" if self._encoder is None or self._each else self._encoder.flush()


def _ragged(chunks: Sequence[Chunk], chance: random.Random) -> list[Chunk]:
    """The same bytes, each cut moved by up to 50 of them."""
    data = b"".join(chunk.audio for chunk in chunks)
    ends = list(accumulate(len(chunk.audio) for chunk in chunks))
    moved = [min(len(data), max(0, end + chance.randint(-50, 50))) for end in ends[:-1]]
    marks = [0, *sorted(moved), len(data)]
    return [replace(chunk, audio=data[a:b]) for chunk, (a, b) in zip(chunks, pairwise(marks), strict=True)]


def _resent(chunks: Sequence[Chunk], chance: random.Random) -> Iterator[Chunk]:
    for chunk in chunks:
        yield chunk
        if chunk.alignment and len(chunk.alignment.text.split()) > 1 and chance.random() < 0.2:
            yield chunk
