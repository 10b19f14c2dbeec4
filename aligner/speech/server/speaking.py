"""From generations of text to messages with sound and times, in order, a little ahead of who takes them.

The one path from text to speech, for the socket and for HTTP alike. Who reads slowly holds back only this: the next
utterances wait until their turn comes.
"""

from __future__ import annotations

import asyncio
from array import array
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from aligner import sentences
from aligner.errors import AlignerError, EngineError, ServiceBusy
from aligner.speech.refusals import SYSTEM_BUSY, Refusal, Refused
from aligner.speech.server import coding
from aligner.speech.server.coding import Plain
from aligner.speech.server.pieces import Cutter
from aligner.speech.server.text import normalization, reading, utterances
from aligner.speech.server.voice import voices
from aligner.speech.server.voice.espeak import RATE
from aligner.speech.server.voice.pipe import Job

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable

    from aligner.model import Alignment
    from aligner.speech.server.coding import Coder
    from aligner.speech.server.limits import Gate
    from aligner.speech.server.pieces import Piece
    from aligner.speech.server.terms import Terms
    from aligner.speech.server.text.passage import Passage
    from aligner.speech.server.text.reading import Part
    from aligner.speech.server.voice.pipe import Spoken
    from aligner.speech.server.voice.pool import Pool

AHEAD: Final = 2
"""Utterances that are spoken before they can be sent: enough for two cores, few enough to throw away."""


@dataclass(frozen=True, slots=True)
class Message:
    """Sound in the format that was asked for, with the characters that go with it."""

    audio: bytes
    alignment: Alignment | None = None
    """Of the text as it was written; times from 0 in every message."""
    normalized: Alignment | None = None
    """Of the text as it is said."""
    last: bool = False
    """No more of its generation follows."""


@dataclass(frozen=True, slots=True)
class _Under:
    """A part on its way."""

    part: Part
    spoken: asyncio.Task[Spoken | AlignerError] | None
    """``None``: a silence."""


class _GenerationEnd:
    """The last part of a generation has gone by."""


class _SessionEnd:
    """No more will come."""


_Item: TypeAlias = _Under | _GenerationEnd | _SessionEnd | AlignerError


def load() -> None:
    """Load what the first clients would wait for: about half a second, once, in a thread beside the loop."""
    coding.warm()
    sentences.ends("Ready.", "en")
    normalization.prepare("en")


async def speak(
    generations: AsyncIterable[Passage], terms: Terms, pool: Pool, gate: Gate | None = None
) -> AsyncGenerator[Message, None]:
    """Speak generations as they come, each to its end before the next; the coder's rest comes last.

    Close it (``contextlib.aclosing``) where it is not read to its end: what is under way is given up then.

    Args:
        generations: Text that is due. While none is, the session does not count as generating.
        terms: Who speaks, and how.
        pool: The voice processes.
        gate: Counts who is generating.

    Raises:
        Refused: a text cannot be spoken, or there is no room; everything before it has been yielded.
    """
    queue: asyncio.Queue[_Item] = asyncio.Queue(AHEAD)
    turn = _Turn(gate)
    filling = asyncio.create_task(_fill(queue, generations, terms, pool, turn))
    cutter = Cutter(synced=terms.synced)
    try:
        while not isinstance(item := await queue.get(), _SessionEnd):
            async for message in _said(item, cutter, terms):
                yield message
            if isinstance(item, _GenerationEnd):
                turn.done()
        if rest := terms.coder.flush():
            yield Message(rest)
    finally:
        turn.over()
        filling.cancel()
        await asyncio.wait([filling, *_given_up(queue)])


async def whole(text: str, terms: Terms) -> AsyncIterator[Passage]:
    """All of a text as generations that are due at once."""
    for generation in terms.buffer.add(terms.read(text), flush=True):
        yield generation


class _Turn:
    """A session's place among those that are generating: taken with its first part, left when it falls idle."""

    def __init__(self, gate: Gate | None) -> None:
        self._gate = gate
        self._generations = 0
        """Begun and not yet sent: the next one may begin while the last is still going out."""

    def begun(self) -> bool:
        """Whether nothing else is under way: then somebody waits for the first sound."""
        idle = not self._generations
        if self._gate and idle:
            self._gate.enter()
        self._generations += 1
        return idle

    def done(self) -> None:
        self._generations -= 1
        if self._gate and not self._generations:
            self._gate.leave()

    def over(self) -> None:
        if self._gate and self._generations:
            self._gate.leave()
        self._generations = 0


async def _fill(
    queue: asyncio.Queue[_Item], generations: AsyncIterable[Passage], terms: Terms, pool: Pool, turn: _Turn
) -> None:
    if terms.normalize:
        # Beside the loop: a language's rules take a tenth of a second, and most first sentences need none of them.
        _prepare(terms.language)
    try:
        async for generation in generations:
            urgent = turn.begun()
            for utterance in utterances.cut(generation, terms.language):
                for part in reading.parts(_prepared(utterance, terms)):
                    await _put(queue, _begin(part, terms, pool, urgent=urgent))
                    urgent = False
            await queue.put(_GenerationEnd())
    except AlignerError as error:
        # It waits for its turn: what was spoken before it is still sent.
        await queue.put(error)
    except Exception as bug:
        await queue.put(_internal(bug))
        raise
    await queue.put(_SessionEnd())


@cache
def _prepare(language: str) -> None:
    asyncio.get_running_loop().run_in_executor(None, normalization.prepare, language)


def _internal(bug: Exception) -> Refused:
    return Refused(Refusal("internal_error", f"We are sorry, something went wrong ({type(bug).__name__})."))


async def _put(queue: asyncio.Queue[_Item], item: _Under) -> None:
    """Wait for room; who is stopped while waiting leaves nothing behind."""
    try:
        await queue.put(item)
    except asyncio.CancelledError:
        if item.spoken:
            item.spoken.cancel()
        raise


def _given_up(queue: asyncio.Queue[_Item]) -> Iterable[asyncio.Task[object]]:
    """What is under way and will not be heard: told to stop."""
    while not queue.empty():
        item = queue.get_nowait()
        if isinstance(item, _Under) and item.spoken:
            item.spoken.cancel()
            yield item.spoken


def _prepared(utterance: Passage, terms: Terms) -> Passage:
    if terms.normalize:
        utterance = normalization.spell_out(utterance, terms.language)
    return utterance


def _begin(part: Part, terms: Terms, pool: Pool, *, urgent: bool) -> _Under:
    if part.silence:
        return _Under(part, None)
    if problem := voices.unreadable(terms.voice, part.said):
        raise Refused(Refusal("unsupported_text", problem))
    manner = voices.deliver(terms.manner, part.delivery) if part.delivery else terms.manner
    job = Job(
        part.said.encode(errors="replace"),
        manner.voice,
        manner.rate,
        manner.pitch,
        manner.pitch_range,
        manner.volume,
        part.sounds,
        terms.pristine,
    )
    return _Under(part, asyncio.create_task(_utter(job, pool, urgent=urgent)))


async def _utter(job: Job, pool: Pool, *, urgent: bool) -> Spoken | AlignerError:
    """An error waits for its turn: what was spoken before it is still sent."""
    try:
        return await pool.speak(job, urgent=urgent)
    except ServiceBusy:
        return Refused(SYSTEM_BUSY)
    except EngineError as error:
        return Refused(Refusal("speech_failed", str(error)))


async def _said(item: _Item, cutter: Cutter, terms: Terms) -> AsyncIterator[Message]:
    pieces = await _pieces(item, cutter, terms)
    if not isinstance(item, _GenerationEnd):
        async for message in _messages(pieces, terms.coder):
            yield message
        return
    # One behind: an encoder may swallow the last piece, and then it is the one before that is the last.
    held: Message | None = None
    async for message in _messages(pieces, terms.coder):
        if held:
            yield held
        held = message
    if held:
        yield replace(held, last=True)


async def _messages(pieces: Iterable[Piece], coder: Coder) -> AsyncIterator[Message]:
    for piece in pieces:
        audio = await _encoded(coder, piece.sound)
        if audio or piece.alignment or piece.normalized:
            yield Message(audio, piece.alignment, piece.normalized)


async def _pieces(item: _Item, cutter: Cutter, terms: Terms) -> Iterable[Piece]:
    if isinstance(item, AlignerError):
        raise item
    if not isinstance(item, _Under):
        return cutter.finish()
    if item.spoken is None:
        return cutter.pause(item.part.silence * RATE // 1_000_000)
    spoken = await item.spoken
    if isinstance(spoken, AlignerError):
        raise spoken
    pinyin = normalization.romanize(item.part.said) if terms.romanize else ()
    written, said = reading.timed(item.part, array("i", spoken.edges), pinyin)
    return cutter.add(written, said, spoken.sound)


async def _encoded(coder: Coder, sound: bytes) -> bytes:
    # An encoder works for milliseconds: other sessions go on meanwhile.
    return sound if isinstance(coder, Plain) else await asyncio.to_thread(coder.encode, sound)
