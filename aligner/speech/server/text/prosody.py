"""What SSML's ``prosody``, ``emphasis`` and ``break`` ask for, in numbers. Pure.

The values are those of SSML 1.1 (W3C, 2010, section 3.2). Where it leaves a number to the engine, the number is
espeak-ng's own (1.52, ssml.c), but for the strengths of pauses, which are those that Azure Speech documents: espeak's
depend on the speed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from aligner import clock
from aligner.errors import MarkupError
from aligner.speech.server.text.passage import Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_BREAK: Final = 3 * clock.SECOND
"""Of one ``break`` (protocol, connection: at most 3 s); a longer one is cut to it."""

STRENGTHS: Final = {
    name: milliseconds * clock.MILLISECOND
    for name, milliseconds in {
        "none": 0,
        "x-weak": 250,
        "weak": 500,
        "medium": 750,
        "strong": 1_000,
        "x-strong": 1_250,
    }.items()
}
"""Microseconds of a pause by its name; ``medium`` is the one without a name."""

EMPHASES: Final = {
    "none": Delivery(),
    "reduced": Delivery(rate=1.1, pitch_range=0.7, volume=0.75),
    "moderate": Delivery(rate=0.95, pitch=1.05, pitch_range=1.2, volume=1.1),
    "strong": Delivery(rate=0.85, pitch=1.1, pitch_range=1.4, volume=1.2),
}
"""The engine's stress on a word cannot be asked for from outside: slower, higher, livelier and louder comes near it."""

_TIME: Final = re.compile(r"\+?([0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})\s*(ms|s)")
_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})\s*(%|st|hz|db)?", re.IGNORECASE)


class _Scale(NamedTuple):
    """How one attribute is read: its names, what a bare number counts from, what is a hundred per cent in hertz."""

    names: Mapping[str, float]
    unit: float
    """A bare number is divided by it; 0 where SSML has none."""
    hertz: float
    """0 where it is not measured in hertz."""
    least: float
    most: float


# The voices lie between 82 and 118 Hz as the engine comes (voice files: pitch 82 118): the middle and the range.
_SCALES: Final = {
    "rate": _Scale({"x-slow": 0.6, "slow": 0.8, "medium": 1, "fast": 1.25, "x-fast": 1.6}, 1, 0, 0.25, 4),
    "pitch": _Scale({"x-low": 0.7, "low": 0.85, "medium": 1, "high": 1.1, "x-high": 1.2}, 0, 100, 0.25, 4),
    "range": _Scale({"x-low": 0.2, "low": 0.5, "medium": 1, "high": 1.4, "x-high": 1.8}, 0, 36, 0, 4),
    "volume": _Scale({"silent": 0, "x-soft": 0.3, "soft": 0.65, "medium": 1, "loud": 1.5, "x-loud": 2.3}, 100, 0, 0, 4),
}


def delivery(attributes: Mapping[str, str]) -> Delivery:
    """What a ``prosody`` asks for; ``contour`` and ``duration`` are beyond the engine and ignored.

    Raises:
        MarkupError: a value has no meaning.
    """
    rate, pitch, pitch_range, volume = (_factor(name, attributes.get(name)) for name in _SCALES)
    return Delivery(rate, pitch, pitch_range, volume)


def emphasis(attributes: Mapping[str, str]) -> Delivery:
    """What an ``emphasis`` asks for; without a level it is moderate.

    Raises:
        MarkupError: there is no such level.
    """
    level = attributes.get("level", "moderate").strip()
    if level not in EMPHASES:
        raise _meaningless("level", level, ", ".join(EMPHASES))
    return EMPHASES[level]


def pause(attributes: Mapping[str, str]) -> int:
    """Microseconds that a ``break`` lasts; its time wins over its strength.

    Raises:
        MarkupError: a value has no meaning.
    """
    time, strength = attributes.get("time"), attributes.get("strength", "medium").strip()
    if time is None:
        if strength not in STRENGTHS:
            raise _meaningless("strength", strength, ", ".join(STRENGTHS))
        return STRENGTHS[strength]
    match = _TIME.fullmatch(time.strip())
    if match is None:
        raise _meaningless("time", time, "1.5s or 500ms")
    seconds = float(match.group(1)) / (1000 if match.group(2) == "ms" else 1)
    return min(LONGEST_BREAK, clock.from_seconds(seconds))


def bounded(found: Delivery) -> Delivery:
    """A delivery as far as a voice can go: nested elements multiply without end."""
    rate, pitch, pitch_range, volume = (
        min(scale.most, max(scale.least, value))
        for scale, value in zip(
            _SCALES.values(), (found.rate, found.pitch, found.pitch_range, found.volume), strict=True
        )
    )
    return Delivery(rate, pitch, pitch_range, volume)


def _factor(name: str, value: str | None) -> float:
    """The factor that a value stands for; none, or ``default``, changes nothing."""
    scale = _SCALES[name]
    value = value.strip() if value is not None else "default"
    if value == "default":
        return 1.0
    if value in scale.names:
        return scale.names[value]
    match = _NUMBER.fullmatch(value)
    found = _measured(scale, *match.groups()) if match else None
    if found is None:
        raise _meaningless(name, value, f"{', '.join(scale.names)}, or a change such as +10%")
    return min(scale.most, max(scale.least, found))


def _measured(scale: _Scale, sign: str, digits: str, unit: str | None) -> float | None:
    """A number with its unit as a factor; with a sign it is a change. ``None`` where the scale has no such unit."""
    number = float(f"{sign}{digits}")
    unit = (unit or "").lower()
    if unit == "st":
        return float(2 ** (min(99.0, number) / 12)) if scale.hertz else None
    if unit == "db":
        return float(10 ** (min(99.0, number) / 20)) if scale is _SCALES["volume"] else None
    whole = {"%": 100.0, "hz": scale.hertz, "": scale.unit}[unit]
    if not whole:
        return None
    return 1 + number / whole if sign else number / whole


def _meaningless(name: str, value: str, mend: str) -> MarkupError:
    return MarkupError(f"{name}={value[:40]!r} has no meaning", mend=f"write {mend}")
