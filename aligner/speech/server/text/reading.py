"""How a passage is read aloud: what the engine is given, and how the times of what it said become times of the text.

What is written and what is said differ where a number is spelt out, a dictionary or SSML says otherwise. Both keep
their own characters: `alignment` has those that were sent, `normalizedAlignment` those that are heard. Pure.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aligner.speech.server.text.passage import Delivery, Passage

_SPACES: Final = re.compile(r"\s{2,}|[^\S ]")


class Swap(NamedTuple):
    """A stretch of what is written with the stretch of what is said for it, half open, in code points."""

    start: int
    stop: int
    said_start: int
    said_stop: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is spoken in one go, or a silence."""

    written: str
    said: str
    swaps: tuple[Swap, ...] = ()
    """Where the two differ, ascending; everywhere else they are the same."""
    sounds: tuple[tuple[int, int, str], ...] = ()
    """Stretches of ``said`` that have a pronunciation of their own, in IPA."""
    delivery: Delivery | None = None
    silence: int = 0
    """Microseconds of silence; then there is no text."""


class Column(NamedTuple):
    """Characters with one edge more than there are of them: character *i* is heard from edge *i* to the next."""

    characters: Sequence[str]
    edges: Sequence[int]
    """Samples, ascending from 0."""


def parts(passage: Passage) -> Iterator[Part]:
    """A passage as parts: cut where a pause stands and where the delivery changes. Joined they are its text."""
    if not passage.notes:
        yield Part(passage.text, passage.text)
        return
    outside = passage.outside()
    bounds: set[int] = set()
    silences: dict[int, int] = {}
    for note in passage.notes:
        if note.pause:
            silences[outside(note.start)] = silences.get(outside(note.start), 0) + note.pause
        if note.pause or note.delivery:
            bounds |= {outside(note.start), outside(note.stop)}
    yield from _silence(silences.pop(0, 0))
    stop = 0
    for piece in passage.cut(sorted(bounds - {0})) if passage.text else ():
        stop += len(piece.text)
        if piece.text:
            yield _part(piece)
        yield from _silence(silences.pop(stop, 0))


def timed(part: Part, edges: Sequence[int], pinyin: Iterable[tuple[int, int, str]] = ()) -> tuple[Column, Column]:
    """When a part's characters are heard, written and said, from the times of what was said.

    ``edges`` are those of ``part.said``; ``pinyin`` replaces stretches of it, where that is shown as spoken. The two
    columns are one object where written and said are the same.
    """
    written = Column(part.written, edges)
    if part.swaps:
        written = Column(part.written, _written(part, edges))
    said = _collapsed(_shown(Column(part.said, edges), tuple(pinyin)))
    same = said.edges is edges and not part.swaps
    return written, written if same else said


def _part(passage: Passage) -> Part:
    said: list[str] = []
    swaps: list[Swap] = []
    sounds: list[tuple[int, int, str]] = []
    place = length = 0
    for note in (note for note in passage.notes if note.whole):
        said.append(passage.text[place : note.start])
        length += note.start - place
        word = passage.text[note.start : note.stop] if note.said is None else note.said
        said.append(word)
        if note.said is not None:
            swaps.append(Swap(note.start, note.stop, length, length + len(word)))
        if note.ipa:
            sounds.append((length, length + len(word), note.ipa))
        place, length = note.stop, length + len(word)
    said.append(passage.text[place:])
    delivery = next((note.delivery for note in passage.notes if note.delivery), None)
    return Part(passage.text, "".join(said), tuple(swaps), tuple(sounds), delivery)


def _silence(length: int) -> Iterator[Part]:
    if length:
        yield Part("", "", silence=length)


def _written(part: Part, edges: Sequence[int]) -> array[int]:
    """Where the two differ, the written characters share the time of what is said for them."""
    found = array("i")
    place = said = 0
    for swap in part.swaps:
        found.extend(edges[said : said + swap.start - place])
        begin, end = edges[swap.said_start], edges[swap.said_stop]
        count = swap.stop - swap.start
        found.extend(begin + (end - begin) * index // count for index in range(count))
        place, said = swap.stop, swap.said_stop
    found.extend(edges[said:])
    return found


def _shown(said: Column, pinyin: Sequence[tuple[int, int, str]]) -> Column:
    """The said characters with their pinyin in their place."""
    if not pinyin:
        return said
    characters: list[str] = []
    edges: list[int] = []
    place = 0
    for start, stop, shown in pinyin:
        characters.extend(said.characters[place:start])
        edges.extend(said.edges[place:start])
        begin, end = said.edges[start], said.edges[stop]
        characters.extend(shown)
        edges.extend(begin + (end - begin) * index // len(shown) for index in range(len(shown)))
        place = stop
    characters.extend(said.characters[place:])
    edges.extend(said.edges[place:])
    return Column(characters, edges)


def _collapsed(said: Column) -> Column:
    """White space of any kind and length as one blank with the time of all of it."""
    text = "".join(said.characters)
    characters: list[str] = []
    edges: list[int] = []
    place = 0
    for match in _SPACES.finditer(text):
        characters.extend((*text[place : match.start()], " "))
        edges.extend(said.edges[place : match.start() + 1])
        place = match.end()
    if not place:
        return said
    characters.extend(text[place:])
    edges.extend(said.edges[place:])
    return Column(characters, edges)
