"""Tags beside a text: where the text may be cut, which tags a piece of it gets, and the piece written out with them.

A text with tags is never handled as one string with angle brackets in it: what is shown and what is counted is the
text, and the tags return only when a piece of it is sent. What a tag means is the service's to know.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aligner.model import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aligner.model import Span

WHOLE: Final = frozenset({"phoneme", "sub", "say-as", "w", "token"})
"""Elements whose content is spoken as one thing: their tags and all between them go in one message."""

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;"})


class Whole:
    """The stretches of a text that may not be cut."""

    def __init__(self, markup: Iterable[Tag]) -> None:
        self._spans = tuple(_whole(markup))
        self._starts = [start for start, _ in self._spans]

    def cuts(self, place: int) -> bool:
        """Whether a cut before this code point would be inside one of them."""
        return self.after(place) != place

    def before(self, place: int) -> int:
        """The place itself, or the beginning of the stretch that it is inside of."""
        return self._around(place)[0]

    def after(self, place: int) -> int:
        """The place itself, or the end of the stretch that it is inside of."""
        return self._around(place)[1]

    def _around(self, place: int) -> Span:
        index = bisect_right(self._starts, place) - 1
        start, stop = self._spans[index] if index >= 0 else (0, 0)
        return (start, stop) if start < place < stop else (place, place)


def _whole(markup: Iterable[Tag]) -> Iterator[Span]:
    """The outermost elements that are one thing; they follow one another."""
    start, depth = 0, 0
    for tag in markup:
        if tag.name not in WHOLE or tag.kind == "empty":
            continue
        if tag.kind == "open":
            start = start if depth else tag.place
            depth += 1
        else:
            depth -= 1
            if not depth:
                yield start, tag.place


def share(markup: Sequence[Tag], stops: Sequence[int]) -> tuple[tuple[Tag, ...], ...]:
    """The tags of each piece of a text that is cut at ``stops`` (ascending, the last one its end), by places in it.

    At a cut, what ends or happens there belongs to the piece before it, what begins there to the piece after.
    """
    pieces: list[tuple[Tag, ...]] = []
    start = index = 0
    for stop in stops:
        end = _end(markup, index, stop, last=stop == stops[-1])
        pieces.append(tuple(replace(tag, place=tag.place - start) for tag in markup[index:end]))
        start, index = stop, end
    return tuple(pieces)


def part(markup: Sequence[Tag], stops: Sequence[int]) -> tuple[tuple[Tag, ...], ...]:
    """As `share`, but each piece stands alone: an element that goes on over a cut is closed and opened again."""
    pieces: list[tuple[Tag, ...]] = []
    open_tags: list[Tag] = []
    for start, stop, own in zip([0, *stops], stops, share(markup, stops), strict=False):
        again = tuple(replace(tag, place=0) for tag in open_tags)
        for tag in own:
            _nest(open_tags, tag)
        ends = tuple(Tag(stop - start, f"</{tag.name}>", tag.name, "close") for tag in reversed(open_tags))
        pieces.append((*again, *own, *ends))
    return tuple(pieces)


def _end(markup: Sequence[Tag], index: int, stop: int, *, last: bool) -> int:
    """One past the last tag of a piece."""
    end = index
    while end < len(markup) and markup[end].place <= stop:
        end += 1
    while not last and end > index and markup[end - 1].place == stop and markup[end - 1].kind == "open":
        end -= 1
    return end


def _nest(open_tags: list[Tag], tag: Tag) -> None:
    if tag.kind == "open":
        open_tags.append(tag)
    elif tag.kind == "close" and open_tags:
        open_tags.pop()


def write(text: str, markup: Iterable[Tag]) -> str:
    """A piece of text with its tags in it, as it is sent; ``&`` and ``<`` of the text itself are escaped."""
    parts: list[str] = []
    done = 0
    for tag in markup:
        parts += [text[done : tag.place].translate(_ESCAPES), tag.source]
        done = tag.place
    parts.append(text[done:].translate(_ESCAPES))
    return "".join(parts)
