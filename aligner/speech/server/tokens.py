"""Tokens that open one session and no more: for browsers and apps that must not hold the key itself.

Whoever has the key fetches one over HTTP and hands it on. They live in memory only, and end with the service.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LIFE: Final = 15 * 60.0
"""Seconds until an unused token is void (the documents of the live service)."""

MOST: Final = 10_000
"""Unused tokens at a time; beyond them the oldest is void, so that they cannot fill the memory."""

_PREFIX: Final = "sutkn_"


class Tokens:
    """The tokens that are out, oldest first."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._ends: dict[str, float] = {}

    def __len__(self) -> int:
        """Tokens that could still be used."""
        self._forget()
        return len(self._ends)

    def issue(self) -> str:
        """A new token."""
        self._forget()
        if len(self._ends) >= MOST:
            del self._ends[next(iter(self._ends))]
        token = _PREFIX + secrets.token_urlsafe(32)
        self._ends[token] = self._now() + LIFE
        return token

    def redeem(self, token: str | None) -> bool:
        """Whether the token was good; it is not any more."""
        # A plain look-up: how long it takes tells nothing about 256 random bits.
        return token is not None and self._ends.pop(token, 0.0) > self._now()

    def _forget(self) -> None:
        """Drop what is void: all live equally long, so the oldest end first."""
        now = self._now()
        while self._ends and next(iter(self._ends.values())) <= now:
            del self._ends[next(iter(self._ends))]
