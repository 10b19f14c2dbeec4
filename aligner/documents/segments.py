"""A document's text becomes segments: pieces that are each spoken in one session.

Only the text and its language count; what a service can take in one session is the caller's to know.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aligner import sentences, tags
from aligner.errors import UsageError
from aligner.model import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aligner.model import Tag

SMALLEST, LARGEST = 200, 10_000
"""Characters. Below, speech loses its tune at every join; above, a multilingual model refuses (10,000 a request)."""

_PARAGRAPH = re.compile(r"[^\n]*\n\s*|[^\n]+")
# White space where a line may break: not the no-break ones.
_SPACE = r"[^\S\u00a0\u2007\u202f]+"
_AFTER_SENTENCE = re.compile(r"\s*")
_CLAUSE = re.compile(rf"[,;:–—][\"'”’»)\]]*{_SPACE}|[，；：、」』）](?![，；：、。！？」』）”’])")  # noqa: RUF001
_WORD = re.compile(_SPACE)

_JOINER = "\u200d"
_EXTENDING = frozenset({"Mn", "Mc", "Me"})
_LONGEST_CLUSTER = 64
"""Characters. Longer stacks of marks are damage, not writing."""


def cut(text: str, language: str, size: int = 2_500, markup: Sequence[Tag] = ()) -> tuple[Segment, ...]:
    """The segments of a text; joined they are the text, character for character.

    Cut at paragraph ends; a paragraph longer than ``size`` at the sentence ends that make its pieces most alike, else
    after a clause, else between words, else between characters as people see them. White space stays at the end of
    the segment before it, and no last segment is a crumb. Tags go with their places; an element that is spoken as one
    thing is never cut, even where its segment becomes longer than ``size`` by it.

    Raises:
        UsageError: ``size`` (characters) is not within 200 to 10,000.
    """
    if not SMALLEST <= size <= LARGEST:
        problem, mend = f"a segment of {size} characters", f"choose {SMALLEST} to {LARGEST:,}"
        raise UsageError(problem, "segment size", mend)
    rules = _Rules(language, size, tags.Whole(markup))
    stops = _balance(_pack(list(_units(text, rules)), size), size)
    parts = zip([0, *stops], stops, tags.part(markup, stops), strict=False)
    return tuple(Segment(index, start, text[start:stop], own) for index, (start, stop, own) in enumerate(parts))


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a text is cut by."""

    language: str
    size: int
    whole: tags.Whole


def _units(text: str, rules: _Rules) -> Iterator[int]:
    """Where the paragraphs end, and the pieces of those that are too long."""
    start = 0
    for match in _PARAGRAPH.finditer(text):
        if rules.whole.cuts(match.end()):
            continue
        if match.end() - start > rules.size:
            yield from _pieces(text, start, match.end(), rules)
        start = match.end()
        yield start


def _pack(units: Sequence[int], size: int) -> list[list[int]]:
    """The units of each segment, as many as fit."""
    groups: list[list[int]] = []
    start = 0
    for previous, stop in zip([0, *units], units, strict=False):
        if not groups or stop - start > size:
            groups.append([])
            start = previous
        groups[-1].append(stop)
    return groups


def _balance(groups: list[list[int]], size: int) -> list[int]:
    """Where the segments stop, the last two made alike if the last would be less than a quarter of the size."""
    stops = [group[-1] for group in groups]
    if len(stops) > 1 and 4 * (stops[-1] - stops[-2]) < size:
        start = stops[-3] if len(stops) > 2 else 0  # noqa: PLR2004 - the one before the last two
        fitting = [stop for stop in groups[-2] if stops[-1] - stop <= size]
        stops[-2] = min(fitting, key=lambda stop: abs(2 * stop - start - stops[-1]))
    return stops


def _pieces(text: str, start: int, stop: int, rules: _Rules) -> Iterator[int]:
    """Where one long paragraph is cut, but for its end."""
    size, whole = rules.size, rules.whole
    ends = [_past(text, start + end) for end in sentences.ends(text[start:stop], rules.language)]
    ends = [end for end in ends if not whole.cuts(end)]
    while stop - start > size:
        left = stop - start
        ideal = start + left // -(-left // size)
        # Less than half the ideal would be a crumb; the best sentence end is the one nearest to the ideal.
        window = (start + (ideal - start) // 2, start + size)
        choices = ends[bisect_left(ends, window[0]) : bisect_right(ends, window[1])] or _inside(text, window, whole)
        start = min(choices, key=lambda place: abs(place - ideal)) if choices else whole.after(_cluster(text, window))
        if start >= stop:
            return
        yield start


def _past(text: str, place: int) -> int:
    match = _AFTER_SENTENCE.match(text, place)
    return match.end() if match else place


def _inside(text: str, window: tuple[int, int], whole: tags.Whole) -> list[int]:
    low, high = window
    for pattern in (_CLAUSE, _WORD):
        # One character further, to see whether the white space goes on behind the window.
        places = [match.end() for match in pattern.finditer(text, low, high + 1)]
        if places := [place for place in places if place <= high and not whole.cuts(place)]:
            return places
    return []


def _cluster(text: str, window: tuple[int, int]) -> int:
    """The last place in the window that is not inside what people see as one character."""
    low, high = window
    for place in range(high, max(low, high - _LONGEST_CLUSTER), -1):
        if not _joined(text, place):
            return place
    return high


def _joined(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if _JOINER in (before, after) or unicodedata.category(after) in _EXTENDING:
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":  # skin tones, tags of flags
        return True
    if _is_flag(before) and _is_flag(after):
        run = next((n for n in range(1, _LONGEST_CLUSTER) if not _is_flag(text[place - n - 1 : place - n])), 0)
        return run % 2 == 1
    return "\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff"  # Hangul in its parts


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff" if char else False
