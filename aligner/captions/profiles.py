"""Caption styles as data: one TOML file a style in ``profiles/``, its numbers with their source and date.

A profile is what a style guide says about size, speed and time for one language. How good a break is belongs to
`breaks`; how the limits weigh against each other to `Weights`.
"""

from __future__ import annotations

from difflib import get_close_matches
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from aligner.captions.languages import base
from aligner.errors import UsageError


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What each fault costs when cues are compared; only their ratios matter.

    The order of magnitude is the order of the rules: a broken limit outweighs everything, then what a viewer sees as a
    fault (a bad break, a late end, a mixed sentence), then what is merely less fine.
    """

    limit: float = 1000
    """A broken limit: too fast, too short, too long, a gap that is neither closed nor long."""
    excess: float = 500
    """On top of ``limit``, for a limit missed by its whole size."""
    shift: float = 30
    """A limit that is kept by an in-time a frame or two beside the sound."""
    late: float = 90
    """The cue ends too long after its sound, or too early."""
    bad: float = 120
    """A break inside a phrase."""
    weak: float = 24
    """A break that may be inside a phrase."""
    mixed: float = 60
    """A cue with the end of one sentence and the beginning of another that it cuts."""
    sentence: float = 9
    """A sentence's end inside a cue."""
    cue: float = 4
    """Each cue: fewer and larger ones are calmer."""
    small: float = 20
    """A cue that is nearly empty and no sentence of its own, by the square of what it lacks."""
    balance: float = 16
    """Two lines of unequal length, by the square of their difference."""
    silence: float = 10
    """Each second of a pause inside a cue."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A caption style for one language. Speeds count user-perceived characters, spaces included, line breaks not."""

    name: str
    language: str
    characters: int
    """A line's width: user-perceived characters, or full-width columns."""
    cps: Fraction
    """Characters a second, at most."""
    fps: Fraction = Fraction(24)
    """The grid that all times of cues lie on."""
    lines: int = 2
    full_width: bool = False
    """Whether a half-width character counts only 0.5 for the line."""
    min_seconds: Fraction = Fraction(5, 6)
    max_seconds: Fraction = Fraction(7)
    gap_frames: int = 2
    """Frames between cues that follow each other."""
    long_gap_seconds: Fraction = Fraction(1, 2)
    """A shorter gap is closed to ``gap_frames``."""
    linger_seconds: Fraction = Fraction(1, 2)
    """How long a cue may stay after its sound, unless its minimum needs more."""
    sync_frames: int = 0
    """By how many frames an in-time may be beside the sound, where that keeps a limit."""
    word_seconds: Fraction = Fraction(0)
    """Reading time a word, for guides that count words."""
    unit: Literal["phrase", "word", "sentence", "paragraph"] = "phrase"
    """What a cue is: phrases are optimised, the others are fixed by the text."""
    weights: Weights = Weights()


class _Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tables ``[limits]`` and ``[language]`` of a file; numbers may be written as fractions: ``"5/6"``."""

    characters: int | None = None
    cps: float | str | None = None
    fps: float | str | None = None
    lines: Literal[1, 2] | None = None
    full_width: bool | None = None
    min_seconds: float | str | None = None
    max_seconds: float | str | None = None
    gap_frames: int | None = None
    sync_frames: int | None = None
    long_gap_seconds: float | str | None = None
    linger_seconds: float | str | None = None
    word_seconds: float | str | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    source: str
    checked: str
    limits: _Limits
    unit: Literal["phrase", "word", "sentence", "paragraph"] = "phrase"
    language: dict[str, _Limits] = {}
    weights: Weights = Weights()


_FRACTIONS = frozenset(
    ("cps", "fps", "min_seconds", "max_seconds", "long_gap_seconds", "linger_seconds", "word_seconds"),
)


@cache
def names() -> tuple[str, ...]:
    """The shipped styles, in alphabetical order."""
    folder = files(__package__) / "profiles"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


def load(name: str, language: str, fps: Fraction | None = None) -> Profile:
    """The numbers of a style for a language.

    Args:
        name: One of `names`.
        language: BCP 47; ``de-AT`` falls back to ``de``, an unknown one to the style's numbers for every language.
        fps: The frame grid, where it is not the style's own.

    Raises:
        UsageError: There is no such style, or the frame rate is not positive.
    """
    if name not in names():
        near = get_close_matches(name, names(), 1)
        mend = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(names())}"
        raise UsageError(f"there is no caption profile {name!r}", "--profile", mend)
    if fps is not None and fps <= 0:
        raise UsageError(f"{fps} frames a second is not a frame rate", "--fps", "give a number above 0")
    found = _load(name, base(language))
    return found if fps is None else msgspec.structs.replace(found, fps=fps)


# Two threads that make a type known to msgspec at the same moment crash the process (seen with 0.22): it is known here.
msgspec.json.Decoder(_File)
msgspec.json.Decoder(Profile)


@cache
def _load(name: str, language: str) -> Profile:
    text = (files(__package__) / "profiles" / f"{name}.toml").read_text("utf-8")
    file = msgspec.toml.decode(text, type=_File)
    limits = _given(file.limits) | _given(file.language.get(language, _Limits()))
    return msgspec.convert(
        {"name": name, "language": language, "unit": file.unit, "weights": file.weights, **limits},
        Profile,
        dec_hook=lambda kind, value: Fraction(str(value)) if kind is Fraction else value,
    )


def _given(limits: _Limits) -> dict[str, object]:
    return {field: value for field, value in msgspec.structs.asdict(limits).items() if value is not None}
