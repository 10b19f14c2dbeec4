"""Speech over HTTP: the whole of it or as it is made, as sound alone or with the times of the characters.

All times count from the answer's beginning, also where the answer comes in pieces: that is what the users of these
endpoints expect (on the socket they restart in every message).
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec
from aiohttp import web

from aligner import clock
from aligner.speech.refusals import Refused
from aligner.speech.server import coding, speaking, statuses
from aligner.speech.server.operation.journal import LEFT, STALLED, STOPPED
from aligner.speech.server.relatives import requests
from aligner.speech.server.relatives.place import PREMISES, REQUEST_ID, endpoint

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator

    from aligner.model import Alignment
    from aligner.speech.server.operation.journal import Record
    from aligner.speech.server.relatives.requests import Order
    from aligner.speech.server.speaking import Message
    from aligner.speech.server.text.passage import Passage

SEND_PATIENCE: Final = 600.0
"""Seconds after which a client that does not read is given up."""

_TYPES: Final = {
    "mp3": "audio/mpeg",
    "pcm": "audio/pcm",
    "ulaw": "audio/basic",
    "alaw": "audio/x-alaw-basic",
    "opus": "audio/ogg",
    "wav": "audio/wav",
}
_JSON: Final = "application/json"


@dataclass(slots=True)
class Columns:
    """Characters with their times in seconds since the answer began."""

    characters: list[str] = field(default_factory=list)
    character_start_times_seconds: list[float] = field(default_factory=list)
    character_end_times_seconds: list[float] = field(default_factory=list)


class Times:
    """The alignments of one answer, one after the other: each message's times begin where the last one's ended."""

    def __init__(self) -> None:
        self._base = 0

    def add(self, alignment: Alignment | None, into: Columns | None = None) -> Columns | None:
        """An alignment with its times since the beginning, put behind those that are already there."""
        if alignment is None:
            return into
        into = into or Columns()
        base = self._base
        into.characters.extend(alignment.characters)
        for start, duration in zip(alignment.starts, alignment.durations, strict=True):
            into.character_start_times_seconds.append(clock.to_seconds(base + start))
            into.character_end_times_seconds.append(clock.to_seconds(base + start + duration))
        self._base += alignment.span
        return into


# -- the endpoints ----------------------------------------------------------------------------------------------------


async def convert(request: web.Request) -> web.StreamResponse:
    """The sound, whole."""
    async with _spoken(request) as said:
        sound = [message.audio async for message in said.messages]
        return web.Response(body=said.whole(sound), headers=said.headers(_type(said.order)))


async def stream(request: web.Request) -> web.StreamResponse:
    """The sound as it is made."""
    async with _spoken(request) as said:
        return await _streamed(request, said, _type(said.order), lambda message: message.audio)


async def with_timestamps(request: web.Request) -> web.StreamResponse:
    """The sound with the times of all characters, as one object."""
    async with _spoken(request) as said:
        sound: list[bytes] = []
        written, normalized = Columns(), Columns()
        of_written, of_normalized = Times(), Times()
        async for message in said.messages:
            sound.append(message.audio)
            of_written.add(message.alignment, written)
            of_normalized.add(message.normalized, normalized)
        body = _object(said.whole(sound), written, normalized)
        return web.Response(body=body, headers=said.headers(_JSON))


async def stream_with_timestamps(request: web.Request) -> web.StreamResponse:
    """The sound as it is made, one object a line."""
    of_written, of_normalized = Times(), Times()

    def line(message: Message) -> bytes:
        written, normalized = of_written.add(message.alignment), of_normalized.add(message.normalized)
        return _object(message.audio, written, normalized) + b"\n"

    async with _spoken(request) as said:
        return await _streamed(request, said, _JSON, line)


# -- how they speak ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    """Speech on its way."""

    order: Order
    messages: AsyncIterator[Message]
    limits: dict[str, str]

    def whole(self, sound: Iterable[bytes]) -> bytes:
        """All of the sound as a file, whose head may tell its length."""
        return coding.complete(self.order.address.output_format, b"".join(sound))

    def headers(self, content_type: str) -> dict[str, str]:
        return {"Content-Type": content_type, "character-cost": str(self.order.cost), **self.limits}


@asynccontextmanager
async def _spoken(request: web.Request) -> AsyncIterator[_Said]:
    """What was asked for, being spoken; whatever is under way at the end of the block is given up.

    Raises:
        Invalid: the request breaks the schema.
        Refused: it cannot be spoken.
    """
    premises = request.app[PREMISES]
    order = await requests.order(request)
    with _recorded(request, order) as record:
        premises.quota.use(len(order.text))
        generations = _noted(speaking.whole(order.text, order.terms), record)
        spoken = speaking.speak(generations, order.terms, premises.pool, premises.gate)
        async with aclosing(_counted(spoken, record)) as messages:
            # Before anything is answered: a refusal still has a status of its own.
            first = await anext(messages, None)
            yield _Said(order, _all(first, messages), _limits(request))


@contextmanager
def _recorded(request: web.Request, order: Order) -> Iterator[Record]:
    """The journal's record of the speech, with how it ended."""
    premises = request.app[PREMISES]
    with premises.journal.session(order.address, endpoint(request), request[REQUEST_ID]) as record:
        try:
            yield record
        except Refused as refused:
            record.refused(refused.refusal)
            record.closed(statuses.status(statuses.name(refused.refusal)))
            raise
        except TimeoutError:
            record.over(STALLED)
            raise
        except (asyncio.CancelledError, ConnectionError):
            record.over(STOPPED if premises.gate.closed else LEFT)
            raise
        record.closed(HTTPStatus.OK)


async def _streamed(
    request: web.Request, said: _Said, content_type: str, shown: Callable[[Message], bytes]
) -> web.StreamResponse:
    """Send messages as they come; a client that reads slowly holds back this one speech alone.

    Once the answer has begun nothing can be told any more: then it breaks off, which a client can tell from its end.
    """
    response = web.StreamResponse(headers=said.headers(content_type))
    await response.prepare(request)
    try:
        async for message in said.messages:
            async with asyncio.timeout(SEND_PATIENCE):
                await response.write(shown(message))
    except (Refused, TimeoutError):
        if request.transport:
            request.transport.close()
        raise
    await response.write_eof()
    return response


def _object(sound: bytes, written: Columns | None, normalized: Columns | None) -> bytes:
    content = {
        "audio_base64": b64encode(sound).decode(),
        "alignment": written,
        "normalized_alignment": normalized,
    }
    return msgspec.json.encode(content)


def _type(order: Order) -> str:
    return _TYPES[order.address.output_format.partition("_")[0]]


async def _noted(generations: AsyncIterator[Passage], record: Record) -> AsyncIterator[Passage]:
    async for generation in generations:
        record.generation(generation.text)
        yield generation


async def _counted(messages: AsyncGenerator[Message, None], record: Record) -> AsyncGenerator[Message, None]:
    async with aclosing(messages):
        async for message in messages:
            record.sent(message)
            yield message


async def _all(first: Message | None, messages: AsyncIterator[Message]) -> AsyncIterator[Message]:
    if first is not None:
        yield first
    async for message in messages:
        yield message


def _limits(request: web.Request) -> dict[str, str]:
    """How many generate, and how many may; the second is left out where there is no limit."""
    gate = request.app[PREMISES].gate
    headers = {"current-concurrent-requests": str(gate.now)}
    if gate.most is not None:
        headers["maximum-concurrent-requests"] = str(gate.most)
    return headers


ROUTES: Final = (
    web.post("/v1/text-to-speech/{voice_id}", convert, name="text_to_speech"),
    web.post("/v1/text-to-speech/{voice_id}/stream", stream, name="stream"),
    web.post("/v1/text-to-speech/{voice_id}/with-timestamps", with_timestamps, name="with_timestamps"),
    web.post(
        "/v1/text-to-speech/{voice_id}/stream/with-timestamps", stream_with_timestamps, name="stream_with_timestamps"
    ),
)
