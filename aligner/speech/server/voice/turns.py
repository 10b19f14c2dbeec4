"""Who speaks next: turns for a few workers that many wait for. Pure but for the loop's own futures.

A client that has heard nothing yet goes before those that only want more ahead, so that a crowd begins at once; but
every fourth turn goes to the others, so that nobody starves.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Final

IN_A_ROW: Final = 3
"""Urgent turns after which one goes to those that have waited longer."""


class Turns:
    """A semaphore with two queues, each first come, first served."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._in_a_row = 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._urgent) + len(self._others)

    @property
    def all_taken(self) -> bool:
        """Whoever comes now has to wait."""
        return self._free == 0

    async def take(self, *, urgent: bool = False) -> None:
        """Wait for a turn."""
        if self._free:
            self._free -= 1
            return
        queue = self._urgent if urgent else self._others
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()  # it came too late
            else:
                # Unless `give_back` has come by in between, and passed it over.
                with contextlib.suppress(ValueError):
                    queue.remove(turn)
            raise

    def give_back(self) -> None:
        """The turn is over: the next one's begins."""
        while self.waiting:
            turn = self._next().popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _next(self) -> deque[asyncio.Future[None]]:
        if self._urgent and (self._in_a_row < IN_A_ROW or not self._others):
            self._in_a_row += 1
            return self._urgent
        self._in_a_row = 0
        return self._others
