"""What the service does, as a log and as counts: one record a session, one line an event.

Counting is a few additions, so it is always done; `metrics` turns the counts into what Prometheus reads when somebody
asks. No text and no key may enter a line above debug level, and no text at all where the client asked for none
(``enable_logging=false``).
"""

from __future__ import annotations

import logging
import time
import uuid
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from aligner import clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from aligner.speech.address import Address
    from aligner.speech.refusals import Refusal
    from aligner.speech.server.speaking import Message

DONE: Final = "done"
REFUSED: Final = "refused"
LEFT: Final = "left"
"""The client went away before its session was over."""
STALLED: Final = "stalled"
"""The client stopped reading."""
STOPPED: Final = "stopped"
"""The service ended."""
BROKEN_OFF: Final = "broken_off"
"""A fault that was asked for ended it."""
FAILED: Final = "failed"
"""The service has a fault."""

FIRST_BYTE: Final = (0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds: the buckets of the time to the first byte. A warm worker needs about 0.01."""

_PATH: Final = 200
"""Characters of a path that reach the log: any client can ask for any."""

_WATCHERS: Final = frozenset({"/health", "/metrics"})
"""What machines ask for every few seconds."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counts:
    """Everything since the service began."""

    open: int = 0
    sessions: Counter[str] = field(default_factory=Counter)
    """By how they ended."""
    generations: int = 0
    characters: int = 0
    audio: int = 0
    """Microseconds of speech that were sent."""
    audio_bytes: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    """By the name of the error."""
    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By endpoint and status."""
    first_byte: list[int] = field(default_factory=lambda: [0] * (len(FIRST_BYTE) + 1))
    """Sessions by the bucket of `FIRST_BYTE`; the last holds all that took longer."""
    first_byte_seconds: float = 0.0


class Journal:
    """One service's log and counts."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.counts = Counts()
        self.now = now

    def session(self, address: Address, endpoint: str = "stream-input", request_id: str = "") -> Record:
        """The record of a session, or of speech over HTTP; use it as a context manager."""
        return Record(self, address, endpoint, request_id or new_id())

    def request(self, endpoint: str, status: int, path: str, request_id: str = "", seconds: float = 0.0) -> None:
        """A plain HTTP request was answered, or an upgrade refused.

        Args:
            endpoint: The name of what was asked for, one of a few; ``other`` for what does not exist.
            status: The answer's.
            path: As it was asked for; a query is left out, for tokens stand there.
            request_id: What the answer calls it.
            seconds: How long the answer took.
        """
        self.counts.requests[endpoint, status] += 1
        path = path.partition("?")[0][:_PATH]
        self.log(
            "http_request",
            logging.DEBUG if path in _WATCHERS else logging.INFO,
            request_id=request_id,
            endpoint=endpoint,
            path=path,
            status=status,
            duration_ms=round(seconds * 1000),
        )

    def refused(self, error: str) -> None:
        """A client was told no."""
        self.counts.refusals[error] += 1

    def log(self, event: str, level: int = logging.INFO, **fields: object) -> None:
        """One line. Fields that are empty are left out."""
        if _log.isEnabledFor(level):
            told = {name: value for name, value in fields.items() if value is not None and value != ""}
            _log.log(level, "%s", event, extra={"event": event, "fields": told})


class Record:
    """One session, from its address to its end."""

    def __init__(self, journal: Journal, address: Address, endpoint: str, request_id: str) -> None:
        self.request_id = request_id
        self._journal = journal
        self._address = address
        self._endpoint = endpoint
        self._began = journal.now()
        self._due: float | None = None
        self._first_byte: float | None = None
        self._outcome = DONE
        self._code: int | None = None
        self._error = ""
        self._generations = self._characters = self._audio = self._audio_bytes = 0

    def generation(self, text: str) -> None:
        """Text is due to be spoken."""
        counts = self._journal.counts
        counts.generations += 1
        counts.characters += len(text)
        self._generations += 1
        self._characters += len(text)
        if self._due is None:
            self._due = self._journal.now()
        shown = text if self._address.enable_logging else None
        self._journal.log("generation", logging.DEBUG, request_id=self.request_id, characters=len(text), text=shown)

    def sent(self, message: Message) -> None:
        """A message was sent."""
        counts = self._journal.counts
        told = message.alignment or message.normalized
        # All spans together are the sound's length (protocol, alignment rule 3), whatever format it is in.
        span = told.span if told else 0
        counts.audio += span
        counts.audio_bytes += len(message.audio)
        self._audio += span
        self._audio_bytes += len(message.audio)
        if message.audio and self._first_byte is None and self._due is not None:
            self._first_byte = self._journal.now() - self._due
            counts.first_byte[bisect_left(FIRST_BYTE, self._first_byte)] += 1
            counts.first_byte_seconds += self._first_byte

    def refused(self, refusal: Refusal) -> None:
        """The client is told no; the session is over."""
        self._outcome, self._error = REFUSED, refusal.error

    def closed(self, code: int | None) -> None:
        """The connection is closed, with this code or status."""
        self._code = code

    def over(self, outcome: str, error: str = "") -> None:
        """It ended otherwise than it should."""
        self._outcome, self._error = outcome, error

    def __enter__(self) -> Self:
        self._journal.counts.open += 1
        address = self._address
        self._journal.log(
            "session_opened",
            request_id=self.request_id,
            endpoint=self._endpoint,
            voice=address.voice_id,
            model=address.model_id,
            language=address.language_code,
            format=address.output_format,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and self._outcome == DONE:
            self.over(FAILED if issubclass(kind, Exception) else STOPPED, kind.__name__)
        counts = self._journal.counts
        counts.open -= 1
        counts.sessions[self._outcome] += 1
        self._journal.log(
            "session_ended",
            request_id=self.request_id,
            endpoint=self._endpoint,
            voice=self._address.voice_id,
            model=self._address.model_id,
            format=self._address.output_format,
            outcome=self._outcome,
            error=self._error,
            code=self._code,
            characters=self._characters,
            generations=self._generations,
            audio_seconds=clock.to_seconds(self._audio),
            audio_bytes=self._audio_bytes,
            first_byte_ms=None if self._first_byte is None else round(self._first_byte * 1000, 1),
            duration_ms=round((self._journal.now() - self._began) * 1000),
        )


def new_id() -> str:
    """A name for a request that no other has."""
    return uuid.uuid4().hex
