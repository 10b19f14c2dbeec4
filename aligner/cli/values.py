"""Types of option values beyond click's own; each refuses with a sentence that says what is right."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

# The broadcast rates that are written short: 29.97 means 30000/1001, and drifts 3.6 s an hour if it is taken literally.
_NTSC: Final = {"23.976": (24000, 1001), "23.98": (24000, 1001), "29.97": (30000, 1001), "59.94": (60000, 1001)}
_MAX_RATE: Final = 240
_THRESHOLDS: Final = range(50, 501)
_MAX_DICTIONARIES: Final = 3
_DICTIONARY_FILES: Final = (".pls", ".xml", ".json")


class _Value(click.ParamType[object]):
    """A click type from a function that raises ``ValueError`` with the sentence to show."""

    def __init__(self, name: str, read: Callable[[str], object]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> object:
        try:
            return self._read(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Within(click.FloatRange):
    """A number in a range; click takes ``nan`` for one, because it is neither below nor above anything."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return number


def frame_rate(value: str) -> Fraction:
    """Frames a second: ``25``, ``29.97`` (meaning 30000/1001), ``24000/1001``."""
    try:
        rate = Fraction(*_NTSC[value]) if value in _NTSC else Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is no frame rate; write 24, 25, 29.97 or 30000/1001") from None
    if not 1 <= rate <= _MAX_RATE:
        raise ValueError(f"{value} frames a second is out of range; 1 to {_MAX_RATE} are possible")
    return rate


def _names(value: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in value.split(",")) if name)


def _schedule(value: str) -> tuple[int, ...]:
    try:
        numbers = tuple(int(part) for part in _names(value))
    except ValueError:
        raise ValueError(f"{value!r} is no list of numbers; write for example 120,160,250,290") from None
    if not numbers or any(number not in _THRESHOLDS for number in numbers):
        raise ValueError(f"{value!r}: each number must lie between {_THRESHOLDS[0]} and {_THRESHOLDS[-1]}")
    return numbers


def _dictionaries(value: str) -> tuple[tuple[str, str | None], ...]:
    names = _names(value)
    if len(names) > _MAX_DICTIONARIES:
        raise ValueError(f"{len(names)} dictionaries; the service takes at most {_MAX_DICTIONARIES}")
    return tuple(map(_dictionary, names))


def _dictionary(name: str) -> tuple[str, str | None]:
    """ID, ID:VERSION, or a file, whose drive on Windows has a colon too."""
    if name.lower().endswith(_DICTIONARY_FILES):
        return name, None
    identity, _, version = name.partition(":")
    return identity, version or None


FRAME_RATE: Final = _Value("rate", frame_rate)
NAMES: Final = _Value("list", _names)
NUMBERS: Final = _Value("list", _schedule)
PAIRS: Final = _Value("list", _dictionaries)
