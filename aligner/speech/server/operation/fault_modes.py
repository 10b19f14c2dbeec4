"""Messages as services have been seen to send them, against expectation: for those who test their clients.

Each mode turns one message of the service into others, on the level of the wire (`protocol.md` calls them disputed, or
seen once). Sound is never lost, and times stay true wherever the mode does not say otherwise. Pure; what a mode does to
the connection itself is `faults`'.
"""

from __future__ import annotations

import base64
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from random import Random

Alignment: TypeAlias = dict[str, Any]
"""As on the wire: ``chars``, ``charStartTimesMs``, ``charDurationsMs``."""

STEP: Final = 3
"""Characters in an entry of ``long-entries``."""


@dataclass(slots=True)
class Told:
    """One message on its way out, as its JSON object."""

    wire: dict[str, Any]
    last: bool = False
    """The last one of its generation."""

    def but(self, fields: Mapping[str, object], *, last: bool | None = None) -> Told:
        """The same message with other fields."""
        return Told({**self.wire, **fields}, self.last if last is None else last)


Turn: TypeAlias = "Callable[[Told], Iterable[Told]]"
Make: TypeAlias = "Callable[[Random], Turn]"

_BOTH: Final = ("alignment", "normalizedAlignment")
_NONE: Final = dict.fromkeys(_BOTH)


# -- whole messages ---------------------------------------------------------------------------------------------------


def null_alignment(told: Told) -> Iterable[Told]:
    """No characters with the sound."""
    yield told.but(_NONE)


def normalized_only(told: Told) -> Iterable[Told]:
    """Only what is said, not what was sent."""
    yield told.but({"alignment": None})


def is_final_false(told: Told) -> Iterable[Told]:
    """As some documents show it, instead of null."""
    yield told.but({"isFinal": False})


def empty_audio(told: Told) -> Iterable[Told]:
    """Characters first, without sound; the sound follows without characters."""
    yield told.but({"audio": ""}, last=False)
    yield told.but(_NONE)


def bad_base64(told: Told) -> Iterable[Told]:
    """Sound that cannot be read."""
    yield told.but({"audio": "%" + (told.wire["audio"] or "")})


def split_audio(told: Told) -> Iterable[Told]:
    """The sound in two messages, cut at an odd byte: inside a sample, inside an mp3 frame."""
    sound = base64.b64decode(told.wire["audio"] or "")
    half = len(sound) // 2 | 1
    yield told.but({"audio": _text(sound[:half])}, last=False)
    yield told.but({"audio": _text(sound[half:]), **_NONE})


def split_words(random: Random) -> Turn:
    """Two messages for one, cut inside a word."""

    def turn(told: Told) -> Iterable[Told]:
        place = _inside_word(told.wire["alignment"], random)
        if place is None:
            yield told
            return
        yield from _cut(told, place)

    return turn


def partial_then_whole(random: Random) -> Turn:
    """Characters up to inside a word, then all of them again from the first."""

    def turn(told: Told) -> Iterable[Told]:
        place = _inside_word(told.wire["alignment"], random)
        if place is None:
            yield told
            return
        first, second = _cut(told, place)
        yield first
        yield second.but({name: told.wire[name] for name in _BOTH})

    return turn


# -- alignments -------------------------------------------------------------------------------------------------------


def each(change: Callable[[Alignment], Alignment]) -> Turn:
    """A mode that changes alignments, whichever are there."""

    def turn(told: Told) -> Iterable[Told]:
        yield told.but({name: change(told.wire[name]) for name in _BOTH if told.wire[name]})

    return turn


def unequal(alignment: Alignment) -> Alignment:
    """One duration is missing."""
    return {**alignment, "charDurationsMs": alignment["charDurationsMs"][:-1]}


def documented(alignment: Alignment) -> Alignment:
    """The key of the durations as some documents spell it."""
    found = dict(alignment)
    found["charsDurationsMs"] = found.pop("charDurationsMs")
    return found


def long_entries(alignment: Alignment) -> Alignment:
    """Several characters in one entry."""
    chars, starts, durations = alignment["chars"], alignment["charStartTimesMs"], alignment["charDurationsMs"]
    places = range(0, len(chars), STEP)
    return _alignment(
        ["".join(chars[place : place + STEP]) for place in places],
        [starts[place] for place in places],
        [sum(durations[place : place + STEP]) for place in places],
    )


def absolute() -> Turn:
    """Times count from the start of the stream."""
    bases = dict.fromkeys(_BOTH, 0)

    def turn(told: Told) -> Iterable[Told]:
        changed = {}
        for name in _BOTH:
            if alignment := told.wire[name]:
                changed[name] = _moved(alignment, bases[name])
                bases[name] += span(alignment)
        yield told.but(changed)

    return turn


# -- generations ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class FirstOnly:
    """All characters of a generation with its first message, which therefore waits for them."""

    held: list[Told] = field(default_factory=list)

    def __call__(self, told: Told) -> Iterable[Told]:
        """Nothing until the generation is complete."""
        if not self.held and not told.wire["alignment"]:
            yield told  # an encoder's rest, behind all generations
            return
        self.held.append(told)
        if not told.last:
            return
        held, self.held = self.held, []
        for index, one in enumerate(held):
            yield one.but({name: _joined([each.wire[name] for each in held]) if not index else None for name in _BOTH})


@dataclass(slots=True)
class LastOnly:
    """All characters of a generation with its last message."""

    held: list[Told] = field(default_factory=list)

    def __call__(self, told: Told) -> Iterable[Told]:
        """The sound at once."""
        self.held.append(told)
        if not told.last:
            yield told.but(_NONE)
            return
        held, self.held = self.held, []
        yield told.but({name: _joined([one.wire[name] for one in held]) for name in _BOTH})


@dataclass(slots=True)
class Tail:
    """A generation's characters end with its last word, its sound goes on: the spans fall behind."""

    held: list[Told] = field(default_factory=list)

    def __call__(self, told: Told) -> Iterable[Told]:
        """What has characters waits until it is known whether others follow."""
        if told.wire["alignment"]:
            yield from self.held
            self.held = []
        elif not self.held:
            yield told
            return
        self.held.append(told)
        if told.last:
            held, self.held = self.held, []
            yield from each(_without_pause)(held[0])
            yield from held[1:]


MAKERS: Final[Mapping[str, Make]] = {
    "tail": lambda _: Tail(),
    "first-only": lambda _: FirstOnly(),
    "last-only": lambda _: LastOnly(),
    "partial-then-whole": partial_then_whole,
    "split-words": split_words,
    "long-entries": lambda _: each(long_entries),
    "empty-audio": lambda _: empty_audio,
    "split-audio": lambda _: split_audio,
    "absolute": lambda _: absolute(),
    "null-alignment": lambda _: null_alignment,
    "normalized-only": lambda _: normalized_only,
    "is-final-false": lambda _: is_final_false,
    "unequal-arrays": lambda _: each(unequal),
    "documented-spelling": lambda _: each(documented),
    "bad-base64": lambda _: bad_base64,
}
"""The modes by name, each made for one session. Several are applied in this order: what cannot be read comes last."""


# -- times ------------------------------------------------------------------------------------------------------------


def span(alignment: Alignment) -> int:
    """Milliseconds from the message's zero to the end of its last character."""
    total: int = alignment["charStartTimesMs"][-1] + alignment["charDurationsMs"][-1]
    return total


def _alignment(chars: list[str], starts: list[int], durations: list[int]) -> Alignment:
    return {"chars": chars, "charStartTimesMs": starts, "charDurationsMs": durations}


def _columns(alignment: Alignment) -> tuple[list[str], list[int], list[int]]:
    return alignment["chars"], alignment["charStartTimesMs"], alignment["charDurationsMs"]


def _moved(alignment: Alignment, by: int) -> Alignment:
    return {**alignment, "charStartTimesMs": [start + by for start in alignment["charStartTimesMs"]]}


def _joined(alignments: Iterable[Alignment | None]) -> Alignment | None:
    """Several messages' characters as one's."""
    found = _alignment([], [], [])
    base = 0
    for alignment in filter(None, alignments):
        for name, column in _moved(alignment, base).items():
            found[name] += column
        base += span(alignment)
    return found if found["chars"] else None


def _without_pause(alignment: Alignment) -> Alignment:
    """The same, but what follows the last word takes no time."""
    chars, starts, durations = _columns(alignment)
    words = max((place + 1 for place, char in enumerate(chars) if char[-1:].isalnum()), default=0)
    rest = len(chars) - words
    end = starts[words] if rest else span(alignment)
    return _alignment(chars, [*starts[:words], *[end] * rest], [*durations[:words], *[0] * rest])


def _inside_word(alignment: Alignment | None, random: Random) -> int | None:
    chars = alignment["chars"] if alignment else []
    places = [place for place in range(1, len(chars)) if chars[place - 1][-1:].isalnum() and chars[place][:1].isalnum()]
    return random.choice(places) if places else None


def _cut(told: Told, place: int) -> tuple[Told, Told]:
    """Two messages for one, the second beginning with a character of `alignment`. Sound is cut at its time."""
    time, whole = told.wire["alignment"]["charStartTimesMs"][place], span(told.wire["alignment"])
    sound = base64.b64decode(told.wire["audio"] or "")
    half = len(sound) * time // max(whole, 1) & ~1  # between two samples
    first, second = {}, {}
    for name in _BOTH:
        alignment = told.wire[name]
        at = place if name == "alignment" else bisect_left(alignment["charStartTimesMs"], time) if alignment else 0
        first[name], second[name] = _halves(alignment, at) if alignment else (None, None)
    return told.but({"audio": _text(sound[:half]), **first}, last=False), told.but(
        {"audio": _text(sound[half:]), **second}
    )


def _halves(alignment: Alignment, place: int) -> tuple[Alignment | None, Alignment | None]:
    chars, starts, durations = _columns(alignment)
    base = starts[place] if place < len(starts) else 0
    first = _alignment(chars[:place], starts[:place], durations[:place])
    second = _alignment(chars[place:], [start - base for start in starts[place:]], durations[place:])
    return first if place else None, second if place < len(chars) else None


def _text(sound: bytes) -> str:
    return base64.b64encode(sound).decode()
