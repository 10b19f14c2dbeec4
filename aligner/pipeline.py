"""One document from end to end.

A document is cut into segments; each is spoken in a session of its own; the chunks that come back are joined into one
sound and placed on one timeline; characters group into words, words into cues; and everything is written, whole or not
at all. A document succeeds whole, or fails with its segment named.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import ExitStack, aclosing
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from aligner import clock, outputs
from aligner.audio import Track, measure, parse_format
from aligner.captions import profiles, segmentation
from aligner.documents import segments
from aligner.errors import AlignerError
from aligner.model import Narration, VoiceSettings
from aligner.outputs.whole import open_whole
from aligner.speech import pace
from aligner.timeline import merge, words

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
    from fractions import Fraction
    from pathlib import Path
    from typing import BinaryIO

    from aligner.audio import AudioFormat
    from aligner.model import Chunk, Document, Latency, Segment, Sound, Speech
    from aligner.timeline.merge import Placement

SOUND = "mp3"
UNTIMED = 0.1
"""More than this share of a segment's characters without a time of their own is worth a warning."""


@dataclass(frozen=True, slots=True)
class Style:
    """How captions look: a profile by name, and the frame rate of the video they are for."""

    profile: str = "netflix"
    fps: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks a document: one coroutine from a segment to its speech, and what to say of it in the timing JSON."""

    speak: Callable[[Segment], Awaitable[Speech]]
    speech_format: str
    attribution: Mapping[str, object]
    ahead: int = 2
    """Segments under way at once: what memory holds of a document's sound."""
    segment_size: int = 2_500
    """Characters spoken in one session, at most."""


@dataclass(frozen=True, slots=True)
class Target:
    """The files of one document: a path for each format, the timing JSON's first."""

    files: Mapping[str, Path]
    source: str | None = None
    """The document's name in the timing JSON: its path below the folder given."""

    @property
    def sound(self) -> Path | None:
        """Where the sound goes, if it is wanted."""
        return self.files.get(SOUND)


@dataclass(frozen=True, slots=True)
class Told:
    """What happened to one segment: its share of the document's sound, and how its timing was read."""

    segment: Segment
    duration: int
    """Microseconds of sound."""
    placement: Placement
    latency: Latency

    @property
    def warning(self) -> str | None:
        """What a reader should know about the timing, if anything."""
        total = self.placement.aligned + self.placement.unmatched
        if self.placement.unmatched > UNTIMED * total:
            return f"the service timed only {self.placement.aligned} of {total} characters; the rest lie evenly between"
        return None


async def run(
    document: Document, speaker: Speaker, style: Style, target: Target, tell: Callable[[Told], None]
) -> Narration:
    """Speak a document, time it, caption it and write all its files, whole or not at all.

    Raises:
        AlignerError: with the document and the segment as its place; no file is left behind then.
    """
    profiles.load(style.profile, document.language, style.fps)  # refused before anything is spoken
    with ExitStack() as stack:
        # Files appear when the stack unwinds, the last opened first: the sound, the captions, the timing JSON last.
        files = {name: stack.enter_context(open_whole(path)) for name, path in target.files.items()}
        narration = await _speak(document, speaker, target, files.get(SOUND), tell)
        narration = await asyncio.to_thread(recaption, narration, style)
        await asyncio.to_thread(_write, narration, files)
    return narration


def recaption(narration: Narration, style: Style) -> Narration:
    """The same words in new cues: nothing is spoken."""
    profile = profiles.load(style.profile, narration.language, style.fps)
    cues = segmentation.build(narration.text, narration.words, narration.language, profile)
    return replace(narration, cues=cues)


def write(narration: Narration, target: Target) -> None:
    """Write a narration's files other than its sound, whole or not at all."""
    with ExitStack() as stack:
        _write(narration, {name: stack.enter_context(open_whole(path)) for name, path in target.files.items()})


def _write(narration: Narration, files: Mapping[str, BinaryIO]) -> None:
    for name, file in files.items():
        if name != SOUND:
            file.write(outputs.FORMATS[name](narration))


async def _speak(
    document: Document, speaker: Speaker, target: Target, file: BinaryIO | None, tell: Callable[[Told], None]
) -> Narration:
    parts = segments.cut(document.text, document.language, speaker.segment_size, document.markup)
    work = _Work(document, parse_format(speaker.speech_format), file)
    # Closed at once where a segment cannot be placed: what else is under way would be spoken, and paid, for nothing.
    async with aclosing(_in_order(document, parts, speaker)) as spoken:
        async for segment, speech in spoken:
            try:
                told = await asyncio.to_thread(work.place, segment, speech)
            except AlignerError as error:
                raise error.at(_place(document, segment, len(parts))) from error
            tell(told)
    audio = await asyncio.to_thread(work.track.close)
    timeline = work.merger.timeline()
    return Narration(
        document.text,
        document.language,
        target.source,
        replace(audio, file=target.sound.name if target.sound else None),
        await asyncio.to_thread(words.group, timeline, document.language),
        speech={**speaker.attribution, "timing": work.figures(), "latency": work.latency()},
        timeline=timeline,
    )


class _Work:
    """A document's sound and timeline as they grow, segment by segment."""

    def __init__(self, document: Document, speech_format: AudioFormat, file: BinaryIO | None) -> None:
        self._format = speech_format
        self.track = Track.open(file, speech_format)
        self.merger = merge.Merger(document.text)
        self._placements: list[Placement] = []
        self._latencies: list[Latency] = []
        self._duration = 0

    def place(self, segment: Segment, speech: Speech) -> Told:
        """Join a segment's chunks to the sound and the timeline."""
        chunks = speech.chunks
        sound = self._measure(chunks)
        if again := merge.resent(segment.text, chunks, sound):
            chunks = tuple(chunk for index, chunk in enumerate(chunks) if index not in again)
            sound = self._measure(chunks)
        pieces = [chunk.audio for chunk in chunks]
        offset = self.track.add(pieces)
        placement = self.merger.place(segment, chunks, sound, offset)
        self._placements.append(placement)
        self._latencies.append(speech.latency)
        duration = clock.from_samples(sound.samples, sound.rate)
        self._duration += duration
        return Told(segment, duration, placement, speech.latency)

    def _measure(self, chunks: tuple[Chunk, ...]) -> Sound:
        return measure(self._format, [chunk.audio for chunk in chunks])

    def figures(self) -> dict[str, object]:
        """How the timing was read, over all segments."""
        told = self._placements
        return {
            "variants": sorted({placement.variant for placement in told}),
            "untimed_characters": sum(placement.unmatched for placement in told),
            "replaced_messages": sum(placement.replaced for placement in told),
            "anchors": sum(placement.anchors for placement in told),
            "drift_removed_ms": clock.to_milliseconds(max((abs(placement.drift) for placement in told), default=0)),
        }

    def latency(self) -> dict[str, object]:
        """How fast the service was, over all segments."""
        return pace.figures(self._latencies, self._duration).told()


async def _in_order(
    document: Document, parts: tuple[Segment, ...], speaker: Speaker
) -> AsyncGenerator[tuple[Segment, Speech], None]:
    """Speak segments side by side, but hand them over in order, at most ``ahead`` of them under way."""
    waiting = deque(parts)
    under_way: deque[tuple[Segment, asyncio.Task[Speech]]] = deque()
    try:
        while waiting or under_way:
            while waiting and len(under_way) < speaker.ahead:
                segment = waiting.popleft()
                under_way.append((segment, asyncio.ensure_future(speaker.speak(segment))))
            segment, task = under_way[0]
            try:
                speech = await task
            except AlignerError as error:
                raise error.at(_place(document, segment, len(parts))) from error
            under_way.popleft()
            yield segment, speech
    finally:
        for _, task in under_way:
            task.cancel()
        await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)


def _place(document: Document, segment: Segment, count: int) -> str:
    """The document and, where it has several, the segment with its first words."""
    if count == 1:
        return document.source
    return f"{document.source}, segment {segment.index + 1} of {count} (“{' '.join(segment.text.split()[:5])[:40]} …”)"


def settings(given: VoiceSettings, own: VoiceSettings) -> VoiceSettings:
    """A document's own voice settings over those of the run."""
    return VoiceSettings(
        **{**asdict(given), **{name: value for name, value in asdict(own).items() if value is not None}}
    )
