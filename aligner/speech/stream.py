"""The stream client: a socket as a pump for `protocol.ClientSession`. Text goes out while sound comes in.

Text is sent as fast as the service takes it, but hardly more than two generations ahead of the sound that has come
back: what is sent is as good as paid. Everything that waits has a time-out. What the chunks mean is not known here.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import stamina
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from aligner import sentences
from aligner.errors import ConnectionFailed, ProtocolError, ServiceBusy, ServiceStalled, UsageError
from aligner.model import Chunk
from aligner.speech.protocol import DEFAULT_SCHEDULE, ClientSession, Opening, State
from aligner.speech.refusals import refused_upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aligner.model import Secret
    from aligner.speech.address import Address
    from aligner.speech.protocol import ClientEvent

MAX_FRAME: Final = 16 * 2**20
"""Bytes; messages larger than 1 MiB occur (seen on the wire)."""
PIECE: Final = 250
"""Characters a text message holds at most; sentences are shorter as a rule."""
SOUND_PER_CHARACTER: Final = 50_000
"""Bytes of sound a character may bring, over half a second at the highest rate: more, and the service has run wild."""

# The library's debug log shows headers and frames: the key and the text. A logger that nobody can reach by name.
_SILENT: Final = logging.Logger("silent", logging.CRITICAL + 1)  # noqa: LOG001 - out of everybody's reach on purpose


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that a session waits, and how often it is tried."""

    connect: float = 10.0
    stall: float = 20.0
    """Without a byte from the service."""
    patience: float = 1.0
    """With two generations sent and nothing back: then one more is sent, and patience halves."""
    attempts: int = 3
    """For what may pass: a connection that died, a busy service."""


@dataclass(frozen=True, slots=True)
class Call:
    """Where and how to speak; the same for all segments that sound alike."""

    url: str
    address: Address
    opening: Opening
    key: Secret | None = None
    limits: Limits = Limits()


async def speak(call: Call, text: str) -> tuple[Chunk, ...]:
    """Speak a text in one session and bring home every chunk, in the order of arrival.

    Raises:
        SpeechError: the service refused, stalled, died or talked nonsense; what may pass is tried again first.
    """
    retrying = stamina.retry_context((ConnectionFailed, ServiceBusy), attempts=call.limits.attempts, wait_initial=0.25)
    async for attempt in retrying:
        with attempt:
            return await _Session(call, text).run()
    raise AssertionError("the last attempt returns or raises")


class _Connect(connect):
    """Never follows a redirect: the key would follow it."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class _Session:
    """One connection: its protocol, its two pumps, and how far the sound lags behind the text."""

    def __init__(self, call: Call, text: str) -> None:
        self._call = call
        self._text = text
        self._protocol = ClientSession(call.opening)
        self._chunks: list[Chunk] = []
        self._ahead = 0
        self._room = MAX_FRAME + SOUND_PER_CHARACTER * len(text)
        self._patience = min(call.limits.patience, call.limits.stall / 4)
        self._heard = asyncio.Event()
        self._silence = asyncio.timeout(None)
        self._armed = 0.0

    async def run(self) -> tuple[Chunk, ...]:
        socket = await self._connected()
        sending = asyncio.create_task(self._send(socket))
        try:
            await self._receive(socket)
        except ConnectionClosed as closed:
            frame = closed.rcvd
            self._protocol.closed(frame.code if frame else 1006, frame.reason if frame else "")
        finally:
            sending.cancel()
            await asyncio.wait([sending])
            await _close(socket)
        if not sending.cancelled():
            sending.result()
        return tuple(self._chunks)

    async def _connected(self) -> ClientConnection:
        call = self._call
        try:
            return await _Connect(
                call.url + call.address.target,
                additional_headers={"xi-api-key": call.key.reveal()} if call.key else None,
                compression=None,  # base64 of sound does not shrink
                open_timeout=call.limits.connect,
                ping_timeout=None,  # a service that computes may answer late; the stall time-out decides
                close_timeout=1,
                max_size=MAX_FRAME,
                max_queue=64,
                logger=_SILENT,
            )
        except InvalidStatus as error:
            raise refused_upgrade(error.response.status_code, bytes(error.response.body or b"")) from None
        except TimeoutError:
            raise ServiceStalled(
                f"{call.url} did not answer for {call.limits.connect:g} s", mend="check that the service is running"
            ) from None
        except (OSError, InvalidHandshake, EOFError) as error:
            raise ConnectionFailed(
                f"{call.url} cannot be reached ({error})", mend="check the address and that the service is running"
            ) from None
        except (InvalidURI, ValueError) as error:
            raise UsageError(f"the address cannot be used ({error})", "--engine") from None

    async def _send(self, socket: ClientConnection) -> None:
        """A connection that dies while sending is reported by the receiving side, which knows why."""
        try:
            await socket.send(self._protocol.open(), text=True)
            # The last text ends with a space, as the service wants every text to: else it appends one itself.
            text = self._text if self._text[-1:].isspace() else f"{self._text} "
            for piece in pieces(text, self._call.address.language_code or ""):
                await self._wait_for_room(len(piece))
                await socket.send(self._protocol.text(piece), text=True)
                self._alive()
            await socket.send(self._protocol.finish(), text=True)
            self._alive()
        except ConnectionClosed:
            return

    async def _wait_for_room(self, characters: int) -> None:
        lead = 2 * max(self._call.opening.schedule or DEFAULT_SCHEDULE)
        while self._ahead + characters > lead:
            self._heard.clear()
            try:
                async with asyncio.timeout(self._patience):
                    await self._heard.wait()
            except TimeoutError:
                # It may buffer more than it says. Sending on keeps the clock of an idle service from running out, too.
                self._patience /= 2
                self._ahead = 0
        self._ahead += characters

    async def _receive(self, socket: ClientConnection) -> None:
        stall = self._call.limits.stall
        try:
            async with asyncio.timeout(stall) as self._silence:
                while self._protocol.state is not State.ENDED:
                    for event in await self._next(socket):
                        self._take(event)
                    self._alive()
        except TimeoutError:
            raise ServiceStalled(
                f"the service sent nothing for {stall:g} s", mend="run the same command again"
            ) from None

    def _alive(self) -> None:
        """The service's silence counts from what it or we said last, to a hundredth: setting a timer is not free."""
        now = asyncio.get_running_loop().time()
        stall = self._call.limits.stall
        if now - self._armed > stall / 100:
            self._silence.reschedule(now + stall)
            self._armed = now

    async def _next(self, socket: ClientConnection) -> tuple[ClientEvent, ...]:
        """The next message that brings anything: a stream of empty ones is a stall."""
        while not (events := self._protocol.receive(await socket.recv(decode=False))):
            pass
        return events

    def _take(self, chunk: ClientEvent) -> None:
        if not isinstance(chunk, Chunk):
            return
        self._room -= len(chunk.audio)
        if self._room < 0:
            raise ProtocolError("the service sends far more sound than the text can need")
        self._chunks.append(chunk)
        alignment = chunk.alignment or chunk.normalized
        self._ahead -= len(alignment.characters) if alignment else 0
        self._heard.set()


def pieces(text: str, language: str) -> Iterator[str]:
    """The text in messages: as many sentences as fit, with the white space after them; long ones cut at word ends."""
    start = end = 0
    for mark in [*sentences.ends(text, language), len(text)]:
        after = mark
        while after < len(text) and text[after].isspace():
            after += 1
        if after - start > PIECE and end > start:
            yield text[start:end]
            start = end
        while after - start > PIECE:
            cut = text.rfind(" ", start, start + PIECE) + 1
            cut = cut if cut > start else start + PIECE
            yield text[start:cut]
            start = cut
        end = after
    if end > start:
        yield text[start:end]


async def _close(socket: ClientConnection) -> None:
    """Close politely, but never wait longer for it than the close time-out."""
    try:
        await socket.close()
    except (OSError, ConnectionClosed):
        return
