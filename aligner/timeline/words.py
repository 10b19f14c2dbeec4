"""Characters become words, each with the time of its own sound.

A word is a span of the document's text, so nothing is lost or respaced; a word that was cut over two messages,
generations or segments is one word because only the finished timeline is looked at. No cue and no layout may enter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aligner.model import Word
from aligner.timeline import spaceless
from aligner.timeline.characters import NO_BREAK_SPACES, is_sounding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aligner.model import Span, Timeline

# What lies between white space at which a line may end; a zero width space ends its word but is a character of it.
_TOKEN = re.compile(rf"(?:[^\s\u200b]|[{NO_BREAK_SPACES}])+\u200b*|\u200b+")


def group(timeline: Timeline, language: str) -> tuple[Word, ...]:
    """The words of a text, in order; every character that is not white space is in exactly one of them.

    A word starts with its first sounding character and ends with its last: a pause belongs to nobody. What does not
    sound by itself, such as a dash between spaces, has the time of the word after it; at the end of the text, none.

    Args:
        timeline: times that ascend.
        language: BCP 47; decides only where the script leaves it open (Chinese or Japanese).
    """
    words: list[Word] = []
    # From the end, so that what does not sound knows the word after it.
    for first, last in reversed(list(_spans(timeline.text, language))):
        sound = sounding(timeline.text, first, last)
        if sound is not None:
            start, end = timeline.starts[sound[0]], timeline.ends[sound[1] - 1]
        elif words:
            start, end = words[-1].start, words[-1].end
        else:
            start = end = -1
        words.append(Word(timeline.text[first:last], start, end, (first, last)))
    words.reverse()
    return _settle(words, timeline)


def runs(text: str, begin: int = 0) -> Iterator[tuple[int, int, int]]:
    """What lies between white space at which a line may end, from a place on: a word, or several without spaces.

    Three places each: where it begins, where it stops, and where the white space begins that parts it from the next.
    """
    for token in _TOKEN.finditer(text, begin):
        stripped = token[0].strip()
        if stripped:
            first = token.start() + len(token[0]) - len(token[0].lstrip())
            yield first, first + len(stripped), token.end()


def _spans(text: str, language: str) -> Iterator[Span]:
    for first, last, _ in runs(text):
        yield from spaceless.cut(text, first, last, language)


def sounding(text: str, first: int, last: int) -> Span | None:
    """From the first to the last sounding character of a word, or ``None`` where nothing sounds."""
    while first < last and not is_sounding(text[first]):
        first += 1
    while first < last and not is_sounding(text[last - 1]):
        last -= 1
    return (first, last) if first < last else None


def _settle(words: list[Word], timeline: Timeline) -> tuple[Word, ...]:
    """Give what does not sound at the end of a text the moment at which the last word ends."""
    silent = len(words)
    while silent and words[silent - 1].start < 0:
        silent -= 1
    tail = words[silent:]
    moment = words[silent - 1].end if silent else timeline.starts[tail[0].span[0]] if tail else 0
    return (*words[:silent], *(Word(word.text, moment, moment, word.span) for word in tail))
