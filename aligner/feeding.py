"""A text on its way to the service: taken as it is written, cut into sessions and messages.

How a session is spoken, and what comes back, is not known here.
"""

# ruff: noqa: RUF001 - the full stops of many scripts are the point
from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterable, Generator
from contextlib import suppress
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Final, Protocol

from aligner.documents import segments
from aligner.errors import UsageError
from aligner.sentences import Ends
from aligner.speech import portions
from aligner.speech.portions import PIECE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator

    from aligner.model import Segment

IDLE: Final = 1.0
"""Seconds without text after which a sentence that is over is voiced, though the service would wait for more."""
SAMPLE: Final = 120
"""Characters that tell the language; the service does not begin to speak with less, either."""
LEAD: Final = 1_000
"""Characters of a whole text that are told beyond what is being spoken: more than any word or cue depends on."""

_FIRST_IDEOGRAPH: Final = 0x2E80
_END: Final = object()
_SURROGATE = re.compile("[\ud800-\udfff]")
_OVER = re.compile(r"[.!?…。！？｡][\"'”’»›)\]」』）]*\s*$")


class Feed(Protocol):
    """One text, session by session: ``more``, then ``texts`` to the end, and again. Places count its code points."""

    language: str
    start: int
    """Where the session's text begins."""
    sent: int
    """Where what was sent ends; at the session's end, where that ends."""

    async def sample(self) -> str:
        """The beginning of the text, to tell its language by."""

    async def more(self) -> bool:
        """Whether there is another session, once that is known."""

    def texts(self) -> AsyncGenerator[str, None]:
        """The messages of a session; an empty one asks that all be voiced."""

    def news(self) -> tuple[str, bool]:
        """The text that came since this was last asked, and whether there is no more."""

    async def aclose(self) -> None:
        """Stop taking text."""


def begin(text: str | Iterable[str] | AsyncIterable[str], size: int) -> Feed:
    """The feed of a text of which sessions take ``size`` characters, hardly more.

    Raises:
        UsageError: it is no text; of a piece of it, when that is taken.
    """
    if not isinstance(text, str):
        return _Live(_taken(text), size)
    return _Whole(_checked(text), size)


async def _asked(texts: Iterator[object]) -> AsyncGenerator[object, None]:
    """An iterator that may block: asked in a thread of its own, which holds up no exit while it does."""
    loop = asyncio.get_running_loop()
    asked: SimpleQueue[asyncio.Future[object] | None] = SimpleQueue()
    Thread(target=copy_context().run, args=(_answer, texts, asked, loop), daemon=True).start()
    try:
        while True:
            asked.put(answer := loop.create_future())
            if (text := await answer) is _END:
                return
            yield text
    finally:
        asked.put(None)


def _answer(
    texts: Iterator[object], asked: SimpleQueue[asyncio.Future[object] | None], loop: asyncio.AbstractEventLoop
) -> None:
    """The thread: one text for each who asks, until nobody does any more."""
    # A loop that is closed has nobody who waits.
    with suppress(RuntimeError):
        while answer := asked.get():
            try:
                text = next(texts, _END)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is theirs who gave the iterator
                loop.call_soon_threadsafe(_settle, answer, error)
            else:
                loop.call_soon_threadsafe(_settle, answer, text)
    if isinstance(texts, Generator):
        texts.close()


def _settle(answer: asyncio.Future[object], found: object) -> None:
    if answer.done():
        return
    if isinstance(found, BaseException):
        answer.set_exception(found)
    else:
        answer.set_result(found)


def _checked(piece: object) -> str:
    if not isinstance(piece, str):
        raise UsageError(f"a piece of the text is of type {type(piece).__name__}", "text", "give str, and no None")
    if lone := _SURROGATE.search(piece):
        raise UsageError(f"{lone[0]!r} is half a character", "text", "decode the text whole")
    return piece


def _taken(texts: Iterable[object] | AsyncIterable[object]) -> AsyncIterator[object]:
    return aiter(texts) if isinstance(texts, AsyncIterable) else _asked(iter(texts))


class _Whole(Feed):
    """A text that is all there, cut as documents are."""

    def __init__(self, text: str, size: int) -> None:
        self.language = "en"
        self.start = self.sent = 0
        self._text = text
        self._size = size
        self._told = 0
        self._over = False
        self._left: Iterator[Segment] | None = None
        self._segment: Segment | None = None

    async def sample(self) -> str:
        return self._text

    async def more(self) -> bool:
        if self._left is None:
            parts = await asyncio.to_thread(segments.cut, self._text, self.language, self._size)
            self._left = (part for part in parts if part.text.strip())
        self._segment = next(self._left, None)
        if self._segment:
            self.start, self.sent = self._segment.start, self._segment.stop
        else:
            self.sent = len(self._text)
        return self._segment is not None

    async def texts(self) -> AsyncGenerator[str, None]:
        text = self._segment.text if self._segment else ""
        for piece in portions.write(text, self.language):
            yield piece

    def news(self) -> tuple[str, bool]:
        # A little at a time, for whoever looks at it does so before he hands on the first sound.
        told = self._told
        self._told = max(told, min(len(self._text), self.sent + LEAD))
        last = self._told == len(self._text) and not self._over
        self._over = self._over or last
        return self._text[told : self._told], last

    async def aclose(self) -> None:
        return


class _Live(Feed):
    """A text that is being written. What is sent ends where a space may stand, for a space keeps a session alive."""

    def __init__(self, texts: AsyncIterator[object], size: int) -> None:
        self.language = "en"
        self.start = self.sent = 0
        self._texts = texts
        self._size = size
        self._asked: asyncio.Task[object] | None = None
        self._held = ""
        self._ended = False
        self._told = False
        self._news: list[str] = []
        self._sentences = Ends(self.language)
        self._silent = True
        """Nothing was sent that is not voiced."""
        self._tail = ""
        self._full = False

    async def sample(self) -> str:
        while len(self._held) < SAMPLE and not self._ended and await self._pull(IDLE if self._held.strip() else None):
            pass
        return self._held

    async def more(self) -> bool:
        while not self._held.strip() and not self._ended:
            await self._pull(None)
        # White space between two sessions is in neither.
        blank = len(self._held) - len(self._held.lstrip())
        self._held = self._held[blank:]
        self.start = self.sent = self.sent + blank
        self._full = False
        self._sentences = Ends(self.language)
        self._sentences.read(self._held, last=self._ended)
        return bool(self._held)

    async def texts(self) -> AsyncGenerator[str, None]:
        while not self._full:
            for text in self._ready():
                self._silent = False
                yield text
            if self._full or (self._ended and not self._held):
                return
            if not self._ended and not await self._pull(None if self._silent else IDLE):
                for text in self._pause():
                    yield text

    def news(self) -> tuple[str, bool]:
        found = "".join(self._news)
        self._news.clear()
        last = self._ended and not self._told
        self._told = self._ended
        return found, last

    async def aclose(self) -> None:
        if self._asked:
            self._asked.cancel()
            await asyncio.wait([self._asked])
        if hasattr(self._texts, "aclose"):
            await self._texts.aclose()

    async def _pull(self, seconds: float | None) -> bool:
        """Wait for the next text, at most so long; whether something came, be it the end."""
        if self._asked is None:
            self._asked = asyncio.ensure_future(anext(self._texts, _END))
        done, _ = await asyncio.wait([self._asked], timeout=seconds)
        if not done:
            return False
        asked, self._asked = self._asked, None
        piece = asked.result()
        if piece is _END:
            self._ended = True
            self._sentences.read("", last=True)
        else:
            text = _checked(piece)
            self._held += text
            self._news.append(text)
            self._sentences.read(text)
        return True

    def _ready(self) -> Iterator[str]:
        """What can be sent now."""
        while self.sent - self.start < self._size and (stop := self._stop(min(PIECE, len(self._held)))):
            yield self._send(stop, last=self._ended and stop == len(self._held))
        if self._held and self.sent - self.start >= self._size:
            stop = self._turn()
            while stop:
                size = min(stop, PIECE)
                stop -= size
                yield self._send(size, last=not stop)

    def _stop(self, limit: int, *, anyhow: bool = False) -> int:
        """The last place up to a limit where a space may stand; 0 where there is none yet, unless it must be."""
        for place in range(limit, 0, -1):
            last = self._held[place - 1]
            if last.isspace() or ord(last) >= _FIRST_IDEOGRAPH:
                return place
        return limit if anyhow or self._ended or limit >= PIECE else 0

    def _turn(self) -> int:
        """How much of what is held ends this session: up to a sentence's end, else a word's; 0 while neither came."""
        self._sentences.look()
        most = self._size // 2
        stop = next((end for end in self._sentences.found if self.start + end > self.sent), 0)
        stop -= self.sent - self.start if stop else 0
        if self._ended and len(self._held) <= most:
            stop = len(self._held)
        elif stop > most or (not stop and len(self._held) > most):
            stop = self._stop(most, anyhow=True)
        self._full = stop > 0
        return stop

    def _pause(self) -> Iterator[str]:
        """No more text comes just now: a sentence that is over is voiced."""
        rest = self._held
        if not rest.strip() or _OVER.search(rest):
            if rest:
                yield self._send(len(rest))
            if _OVER.search(self._tail):
                self._silent = True
                yield ""

    def _send(self, size: int, *, last: bool = False) -> str:
        text, self._held = self._held[:size], self._held[size:]
        self.sent += size
        self._tail = text
        # The last text of a session ends with a space, as the service wants every text to.
        return f"{text} " if last and not text[-1:].isspace() else text
