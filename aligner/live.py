"""Speech while it is being made: sound, words and finished captions as they come, for players and agents.

A text that may still be written goes to the service session by session; what comes back is put on one clock that is
true to the sound handed out. A word is told once all of it was timed, a cue once nothing that follows can change it.
Where the rules of times, words and cues live, this only calls; no file is read or written here.
"""

from __future__ import annotations

import asyncio
from array import array
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from aligner import clock, feeding
from aligner.audio import measure, parse_format
from aligner.batch import prepare
from aligner.batch.options import Options
from aligner.captions import profiles
from aligner.captions.growing import Growing
from aligner.documents import language
from aligner.errors import IncompleteSpeech, UsageError
from aligner.model import Document, Segment, Timeline
from aligner.speech import service
from aligner.speech.stream import chunks
from aligner.timeline import merge
from aligner.timeline.characters import is_sounding
from aligner.timeline.following import Following

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator

    from aligner.audio import AudioFormat
    from aligner.captions.profiles import Profile
    from aligner.feeding import Feed
    from aligner.model import Alignment, Chunk, Cue, Sound, Word
    from aligner.speech.stream import Call

DEFAULTS: Final = Options()
LOCAL_FORMAT, OTHER_FORMAT = "pcm_22050", "pcm_24000"
"""What is asked of the service where nobody says: the embedded voices' own rate, and one that every plan has."""

_SAMPLE: Final = 2
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Audio:
    """A piece of the sound. All pieces joined are the whole sound, without a gap."""

    data: bytes
    """16-bit signed little-endian mono, whole samples."""
    start: int
    """Microseconds."""
    end: int
    rate: int
    """Samples a second."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word whose sound has been handed out."""

    word: Word
    index: int
    """Its number in the text, as cues count words."""


@dataclass(frozen=True, slots=True)
class FinishedCue:
    """A cue that will not change; its sound has been handed out."""

    cue: Cue
    """With the times at which it is shown and goes."""
    start: int
    """Microseconds in the sound where its first word begins."""
    end: int
    """And where its last word ends."""


Event: TypeAlias = Audio | SpokenWord | FinishedCue


async def stream(
    text: str | Iterable[str] | AsyncIterable[str], options: Options = DEFAULTS
) -> AsyncGenerator[Event, None]:
    """Speak a text, and hand over sound, words and finished cues while the speech is still being made.

    All times are microseconds of one clock, which begins with the sound. The sound of a word comes before it, the words
    of a cue before the cue; all three come in order. Close the generator if you leave early (``contextlib.aclosing``):
    that stops the session, and the iterator given.

    Args:
        text: a whole text, or pieces of one as they are written, joined as they are: such as a language model gives. A
            newline ends a paragraph. A plain iterator is asked in a thread, so it may block.
        options: as for ``speak``; of the formats only PCM. The language is guessed from the first text where it is not
            named.

    Raises:
        UsageError: wrong settings, and nothing was spoken; or a piece of the text is no ``str``.
        DocumentError: there is no voice for the language; nothing was spoken.
        SpeechError: the service refused, stalled, died or did not speak all. What was handed over before stays true.
    """
    options = _settings(options)
    engine = options.resolved()
    stock = prepare.check(options, engine)
    async with aclosing(feeding.begin(text, options.segment_size)) as feed:
        feed.language = spoken = options.language or await _guessed(feed)
        profile = profiles.load(options.profile, spoken, options.fps)
        async with service.reached(engine, stock.voices_folder, stock.dictionary_files) as reached:
            call = prepare.call(Document("", "", spoken), options, reached, stock)
            work = _Work(spoken, profile, parse_format(call.address.output_format))
            async with aclosing(_sessions(feed, call, work)) as found:
                async for events in found:
                    for event in events:
                        yield event


async def _guessed(feed: Feed) -> str:
    return await asyncio.to_thread(language.detect, await feed.sample())


def _settings(options: Options) -> Options:
    name = options.speech_format or (LOCAL_FORMAT if options.engine == "local" else OTHER_FORMAT)
    if parse_format(name).codec != "pcm":
        raise UsageError(f"{name} cannot be handed out as it comes", "speech_format", f"ask for {OTHER_FORMAT}")
    if options.ssml:
        raise UsageError("a text with tags cannot be spoken while it is written", "ssml", "give plain text")
    return replace(options, speech_format=name)


async def _sessions(feed: Feed, call: Call, work: _Work) -> AsyncGenerator[list[Event], None]:
    """What comes of the text, session by session."""
    while await feed.more():
        work.begin(feed.news(), feed.start)
        async with aclosing(feed.texts()) as texts, aclosing(chunks(call, texts)) as spoken:
            async for chunk in spoken:
                yield work.take(chunk)
                # Times, words and cues take milliseconds: the sound does not wait for them, nor whoever uses the loop.
                yield await asyncio.to_thread(work.tell, feed.news(), feed.sent)
        yield await asyncio.to_thread(work.end, feed.news(), feed.sent)
    yield await asyncio.to_thread(work.finish, feed.news())


class _Work:
    """What is known of the text and its sound."""

    def __init__(self, spoken: str, profile: Profile, audio_format: AudioFormat) -> None:
        self._format = audio_format
        self._growing = Growing(spoken, profile)
        self._following = Following(spoken)
        # The text from the session's beginning on.
        self._text = ""
        self._start = 0
        self._sessions = 0
        self._samples = 0
        self._chunks: list[Chunk] = []
        self._seen: set[tuple[bytes, Alignment | None, Alignment | None]] = set()
        # Whether a message of the session was timed.
        self._open = False
        self._odd = b""
        self._given = 0
        # The words that are in no cue yet, and the number of the first.
        self._words: list[Word] = []
        self._first = 0

    def begin(self, news: tuple[str, bool], start: int) -> None:
        """A session begins with the text from a place on; ``news`` is the text that came since."""
        self._read(news)
        self._text = self._text[start - self._start :]
        self._start = start
        self._sessions += 1
        self._chunks = []
        self._seen.clear()
        self._open = False
        self._odd = b""
        self._samples = self._given

    def take(self, chunk: Chunk) -> list[Event]:
        """The sound that a chunk brings."""
        if self._resent(chunk):
            return []
        self._chunks.append(chunk)
        self._open = self._open or bool(chunk.alignment or chunk.normalized)
        return list(self._hand_out(chunk.audio))

    def tell(self, news: tuple[str, bool], sent: int) -> list[Event]:
        """What can be told of the chunks by now; ``news`` is the text that came since, ``sent`` how far it went out."""
        self._read(news)
        if not self._open or self._given == self._samples:
            return []
        told = merge.so_far(self._text[: sent - self._start], self._chunks, self._sound())
        return list(self._tell(self._following.hear(self._moved(told), self._start, self._now)))

    def end(self, news: tuple[str, bool], sent: int) -> list[Event]:
        """The session is over: what it left open is told with all of it in hand."""
        self._read(news)
        text = self._text[: sent - self._start]
        if self._given == self._samples:
            if any(map(is_sounding, text)):
                raise IncompleteSpeech("the service sent no sound", mend="run it again")
            return []
        whole = merge.Merger(text)
        segment = Segment(self._sessions - 1, 0, text)
        whole.place(segment, self._chunks, self._sound(), 0)
        return list(self._tell(self._following.hear(self._moved(whole.timeline()), self._start)))

    def finish(self, news: tuple[str, bool]) -> list[Event]:
        """The text is over."""
        self._read(news)
        return [*self._tell(self._following.finish()), *self._cues(self._growing.finish())]

    @property
    def _now(self) -> int:
        return clock.from_samples(self._given, self._format.sample_rate)

    def _read(self, news: tuple[str, bool]) -> None:
        text, last = news
        if text or last:
            self._text += text
            self._growing.read(text, last=last)
            self._following.read(text, last=last)

    def _sound(self) -> Sound:
        return measure(self._format, [chunk.audio for chunk in self._chunks])

    def _resent(self, chunk: Chunk) -> bool:
        """Whether this is a second copy of an earlier message, sound and all."""
        if not chunk.audio or not (chunk.alignment or chunk.normalized):
            return False
        content = (chunk.audio, chunk.alignment, chunk.normalized)
        if content not in self._seen:
            self._seen.add(content)
            return False
        heard = [*self._chunks, chunk]
        sound = measure(self._format, [one.audio for one in heard])
        return len(self._chunks) in merge.resent(self._text, heard, sound)

    def _hand_out(self, data: bytes) -> Iterator[Audio]:
        data = self._odd + data
        whole = len(data) // _SAMPLE * _SAMPLE
        self._odd = data[whole:]
        if whole:
            start = self._now
            self._given += whole // _SAMPLE
            yield Audio(data[:whole], start, self._now, self._format.sample_rate)

    def _moved(self, timeline: Timeline) -> Timeline:
        by = clock.from_samples(self._samples, self._format.sample_rate)
        starts, ends = (array("q", [time + by for time in times]) for times in (timeline.starts, timeline.ends))
        return Timeline(timeline.text, starts, ends)

    def _tell(self, words: Iterable[Word]) -> Iterator[Event]:
        new = list(words)
        if not new:
            return
        yield from (SpokenWord(word, index) for index, word in enumerate(new, self._first + len(self._words)))
        self._words += new
        yield from self._cues(self._growing.add(new))

    def _cues(self, cues: Iterable[Cue]) -> Iterator[Event]:
        for cue in cues:
            first, stop = (place - self._first for place in cue.words)
            yield FinishedCue(cue, self._words[first].start, self._words[stop - 1].end)
            del self._words[:stop]
            self._first += stop
