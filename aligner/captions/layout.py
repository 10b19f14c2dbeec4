"""What every possible cue costs, for whole blocks of words at once.

A cue is known by its last word and its number of words; its lines by the number of words in each. All costs of a cue
follow from these alone (see `timing`), so they are computed for whole columns of cues with numpy. The choice among them
is made in `segmentation`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aligner.clock import SECOND

if TYPE_CHECKING:
    from aligner.captions.fabric import Fabric, Flags, Sizes
    from aligner.captions.timing import Costs, Ints

_FILLED = 0.5
"""A cue this full is not small."""
_LOWER_LONGER = 0.08
"""By which share of a line the lower one is best longer than the upper one."""


def block(fabric: Fabric, low: int, high: int) -> Costs:
    """The costs of all cues that end before one of the words ``low + 1 … high``.

    Returns:
        One row an end; the column ``-k`` is the cue of the last k words, infinite where it is impossible. A cue of one
        word is always possible.
    """
    shapes = _shapes(fabric, low, high)
    found = np.full((high - low, len(shapes)), np.inf, np.float32)
    for count, shape in enumerate(shapes, 1):
        skip = max(0, count - low - 1)
        if skip < high - low:
            found[skip:, -count] = _costs(fabric, (low + 1 + skip, high + 1), count, shape[skip:])
    return found


def reach(fabric: Fabric, place: int) -> int:
    """The first word with which a cue may begin that also shows the word ``place``."""
    edge = place + 1
    for _ in range(fabric.profile.lines):
        edge = int(np.searchsorted(fabric.width.starts, fabric.width.stops[edge] - fabric.limit))
        if not edge or fabric.paragraph[edge - 1]:
            break
    late = fabric.grid.first[place] - fabric.grid.maximum
    return min(place, max(edge, int(np.searchsorted(fabric.grid.first[: place + 1], late))))


def splits(fabric: Fabric, begins: Ints, stops: Ints) -> Ints:
    """How many words the upper line of each cue holds; 0 where all stand on one."""
    whole = fabric.width.run(begins, stops)
    best = np.full(len(begins), np.inf)
    upper = np.zeros(len(begins), np.int32)
    double = (whole > fabric.limit) & (stops - begins > 1) & (fabric.profile.lines > 1)
    longest = int((stops - begins)[double].max(initial=0))
    for count in range(1, longest):
        chosen = np.flatnonzero(double & (stops - begins > count))
        cut = begins[chosen] + count
        left, right = fabric.width.run(begins[chosen], cut), fabric.width.run(cut, stops[chosen])
        fits = (left <= fabric.limit) & (right <= fabric.limit)
        cost = np.where(fits, _balance(fabric, left) - _balance(fabric, right) - _bias(fabric), np.inf)
        cost = cost**2 + fabric.breaks.line[cut - 1]
        better = cost < best[chosen]
        best[chosen[better]] = cost[better]
        upper[chosen[better]] = count
    return upper


def _balance(fabric: Fabric, widths: Sizes) -> Costs:
    """Widths in a unit whose squared differences are costs."""
    return np.asarray(widths * (math.sqrt(fabric.profile.weights.balance) / fabric.limit), np.float32)


def _bias(fabric: Fabric) -> float:
    return -_LOWER_LONGER * math.sqrt(fabric.profile.weights.balance)


def _lines(fabric: Fabric, low: int, high: int) -> list[Costs]:
    """The balance widths of the lines of 1, 2 … words that end before the words ``low + 1 … high``.

    Infinite where a line is too wide; the list ends where all are.
    """
    found: list[Costs] = []
    while True:
        count = len(found) + 1
        skip = max(0, count - low - 1)
        widths = np.full(high - low, np.inf, np.float32)
        if skip < high - low:
            run = fabric.width.run(slice(low + 1 + skip - count, high + 1 - count), slice(low + 1 + skip, high + 1))
            widths[skip:] = np.where(run <= fabric.limit, _balance(fabric, run), np.inf)
        if not np.isfinite(widths).any():
            return found
        found.append(widths)


def _shapes(fabric: Fabric, low: int, high: int) -> list[Costs]:
    """What the best lines of the cues of 1, 2 … words cost; 0 for one line, infinite where two do not hold them."""
    lower = _lines(fabric, low, high)
    single = [np.where(np.isfinite(widths), np.float32(0), np.float32(np.inf)) for widths in lower]
    shapes = single or [np.zeros(high - low, np.float32)]
    if fabric.profile.lines > 1:
        shapes = _doubles(fabric, low, high, lower)
        for shape, line in zip(shapes, single, strict=False):
            np.minimum(shape, line, out=shape, where=np.isfinite(line))
    shapes[0][:] = 0
    while not np.isfinite(shapes[-1]).any():
        shapes.pop()
    return shapes


def _doubles(fabric: Fabric, low: int, high: int, lower: list[Costs]) -> list[Costs]:
    """What the best two lines of the cues of 1, 2 … words cost."""
    start = max(0, low - len(lower))
    upper = _lines(fabric, start, high)
    ready = [(np.where(np.isfinite(w), w - _bias(fabric), 0), _upper_cost(fabric, start, w)) for w in upper]
    shapes = [np.full(high - low, np.inf, np.float32) for _ in range(max(1, len(lower) + len(upper)))]
    for below, right in enumerate(lower, 1):
        skip = max(0, below - (low - start))
        span = slice(low - start + skip - below, high - start - below)
        for above, (left, cost) in enumerate(ready, 1):
            total = left[span] - right[skip:]
            total *= total
            total += cost[span]
            shape = shapes[above + below - 1][skip:]
            np.minimum(shape, total, out=shape)
    return shapes


def _upper_cost(fabric: Fabric, start: int, widths: Costs) -> Costs:
    """What breaking after an upper line costs; infinite where the line is too wide."""
    return np.where(np.isfinite(widths), fabric.breaks.line[start : start + len(widths)], np.float32(np.inf))


def _costs(fabric: Fabric, stops: tuple[int, int], count: int, shape: Costs) -> Costs:
    """The costs of the cues of ``count`` words that end before the words ``stops[0] … stops[1] - 1``."""
    weights = fabric.profile.weights
    begin, last = slice(stops[0] - count, stops[1] - count), slice(stops[0] - 1, stops[1] - 1)
    at = fabric.grid.moments(begin, last)
    reading = fabric.reads(begin, slice(*stops), count)
    cost = shape + fabric.grid.costs(at, reading, fabric.grid.early[begin])
    cost += fabric.breaks.cue[last] + np.float32(weights.cue)
    if count > 1:
        cost += _mixture(fabric, begin, last)
        cost[at.sound - at.begin > fabric.grid.maximum] = np.inf
    cost += _smallness(fabric, begin, slice(*stops), last)
    return cost


def _mixture(fabric: Fabric, begin: slice, last: slice) -> Costs:
    """What sentence ends and pauses inside cues cost."""
    weights = fabric.profile.weights
    inside = fabric.sentences[last] - fabric.sentences[begin]
    cut = (inside > 0) & ~_whole(fabric, begin, last)
    silence = ((fabric.silence[last] - fabric.silence[begin]) / SECOND).astype(np.float32)
    cost: Costs = silence * np.float32(weights.silence)
    cost += inside * np.float32(weights.sentence) + cut * np.float32(weights.mixed)
    return cost


def _smallness(fabric: Fabric, begin: slice, stop: slice, last: slice) -> Costs:
    """What nearly empty cues cost that are no sentences."""
    profile = fabric.profile
    filled = fabric.width.run(begin, stop) / (profile.lines * fabric.limit)
    lack = np.maximum(1 - filled / _FILLED, 0) * ~_whole(fabric, begin, last)
    cost: Costs = np.float32(profile.weights.small) * np.square(lack).astype(np.float32)
    return cost


def _whole(fabric: Fabric, begin: slice, last: slice) -> Flags:
    """Whether cues begin and end where sentences do."""
    found: Flags = fabric.begins[begin] & fabric.breaks.sentence[last]
    return found
