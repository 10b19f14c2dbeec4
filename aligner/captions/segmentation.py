"""Words become cues: the cheapest way to cut a text into cues, found exactly.

A cue's times and faults follow from its first and its last word (`timing`), its lines too (`layout`). So the costs of
the cues simply add up, and one pass over the words finds the best of all cuts: the best cut before a word is the best
cut before an earlier word and one cue more. No cue crosses a paragraph's end.
"""

from __future__ import annotations

from itertools import pairwise
from operator import add
from typing import TYPE_CHECKING

import numpy as np

from aligner import clock
from aligner.captions import fabric, layout, retiming
from aligner.model import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aligner.captions.fabric import Fabric
    from aligner.captions.profiles import Profile
    from aligner.captions.timing import Ints
    from aligner.model import Word

_BLOCK = 8192
"""Words whose cues are weighed at once: enough for numpy, small enough for the processor's cache."""


def build(text: str, words: Sequence[Word], language: str, profile: Profile) -> tuple[Cue, ...]:
    """The best cues for a text.

    Args:
        text: The document's text, in which every newline ends a paragraph.
        words: Its words in order, their starts ascending; their texts and the white space between them become the
            lines.
        language: BCP 47; it decides sentence ends and what belongs together.
        profile: The caption style.

    Returns:
        Cues that show every word once and in order, never overlap, and last at least one frame.
    """
    if not words:
        return ()
    cloth = fabric.weave(text, words, language, profile)
    stops = _stops(cloth) if profile.unit == "phrase" else _fixed(cloth, profile)
    return tuple(_cues(cloth, text, words, stops))


def _stops(cloth: Fabric) -> Ints:
    """Where the cues of the cheapest cut end, as indices of the words after them."""
    best = [0.0]
    counts = [0]
    for low in range(0, cloth.size, _BLOCK):
        costs = layout.block(cloth, low, min(low + _BLOCK, cloth.size))
        possible = np.isfinite(costs)
        # Most ends have few possible cues: only the columns from the longest one on are compared.
        longest = costs.shape[1] - possible.argmax(axis=1)
        used = np.arange(costs.shape[1], 0, -1) <= longest[:, None]
        flat = costs[used].tolist()
        place = 0
        for count in longest.tolist():
            sums = list(map(add, best[-count:], flat[place : place + count]))
            place += count
            cheapest = min(sums)
            counts.append(count - sums.index(cheapest))
            best.append(cheapest)
    return _trace(counts)


def _trace(counts: list[int]) -> Ints:
    stops = []
    place = len(counts) - 1
    while place:
        stops.append(place)
        place -= counts[place]
    return np.array(stops[::-1], np.int32)


def _fixed(cloth: Fabric, profile: Profile) -> Ints:
    """Where the cues end when the text decides: at each word, sentence or paragraph."""
    flags = {"sentence": cloth.breaks.sentence, "paragraph": cloth.paragraph}.get(profile.unit)
    return (np.arange(cloth.size) if flags is None else np.flatnonzero(flags)).astype(np.int32) + np.int32(1)


def _cues(cloth: Fabric, text: str, words: Sequence[Word], stops: Ints) -> Iterator[Cue]:
    begins = np.append(0, stops[:-1]).astype(np.int32)
    reading = cloth.reads(begins, stops, stops - begins)
    at = retiming.retime(cloth.grid, cloth.grid.moments(begins, stops - 1), reading)
    columns = (begins, stops, layout.splits(cloth, begins, stops), at.begin, cloth.grid.outs(at, reading))
    fps = cloth.profile.fps
    free = 0
    for begin, stop, upper, first, out in zip(*(column.tolist() for column in columns), strict=True):
        # Only words that share a frame push each other on.
        frame = max(first, free)
        free = max(out, frame + 1)
        lines = tuple(_line(text, part) for part in (words[begin : begin + upper], words[begin + upper : stop]) if part)
        yield Cue(clock.from_frame(frame, fps), clock.from_frame(free, fps), lines, (begin, stop))


def _line(text: str, words: Sequence[Word]) -> str:
    """The words as the source has them, with one space wherever it has white space."""
    source = text[words[0].span[0] : words[-1].span[1]]
    if source.isprintable() and "  " not in source:
        return source
    parts = [words[0].text]
    for before, word in pairwise(words):
        parts.append(" " if word.span[0] > before.span[1] else "")
        parts.append(word.text)
    return "".join(parts)
