"""A text in messages: where it is cut, and how each is written. No socket, and no message of the protocol either."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from aligner import sentences, tags
from aligner.tags import Whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aligner.model import Tag

PIECE: Final = 250
"""Characters a text message holds at most; sentences are shorter as a rule."""

_TAG: Final = re.compile(r"<[^<>]*>")
_ESCAPE: Final = re.compile(r"&#?\w+;")


def write(text: str, language: str, markup: Sequence[Tag] | None = None) -> Iterator[str]:
    """A whole text as it is sent, message by message; with ``markup``, be it empty, ``&`` and ``<`` are escaped."""
    # The last text ends with a space, as the service wants every text to: else it appends one itself.
    text = text if text[-1:].isspace() else f"{text} "
    if markup is None:
        yield from cut(text, language)
        return
    pieces = tuple(cut(text, language, Whole(markup)))
    shares = tags.share(markup, tuple(accumulate(map(len, pieces))))
    yield from map(tags.write, pieces, shares)


def count(written: str) -> int:
    """The characters of a message with tags that will come back: tags do not, and an escape is one character."""
    return len(_ESCAPE.sub("&", _TAG.sub("", written)))


def cut(text: str, language: str, whole: Whole | None = None) -> Iterator[str]:
    """The text in messages: as many sentences as fit, with the white space after them; long ones cut at word ends.

    What may not be cut is not, even where a message becomes too long by it.
    """
    start = 0
    for stop in _stops(text, language, whole or Whole(())):
        yield text[start:stop]
        start = stop


def _stops(text: str, language: str, whole: Whole) -> Iterator[int]:
    start = end = 0
    for mark in [*sentences.ends(text, language), len(text)]:
        after = mark
        while after < len(text) and text[after].isspace():
            after += 1
        if whole.cuts(after):
            continue
        if after - start > PIECE and end > start:
            yield end
            start = end
        while after - start > PIECE:
            start = _word_end(text, start, whole)
            yield start
        end = after
    if end > start:
        yield end


def _word_end(text: str, start: int, whole: Whole) -> int:
    """Where a message that is too long is cut."""
    end = whole.before(text.rfind(" ", start, start + PIECE) + 1)
    return end if end > start else whole.after(start + PIECE)
