"""The one clock: time is an integer number of microseconds. Rounding and printing live here and nowhere else.

Half a unit is rounded up everywhere. Offsets are computed from cumulative counts (samples, frames), never by adding
rounded steps, so that an hour of speech ends where it should.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

SECOND = 1_000_000
MILLISECOND = 1_000


def from_milliseconds(ms: float) -> int:
    """Microseconds of a number of milliseconds as the wire has it (a whole number, or one with a fraction)."""
    return round(ms * MILLISECOND)


def from_seconds(seconds: float) -> int:
    """Microseconds of a number of seconds as timing files have it."""
    return round(seconds * SECOND)


def from_samples(samples: int, rate: int) -> int:
    """Microseconds of a count of samples at ``rate`` samples a second."""
    return (2 * samples * SECOND + rate) // (2 * rate)


def to_samples(us: int, rate: int) -> int:
    """The sample nearest to a time."""
    return (2 * us * rate + SECOND) // (2 * SECOND)


def to_milliseconds(us: int) -> int:
    """Whole milliseconds."""
    return (us + MILLISECOND // 2) // MILLISECOND


def to_seconds(us: int) -> float:
    """Seconds to the millisecond, as the timing JSON has them."""
    return to_milliseconds(us) / 1000


def to_frame(us: int, rate: Fraction) -> int:
    """The video frame that shows at a time: frame *n* lasts from n/rate to (n + 1)/rate."""
    return us * rate.numerator // (SECOND * rate.denominator)


def from_frame(frame: int, rate: Fraction) -> int:
    """The first microsecond of a video frame, so that ``to_frame(from_frame(n)) == n``."""
    return -(-frame * SECOND * rate.denominator // rate.numerator)


def stamp(us: int, point: str = ".") -> str:
    """``HH:MM:SS.mmm``; hours grow past 99. ``point`` is the decimal mark (SRT has a comma)."""
    seconds, ms = divmod(to_milliseconds(us), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{ms:03d}"


def spell(us: int) -> str:
    """A duration for people: ``45 s``, ``3 min 20 s``, ``2 h 05 min``."""
    seconds = (us + SECOND // 2) // SECOND
    if seconds < 60:  # noqa: PLR2004 - sixty seconds a minute
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {seconds:02d} s"
