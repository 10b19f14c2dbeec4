"""A text before it is cut: all that a possible cue's cost depends on, as arrays over the words.

Made once a text. Sizes and counts are running sums, so that what a run of words holds is one subtraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from aligner.captions import breaks, measure, sentences, timing
from aligner.clock import SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.captions.breaks import Breaks
    from aligner.captions.profiles import Profile
    from aligner.captions.script import Script
    from aligner.captions.timing import Grid, Ints
    from aligner.model import Word

Sizes: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_WALL = 1 << 20
"""Width between paragraphs: no line is wide enough to cross it."""
_SHORT_PAUSE = 0.5
"""Seconds of silence inside a cue that nobody notices."""
_LONGEST_READ = 8
"""Lines of text up to which reading times differ; whole sentences and paragraphs may be longer."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """Sizes of runs of words: the run [i, j) has the size ``stops[j] - starts[i]``; both have n + 1 items."""

    starts: Sizes
    stops: Sizes

    @classmethod
    def of(cls, sizes: Sizes, spaces: Sizes | Flags) -> Ruler:
        """From the size of each word and of the space after it."""
        starts = np.append(0, np.cumsum(sizes + spaces))
        return cls(starts, starts - np.append(0, spaces))

    def run(self, begin: slice | Ints, stop: slice | Ints) -> Sizes:
        """The sizes of the runs between two equally long selections."""
        return self.stops[stop] - self.starts[begin]


@dataclass(frozen=True, slots=True)
class Fabric:
    """All that is known of the n words of a text."""

    grid: Grid
    breaks: Breaks
    width: Ruler
    """In the unit of ``limit``; runs over a paragraph's end are too wide for any line."""
    characters: Ruler
    limit: int
    """A line's width: user-perceived characters or half columns."""
    reading: Ints
    """Frames that reading 0, 1, 2 … characters takes, up to what the lines of a cue can hold."""
    begins: Flags
    """n: the word begins a sentence."""
    paragraph: Flags
    """n: the word ends a paragraph."""
    sentences: Ints
    """n + 1: how many of the words before end a sentence."""
    silence: Sizes
    """n + 1: microseconds of long pauses before the word. Whole numbers: no sum of them depends on where it began."""

    @property
    def profile(self) -> Profile:
        """The caption style."""
        return self.grid.profile

    @property
    def size(self) -> int:
        """The number of words."""
        return len(self.paragraph)

    def reads(self, begin: slice | Ints, stop: slice | Ints, words: int | Ints) -> Ints:
        """Frames that reading runs of ``words`` words takes; a line break counts like the space that is there."""
        reading = self.reading.take(self.characters.run(begin, stop), mode="clip")
        by_word = self.profile.word_seconds * self.profile.fps
        if not by_word:
            return reading
        found: Ints = np.maximum(reading, np.ceil(np.multiply(words, float(by_word))).astype(np.int32))
        return found


def weave(script: Script, words: Sequence[Word], profile: Profile, before: int = -1) -> Fabric:
    """All that is known of at least one word of a text; ``before`` is where a word in front of them stops."""
    places = np.array([word.span for word in words]) - script.start
    spans = breaks.Spans(places[:, 0], places[:, 1])
    paragraph = sentences.last_of_paragraphs(script.text, spans.begins)
    grid = timing.grid(words, paragraph, profile)
    ends = sentences.last_words(np.array(script.ends(before), np.int64) - script.start, spans.stops) | paragraph
    spaces = np.append(spans.begins[1:] > spans.stops[:-1], False)
    words_of = breaks.Vocabulary([word.text for word in words])
    costs = breaks.weigh(breaks.look(script, words_of, spans, ends), paragraph, grid.pause, profile.weights)
    characters = words_of.sizes(measure.graphemes)
    limit = profile.characters * (2 if profile.full_width else 1)
    # A word wider than a line stays whole and has a line to itself.
    width = np.minimum(words_of.sizes(measure.columns) if profile.full_width else characters, limit)
    # Each line holds no more than its width, or one word: so a reading time never depends on words elsewhere.
    longest = profile.lines * (int(characters.max()) + 1)
    return Fabric(
        grid=grid,
        breaks=costs,
        width=Ruler.of(width, np.where(paragraph, _WALL, spaces)),
        characters=Ruler.of(characters, spaces),
        limit=limit,
        reading=grid.reading(max(_LONGEST_READ * limit, longest if profile.unit == "phrase" else 0)),
        begins=np.append(True, ends[:-1]),
        paragraph=paragraph,
        sentences=np.append(0, np.cumsum(ends)).astype(np.int32),
        silence=np.append(0, np.cumsum(np.rint(np.maximum(grid.pause - _SHORT_PAUSE, 0) * SECOND).astype(np.int64))),
    )
