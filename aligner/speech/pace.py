"""How fast a service is: when a session got where, by the wall clock, and the figures of many. No socket."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aligner import clock
from aligner.model import Latency

if TYPE_CHECKING:
    from collections.abc import Sequence


class Pace:
    """A stopwatch for one session; times are microseconds."""

    def __init__(self, enough: int) -> None:
        self._enough = enough
        self._begun = _now()
        self._connect = 0
        self._characters = 0
        self._first_text: int | None = None
        self._ready: int | None = None
        self._first_byte: int | None = None
        self._last_byte: int | None = None

    def connected(self) -> None:
        """The service has accepted the connection."""
        self._connect = _now() - self._begun

    def said(self, characters: int) -> None:
        """A text is about to be sent; with the first ``enough`` characters the service may begin."""
        now = _now()
        self._first_text = now if self._first_text is None else self._first_text
        self._characters += characters
        if self._ready is None and self._characters >= self._enough:
            self._ready = now

    def flushed(self) -> None:
        """A flush or the end is about to be sent: the service need not wait for more."""
        self._ready = _now() if self._ready is None else self._ready

    def heard(self) -> None:
        """Sound has arrived."""
        self._last_byte = _now()
        if self._first_byte is None:
            since = self._ready or self._first_text or self._last_byte
            self._first_byte = self._last_byte - since

    @property
    def latency(self) -> Latency:
        """The figures so far."""
        spoken = self._first_text is not None and self._last_byte is not None
        elapsed = self._last_byte - self._first_text if spoken else 0  # type: ignore[operator]  # both are there
        return Latency(self._connect, self._first_byte, elapsed)


def _now() -> int:
    return time.perf_counter_ns() // 1_000


@dataclass(frozen=True, slots=True)
class Figures:
    """How fast a service was over several sessions; microseconds."""

    sessions: int
    connect: int
    """The median."""
    first_byte: int | None
    """The median; ``None`` where no session brought sound."""
    first_byte_p95: int | None
    real_time_factor: float
    """Seconds of speech a second of waiting for it, over all sessions; 0 where nothing was spoken."""

    def told(self) -> dict[str, object]:
        """The same for a timing JSON: milliseconds, under names that say so."""
        first = None if self.first_byte is None else clock.to_milliseconds(self.first_byte)
        last = None if self.first_byte_p95 is None else clock.to_milliseconds(self.first_byte_p95)
        return {
            "sessions": self.sessions,
            "connect_ms": clock.to_milliseconds(self.connect),
            "first_byte_ms": first,
            "first_byte_p95_ms": last,
            "real_time_factor": round(self.real_time_factor, 2),
        }


def figures(latencies: Sequence[Latency], spoken: int) -> Figures:
    """The figures of several sessions that brought ``spoken`` microseconds of sound together."""
    first = sorted(one.first_byte for one in latencies if one.first_byte is not None)
    waited = sum(one.elapsed for one in latencies)
    return Figures(
        len(latencies),
        round(quantile(sorted(one.connect for one in latencies), 0.5)),
        round(quantile(first, 0.5)) if first else None,
        round(quantile(first, 0.95)) if first else None,
        spoken / waited if waited else 0.0,
    )


def quantile(ascending: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed, in between two of them by straight line (as numpy's)."""
    if not ascending:
        return 0.0
    place = share * (len(ascending) - 1)
    low = int(place)
    high = min(low + 1, len(ascending) - 1)
    return ascending[low] + (ascending[high] - ascending[low]) * (place - low)
