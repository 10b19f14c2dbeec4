"""What one client may take of the service, so that the others get theirs: counts, rates, sizes, waiting times.

Who is too fast is slowed down, who wants too much is refused. No socket, no text; time comes from the loop, or from a
test.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aligner.speech.refusals import SHUTTING_DOWN, Refused, quota_exceeded, too_many_characters, too_many_requests

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

BURST: Final = 1.0
"""Seconds' worth of frames that may come at once: programs write in bursts, floods do not end."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a service; the defaults let any well-meant client through."""

    session_characters: int = 1_000_000
    """Of text in one session: a long novel. More: ``max_character_limit_exceeded``."""
    message_bytes: int = 1 << 20
    """Of one message of a client. More: close code 1009. (The service's own messages may be larger.)"""
    frames_per_second: int = 2_000
    """Of one client, after a burst of as many. More wait in the socket, and so does the client."""
    waiting_characters: int = 200_000
    """Of one session, due but not yet spoken. With more, reading stops until some are."""
    queue: int = 1_000
    """Utterances of all sessions that wait for a worker. With more, who wants to begin gets ``system_busy``."""
    connections: int = 1_000
    """Sockets that are open, below the file descriptors that a process usually has. More: HTTP 503."""
    header_seconds: float = 10.0
    """Until a request's head is complete. More: HTTP 408."""
    idle_seconds: float = 60.0
    """Between two requests on one HTTP connection. A WebSocket has its ``inactivity_timeout``."""
    grace_seconds: float = 10.0
    """For generations that are running when the service is told to end."""


class Gate:
    """Counts the sessions that are generating; a socket that is merely open does not count (protocol, limits)."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.now = 0
        self.closed = False

    @property
    def full(self) -> bool:
        """Nobody else may begin."""
        return self.most is not None and self.now >= self.most

    def enter(self) -> None:
        """A session begins to generate.

        Raises:
            Refused: as many as may are generating, or the service is ending.
        """
        if self.closed:
            raise Refused(SHUTTING_DOWN)
        if self.most is not None and self.full:
            raise Refused(too_many_requests(self.most))
        self.now += 1

    def leave(self) -> None:
        """The session has sent all that was due."""
        self.now -= 1

    def close(self) -> None:
        """Let nobody else in: the service is ending."""
        self.closed = True


class Throttle:
    """Frames of one client in time: whoever is faster waits."""

    def __init__(
        self,
        frames_per_second: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._step = 1 / frames_per_second
        self._now = now
        self._sleep = sleep
        self._due = 0.0
        """When the frames so far would have come at the highest rate."""

    async def wait(self) -> None:
        """Count a frame; return when it may be handled."""
        now = self._now()
        self._due = max(self._due, now) + self._step
        if (early := self._due - now - BURST) > 0:
            await self._sleep(early)


class Backlog:
    """Characters of one session that are due but not yet spoken: with too many, nothing more is read."""

    def __init__(self, most: int) -> None:
        self.now = 0
        self._most = most
        self._room = asyncio.Event()
        self._room.set()

    def add(self, characters: int) -> None:
        """So many are due."""
        self.now += characters
        if self.now > self._most:
            self._room.clear()

    def done(self, characters: int) -> None:
        """So many are on their way to the voice."""
        self.now -= characters
        if self.now <= self._most:
            self._room.set()

    async def room(self) -> None:
        """Wait until more may come."""
        await self._room.wait()


class Allowance:
    """Characters that one session may send."""

    def __init__(self, most: int) -> None:
        self.used = 0
        self._most = most

    def use(self, characters: int) -> None:
        """Take so many.

        Raises:
            Refused: there are not as many left; none is taken.
        """
        if self.used + characters > self._most:
            raise Refused(too_many_characters(self._most))
        self.used += characters


class Quota:
    """Characters that all clients together may have spoken while the service runs; counted also without a limit."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.used = 0

    def use(self, characters: int) -> None:
        """Take so many.

        Raises:
            Refused: there are not as many left; none is taken.
        """
        if self.most is not None and self.used + characters > self.most:
            raise Refused(quota_exceeded(self.most, self.most - self.used, characters))
        self.used += characters
