"""The stream client: a socket as a pump for `protocol.ClientSession`. Text goes out while sound comes in.

Text is sent as fast as the service takes it, but hardly more than two generations ahead of the sound that has come
back: what is sent is as good as paid. Everything that waits has a time-out. What the chunks mean is not known here.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import stamina
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from aligner.errors import ConnectionFailed, ProtocolError, ServiceBusy, ServiceStalled, UsageError
from aligner.model import Chunk, Speech
from aligner.speech import portions
from aligner.speech.engines import NOTHING
from aligner.speech.pace import Pace
from aligner.speech.protocol import DEFAULT_SCHEDULE, ClientSession, Opening, State
from aligner.speech.refusals import refused_upgrade

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterator, Sequence

    from aligner.model import Tag
    from aligner.speech.address import Address
    from aligner.speech.engines import Secrets

MAX_FRAME: Final = 16 * 2**20
"""Bytes; messages larger than 1 MiB occur (seen on the wire)."""
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
    secrets: Secrets = NOTHING
    limits: Limits = Limits()


async def speak(call: Call, text: str, markup: Sequence[Tag] = ()) -> Speech:
    """Speak a text in one session and bring home every chunk, in the order of arrival, and how fast they came.

    Args:
        call: where and how. Where it asks for SSML, ``&`` and ``<`` of the text are escaped.
        text: what is to be spoken, without tags.
        markup: its tags, by places in it.

    Raises:
        SpeechError: the service refused, stalled, died or talked nonsense; what may pass is tried again first.
    """
    language = call.address.language_code or ""
    retrying = stamina.retry_context((ConnectionFailed, ServiceBusy), attempts=call.limits.attempts, wait_initial=0.25)
    async for attempt in retrying:
        with attempt:
            session = _Session(call)
            texts = _Ready(portions.write(text, language, markup if call.address.enable_ssml_parsing else None))
            spoken = [chunk async for chunk in session.run(texts)]
            return Speech(tuple(spoken), session.pace.latency)
    raise AssertionError("the last attempt returns or raises")


async def chunks(call: Call, texts: AsyncIterable[str]) -> AsyncGenerator[Chunk, None]:
    """Speak texts in one session as they come, and hand over each chunk as it arrives. Nothing is tried again.

    The texts are joined raw; an empty one flushes: all that was sent is voiced. While none comes the connection is
    kept open with spaces, so each text should end where a space may stand. Sound is read as fast as it is taken.
    Whoever leaves early closes the generator (``contextlib.aclosing``), and with it the session.

    Raises:
        SpeechError: the service refused, stalled, died or talked nonsense. What ``texts`` raises comes through.
    """
    async with aclosing(_Session(call).run(texts)) as spoken:
        async for chunk in spoken:
            yield chunk


class _Connect(connect):
    """Never follows a redirect: the key would follow it."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


def _target(call: Call) -> str:
    """Path and query, with the tokens: they are put there last of all, so that no address holds one."""
    authorization, token = call.secrets.authorization, call.secrets.single_use_token
    address = replace(
        call.address,
        authorization=authorization.reveal() if authorization else None,
        single_use_token=token.reveal() if token else None,
    )
    return address.target


class _Ready:
    """Texts that are all there, for those who can wait for theirs."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        for text in self._texts:
            return text
        raise StopAsyncIteration


class _Silence:
    """Cuts a connection on which nothing happens. One timer for all of a session: setting one is not free."""

    def __init__(self, stall: float, cut: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._stall = stall
        self._cut = cut
        self._since = self._loop.time()
        self._ours = False
        self._timer = self._loop.call_later(stall, self._look)
        self.stalled = False

    def broken(self) -> None:
        """Something was said, by the service or by us."""
        self._since = self._loop.time()

    def pause(self) -> None:
        """Nobody listens: the silence is ours."""
        self._ours = True

    def go_on(self) -> None:
        """Somebody listens again."""
        self._ours = False
        self.broken()

    def end(self) -> None:
        """The session is over."""
        self._timer.cancel()

    def _look(self) -> None:
        left = self._stall if self._ours else self._since + self._stall - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self.stalled = True
            self._cut()


class _Session:
    """One connection: its protocol, its two pumps, and how far the sound lags behind the text."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._protocol = ClientSession(call.opening)
        self._ahead = 0
        self._room = MAX_FRAME
        self._patience = min(call.limits.patience, call.limits.stall / 4)
        self._heard = asyncio.Event()
        self._said = 0.0
        # Where the service does not buffer, the first message is enough to begin with.
        self.pace = Pace(1 if call.address.auto_mode else (call.opening.schedule or DEFAULT_SCHEDULE)[0])

    async def run(self, texts: AsyncIterable[str]) -> AsyncGenerator[Chunk, None]:
        """The chunks as they arrive, while the texts go out."""
        socket = await self._connected()
        silence = _Silence(self._call.limits.stall, socket.transport.abort)
        tasks = [
            asyncio.create_task(work)
            for work in (self._send(socket, silence, texts), self._keep_alive(socket, silence))
        ]
        try:
            while self._protocol.state is not State.ENDED:
                for chunk in await self._next(socket):
                    # Whoever takes the chunks may take his time.
                    silence.pause()
                    yield chunk
                    silence.go_on()
        except ConnectionClosed as closed:
            self._lost(closed, silence, tasks[0])
        finally:
            silence.end()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await _close(socket)
        if not tasks[0].cancelled():
            tasks[0].result()

    async def _connected(self) -> ClientConnection:
        call = self._call
        try:
            socket = await _Connect(
                call.url + _target(call),
                additional_headers={"xi-api-key": key.reveal()} if (key := call.secrets.key) else None,
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
        except (InvalidURI, ValueError):
            # Not in the library's words: they quote the whole address, and a token may stand in it.
            raise UsageError(f"the address {call.url} cannot be used", "--engine") from None
        self.pace.connected()
        return socket

    async def _send(self, socket: ClientConnection, silence: _Silence, texts: AsyncIterable[str]) -> None:
        """A connection that dies while sending is reported by the receiving side, which knows why."""
        try:
            await socket.send(self._protocol.open(), text=True)
            async for text in texts:
                characters = self._count(text)
                await self._wait_for_room(characters)
                await self._say(socket, silence, self._frame(text, characters))
            self.pace.flushed()
            await self._say(socket, silence, self._protocol.finish())
        except ConnectionClosed:
            return
        except Exception:
            # No more texts will come: the service would wait for them, and the receiving side for the service.
            socket.transport.abort()
            raise

    def _count(self, text: str) -> int:
        """The characters that will come back: tags do not, and an escape is one character."""
        return portions.count(text) if self._call.address.enable_ssml_parsing else len(text)

    def _frame(self, text: str, characters: int) -> bytes:
        if not text:
            self.pace.flushed()
            return self._protocol.flush()
        # What a break is long is not told by its letters.
        self._room += SOUND_PER_CHARACTER * max(characters, len(text))
        self.pace.said(characters)
        return self._protocol.text(text)

    async def _say(self, socket: ClientConnection, silence: _Silence, frame: bytes) -> None:
        await socket.send(frame, text=True)
        self._said = asyncio.get_running_loop().time()
        silence.broken()

    async def _keep_alive(self, socket: ClientConnection, silence: _Silence) -> None:
        """Spaces while nothing else is said, often enough for the service's clock and for our own."""
        loop = asyncio.get_running_loop()
        self._said = loop.time()
        most = min(self._call.address.inactivity_timeout, self._call.limits.stall) / 2
        with suppress(ConnectionClosed):
            while self._protocol.state in {State.NEW, State.OPEN}:
                await asyncio.sleep(self._said + most - loop.time())
                if self._protocol.state is State.OPEN and loop.time() >= self._said + most:
                    await self._say(socket, silence, self._protocol.keep_alive())

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

    async def _next(self, socket: ClientConnection) -> tuple[Chunk, ...]:
        """What the next message brings, if anything: a stream of empty ones is a silence."""
        while not (events := self._protocol.receive(await socket.recv(decode=False))):
            pass
        found = tuple(event for event in events if isinstance(event, Chunk))
        for chunk in found:
            self._take(chunk)
        return found

    def _take(self, chunk: Chunk) -> None:
        self._room -= len(chunk.audio)
        if self._room < 0:
            raise ProtocolError("the service sends far more sound than the text can need")
        if chunk.audio:
            self.pace.heard()
        alignment = chunk.alignment or chunk.normalized
        self._ahead -= len(alignment.characters) if alignment else 0
        self._heard.set()

    def _lost(self, closed: ConnectionClosed, silence: _Silence, sending: asyncio.Task[None]) -> None:
        """Why the connection is gone, where that is a fault."""
        if silence.stalled:
            raise ServiceStalled(
                f"the service sent nothing for {self._call.limits.stall:g} s", mend="run the same command again"
            ) from None
        if sending.done() and not sending.cancelled() and sending.exception():
            return  # it is raised where the session ends
        frame = closed.rcvd
        self._protocol.closed(frame.code if frame else 1006, frame.reason if frame else "")


async def _close(socket: ClientConnection) -> None:
    """Close politely, but never wait longer for it than the close time-out."""
    try:
        await socket.close()
    except (OSError, ConnectionClosed):
        return
