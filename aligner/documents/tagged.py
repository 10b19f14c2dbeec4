"""A document with SSML becomes text with its tags beside it: none of them is shown, counted or cut.

The tags are lifted out before the text is laid out in paragraphs, with a mark in the place of each, and set down again
after. Whatever lays out the text only has to keep the marks, or to drop them with what is dropped around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aligner import ssml
from aligner.documents.decoding import clean
from aligner.documents.language import is_tag
from aligner.documents.plain import glue
from aligner.errors import DocumentError, MarkupError
from aligner.model import Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aligner.model import Span

# Noncharacters: `clean` has dropped all that were in the text.
_MARK: Final = "\ufdd0"
_DIGITS: Final = {ord(str(digit)): chr(0xFDD1 + digit) for digit in range(10)}
_VALUES: Final = {ord(mark): chr(digit) for digit, mark in _DIGITS.items()}
_TOKEN: Final = re.compile("\ufdd0([\ufdd1-\ufdda]+)\ufdd0")
# What was written as an entity, or is no tag, must not become Markdown's or HTML's.
_SHIELDED: Final = {ord("<"): "\ufddb", ord("&"): "\ufddc"}
_UNSHIELDED: Final = {ord(shield): chr(sign) for sign, shield in _SHIELDED.items()}
_BLANK_LINES: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


@dataclass(frozen=True, slots=True)
class Lifted:
    """A text and what stood in it."""

    text: str
    headings: tuple[Span, ...]
    markup: tuple[Tag, ...]
    language: str | None
    """What the document says of itself (``<speak xml:lang="…">``)."""


def lift(body: str, name: str, line: int, lay: Callable[[str], tuple[str, tuple[Span, ...]]]) -> Lifted:
    """A document's text without its tags, and the tags.

    Args:
        body: the text as it was written.
        name: the document's, for errors.
        line: the number of the body's first line.
        lay: makes paragraphs (and headings) of a text; a newline ends one.

    Raises:
        DocumentError: a tag is malformed, closes nothing, or is never closed; with its line.
    """
    try:
        marked = ssml.Reader(line).feed(body)
    except MarkupError as error:
        raise DocumentError(error.problem, f"{name}, {error.place}", error.mend) from None
    partners = _partners(marked.tags)
    for index, partner in enumerate(partners):
        if partner is None:
            tag = marked.tags[index]
            place = f"{name}, line {line + body.count(chr(10), 0, _written(body, marked.tags, index))}"
            raise DocumentError(f"{tag.source} is never closed", place, f"write </{tag.name}> where it ends")
    laid, headings = lay("".join(_flow(marked)))
    settled = _Settled(marked.tags, laid)
    spans = ((settled.starts.get(start), settled.stops.get(stop)) for start, stop in headings)
    return Lifted(
        settled.text,
        tuple((start, stop) for start, stop in spans if start is not None and stop is not None),
        tuple(_paired(settled.markup, partners)),
        _language(marked.tags),
    )


def _language(tags: Iterable[ssml.Tag]) -> str | None:
    told = (tag.attributes.get("xml:lang", "") for tag in tags if tag.name == "speak")
    return next(filter(is_tag, told), None)


def paragraphs(text: str) -> tuple[str, tuple[Span, ...]]:
    """The text with every newline ending a paragraph. In SSML a line end is white space; a blank line parts."""
    return "\n\n".join(filter(None, map(_joined, _BLANK_LINES.split(text)))), ()


def _joined(block: str) -> str:
    parts: list[str] = []
    last = ""
    for line in filter(None, map(str.strip, block.split("\n"))):
        bare = _TOKEN.sub("", line).strip()
        parts += [glue(last, bare) if bare and last else "", line]
        last = bare or last
    return "".join(parts)


def _partners(tags: Sequence[ssml.Tag]) -> list[int | None]:
    """For each tag the one at the other end of its element; itself where it is empty, ``None`` where there is none."""
    partners: list[int | None] = [None] * len(tags)
    opened: list[int] = []
    for index, tag in enumerate(tags):
        if tag.kind == "empty":
            partners[index] = index
        elif tag.kind == "open":
            opened.append(index)
        elif opened:
            partners[index] = opened.pop()
            partners[partners[index]] = index  # type: ignore[index]  # it has just been set
    return partners


def _written(body: str, tags: Sequence[ssml.Tag], index: int) -> int:
    """Where a tag stands in the body: the place of as many of its kind as come before it."""
    source = tags[index].source
    place = -1
    for _ in range(1 + sum(1 for tag in tags[:index] if tag.source == source)):
        place = body.find(source, place + 1)
    return max(place, 0)


def _flow(marked: ssml.Marked) -> Iterator[str]:
    """The text with a mark for each tag; paragraphs of SSML become such of text."""
    done = 0
    for index, tag in enumerate(marked.tags):
        yield clean(marked.text[done : tag.position]).translate(_SHIELDED)
        mark = f"{_MARK}{str(index).translate(_DIGITS)}{_MARK}"
        yield mark if tag.name != "p" else f"\n\n{mark}" if tag.kind == "open" else f"{mark}\n\n"
        done = tag.position
    yield clean(marked.text[done:]).translate(_SHIELDED)


class _Settled:
    """A laid out text whose marks have become tags again."""

    def __init__(self, tags: Sequence[ssml.Tag], laid: str) -> None:
        self._tags = tags
        self._parts: list[str] = []
        self._length = 0
        self._waiting: list[int] = []
        self.markup: list[tuple[int, Tag]] = []
        """Each with its index among the tags that were lifted."""
        self.starts: dict[int, int] = {}
        self.stops: dict[int, int] = {}
        """Where the laid out lines begin and end, and where they do now."""
        self._settle(laid)
        self.text = "".join(self._parts).translate(_UNSHIELDED)

    def _settle(self, laid: str) -> None:
        place, blank = 0, False
        for line in laid.split("\n"):
            bare = _TOKEN.sub("", line).strip()
            if bare:
                self._begin_line("\n\n" if blank else "\n")
                self.starts[place] = self._length
                self._line(line)
                self.stops[place + len(line)] = self._length
                blank = False
            else:
                # A line of tags alone is none; a blank one still parts paragraphs.
                self._waiting += [part for part in _spaced(line) if isinstance(part, int)]
                blank = blank or not line.strip()
            place += len(line) + 1
        self._set(self._waiting)

    def _begin_line(self, separator: str) -> None:
        """What ends or happens between two lines belongs to the first, all from the first open tag on to the second."""
        first = next((i for i, index in enumerate(self._waiting) if self._tags[index].kind == "open"), None)
        before = self._waiting[:first] if self._parts else []
        self._set(before)
        if self._parts:
            self._keep(separator)
        self._set(self._waiting[len(before) :])
        self._waiting = []

    def _line(self, line: str) -> None:
        for part in _spaced(line):
            if isinstance(part, int):
                self._set([part])
            else:
                self._keep(part)

    def _keep(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)

    def _set(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            tag = self._tags[index]
            self.markup.append((index, Tag(self._length, tag.source, tag.name, tag.kind)))


def _spaced(line: str) -> list[str | int]:
    """A line's text and the tags in it, by their indexes; of the white space on both sides of a tag one is enough."""
    parts: list[str | int] = []
    last = " "
    for position, part in enumerate(_TOKEN.split(line)):
        if position % 2:
            parts.append(int(part.translate(_VALUES)))
        else:
            text = part.lstrip() if last.isspace() else part
            last = text[-1:] or last
            parts.append(text)
    for position, kept in reversed(list(enumerate(parts))):
        if isinstance(kept, str):
            parts[position] = bare = kept.rstrip()
            if bare:
                break
    return parts


def _paired(markup: Sequence[tuple[int, Tag]], partners: Sequence[int | None]) -> Iterator[Tag]:
    """The tags without those whose other half was dropped with a piece of the text (code in Markdown)."""
    kept = {index for index, _ in markup}
    yield from (tag for index, tag in markup if partners[index] in kept)
