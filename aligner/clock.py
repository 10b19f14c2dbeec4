"""The one clock: time is an integer number of microseconds. Rounding and printing live here and nowhere else.

Half a unit is rounded up everywhere. Offsets are computed from cumulative counts (samples, frames), never by adding
rounded steps, so that an hour of speech ends where it should.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

SECOND = 1_000_000
MILLISECOND = 1_000


def from_milliseconds(times: Iterable[float]) -> tuple[int, ...]:
    """Microseconds of milliseconds as the wire has them: whole numbers, or ones with a fraction.

    A whole column at a time: a call for each of an hour's 100,000 numbers would cost more than the rounding.
    """
    return tuple([round(ms * MILLISECOND) for ms in times])


def from_seconds(seconds: float) -> int:
    """Microseconds of a number of seconds as timing files have it."""
    return round(seconds * SECOND)


def from_samples(samples: int, rate: int) -> int:
    """Microseconds of a count of samples at ``rate`` samples a second."""
    return (2 * samples * SECOND + rate) // (2 * rate)


def whole_milliseconds(samples: Iterable[int], rate: int) -> list[int]:
    """Microseconds of a whole column of sample counts, each to the nearest whole millisecond, as on the wire."""
    return [(2 * 1000 * count + rate) // (2 * rate) * MILLISECOND for count in samples]


def to_samples(us: int, rate: int) -> int:
    """The sample nearest to a time."""
    return (2 * us * rate + SECOND) // (2 * SECOND)


def to_milliseconds(us: int) -> int:
    """Whole milliseconds."""
    return (us + MILLISECOND // 2) // MILLISECOND


def all_to_milliseconds(times: Iterable[int]) -> list[int]:
    """Whole milliseconds of a whole column of times."""
    return [(us + MILLISECOND // 2) // MILLISECOND for us in times]


def to_seconds(us: int) -> float:
    """Seconds to the millisecond, as the timing JSON has them."""
    return to_milliseconds(us) / 1000


def all_to_seconds(times: Iterable[int]) -> list[float]:
    """Seconds to the millisecond of a whole column of times."""
    return [ms / 1000 for ms in all_to_milliseconds(times)]


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


def spell_short(us: int) -> str:
    """A short duration for people: ``3.4 ms``, ``34 ms``, ``340 ms``, ``3.40 s``."""
    if us >= SECOND:
        return f"{us / SECOND:.2f} s"
    ms = us / MILLISECOND
    return f"{ms:.1f} ms" if ms < 10 else f"{to_milliseconds(us)} ms"  # noqa: PLR2004 - two digits tell enough
