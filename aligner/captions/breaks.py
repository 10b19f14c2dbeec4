"""What a break after each word of a text costs, as the end of a cue and as the end of a line.

The order of good breaks is that of the guides: a sentence's end, other punctuation, before a conjunction, before a
preposition (Netflix Timed Text Style Guide, General Requirements: line treatment; BBC Subtitle Guidelines 5). A pause
in the speech makes a break better. Sizes and times are not weighed here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from aligner.captions import languages
from aligner.captions.languages import Mark
from aligner.captions.marks import FUNCTION, classify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aligner.captions.languages import Language
    from aligner.captions.profiles import Weights
    from aligner.captions.script import Script

Flags: TypeAlias = npt.NDArray[np.bool_]
Marks: TypeAlias = npt.NDArray[np.int64]
Costs: TypeAlias = npt.NDArray[np.float32]

# What a cue's end costs by the best that is said for it; the last one is a break that nothing speaks for.
_STRONG, _COMMA, _QUOTE, _CONJUNCTION, _SUBORDINATE, _PREPOSITION, _PHRASE, _NONE = 3, 5, 10, 13, 14, 17, 20, 24
_LINE = 0.3
"""A line's end is seen less than a cue's: the share of a cue's costs."""
_PAUSE = 0.4
"""Seconds of silence that make a break as good as silence can, and by which share."""
_PAUSE_SHARE = 0.5

_LEANING = FUNCTION | Mark.TITLE
_PUNCTUATED = Mark.STRONG | Mark.COMMA | Mark.CLOSED | Mark.DASH


class Vocabulary:
    """The different words of a text: it has far fewer of them than words, and each is looked at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        self._words = np.array([self._numbers[text] for text in texts], np.int64)

    def sizes(self, measure: Callable[[str], int]) -> Marks:
        """A number for each word of the text, such as its length."""
        return np.array([measure(text) for text in self._numbers], np.int64)[self._words]

    def marks(self, language: Language) -> Marks:
        """What each word of the text is."""
        return self.sizes(lambda text: classify(text, language))


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the n words of a text begin and stop, in code points of what the script still holds."""

    begins: Marks
    stops: Marks


@dataclass(frozen=True, slots=True)
class Breaks:
    """For the n words of a text, what a break after each costs; 0 after the last word of a paragraph."""

    cue: Costs
    line: Costs
    bad: Flags
    """Inside a phrase."""
    sentence: Flags
    """The word ends a sentence."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What stands before and after each of the n - 1 inner breaks."""

    left: Marks
    right: Marks
    begins: Flags
    """The word before the break begins a sentence."""
    ends: Flags
    """The word before the break ends a sentence."""
    inside: Flags
    """The break would cut a phrase of a script without spaces."""
    doubtful: Flags
    """The break may cut one."""
    language: Language

    def before(self, marks: int) -> Flags:
        """Whether the word before the break bears one of the marks."""
        return _any(self.left, marks)

    def after(self, marks: int) -> Flags:
        """Whether the word after the break bears one of the marks."""
        return _any(self.right, marks)


def _any(words: Marks, marks: int) -> Flags:
    found: Flags = (words & int(marks)) != 0
    return found


def weigh(sides: Sides, paragraph: Flags, pause: Costs, weights: Weights) -> Breaks:
    """The costs of all breaks of a text of n words.

    Args:
        sides: The words around each break.
        paragraph: n: whether the word is the last one of its paragraph.
        pause: n: seconds of silence after each word.
        weights: What bad and weak breaks cost.
    """
    bad, weak = _bad(sides), _weak(sides)
    cost = _grade(sides) * (1 - _PAUSE_SHARE * np.minimum(pause[:-1] / _PAUSE, 1))
    cost += weights.weak * (weak & ~bad) + weights.bad * bad
    cost[sides.ends] = 0
    cue = np.append(cost, 0).astype(np.float32)
    cue[paragraph] = 0
    line = cue * np.float32(_LINE)
    line[:-1][bad] = weights.bad
    line[paragraph] = np.inf
    return Breaks(cue, line, np.append(bad & ~sides.ends, False), np.append(sides.ends, True))


def look(script: Script, words: Vocabulary, spans: Spans, ends: Flags) -> Sides:
    """What stands around each break of a text; ``ends`` says which words end a sentence."""
    known = languages.load(script.language)
    begins = np.append(True, ends[:-1])
    marks = words.marks(known)
    none = np.zeros(len(marks) - 1, np.bool_)
    sides = Sides(marks[:-1], marks[1:], begins[:-1], ends[:-1], none, none, known)
    return _phrases(script, spans, sides) if known.phrases else sides


def _phrases(script: Script, spans: Spans, words: Sides) -> Sides:
    """The same of phrases instead of words, in a script without spaces."""
    text, doubts = script.text, script.doubts
    bounds = [bound - script.start for bound in script.bounds]
    pieces = [text[begin:stop] for begin, stop in pairwise(bounds)]
    marks = Vocabulary([piece.strip() or piece for piece in pieces]).marks(words.language)
    # White space in front belongs to no phrase.
    begins = np.array([stop - len(piece.lstrip()) for piece, stop in zip(pieces, bounds[1:], strict=True)])
    after = np.maximum(np.searchsorted(begins, spans.begins[1:], "right") - 1, 0)
    before = np.maximum(np.searchsorted(begins, spans.stops[:-1] - 1, "right") - 1, 0)
    glued = spans.stops[:-1] == spans.begins[1:]
    # A word may be a part of a phrase: of itself then only what a line may begin and end with is true.
    kept = int(Mark.NO_START | Mark.NO_END)
    return replace(
        words,
        left=(words.left & kept) | marks[before],
        right=(words.right & kept) | marks[after],
        inside=glued & (begins[after] < spans.begins[1:]),
        doubtful=glued & np.array(doubts)[after],
    )


def _grade(sides: Sides) -> Costs:
    """How good a break is, regardless of phrases: the least that is said for it."""
    cost = np.full(len(sides.left), _NONE, np.float32)
    opens = Mark.ARTICLE | Mark.DETERMINER | Mark.PRONOUN | Mark.OPENED
    for flags, grade in (
        (sides.after(opens), _PHRASE),
        (sides.after(Mark.PREPOSITION), _PREPOSITION),
        (sides.after(Mark.SUBORDINATOR), _SUBORDINATE),
        (sides.after(Mark.CONJUNCTION), _CONJUNCTION),
        (sides.before(Mark.CLOSED), _QUOTE),
        (sides.before(Mark.COMMA), _COMMA),
        (sides.before(Mark.STRONG | Mark.DASH), _STRONG),
    ):
        cost[flags] = grade
    return cost


def _bad(sides: Sides) -> Flags:
    bare = ~sides.before(_PUNCTUATED)
    number = sides.before(Mark.NUMERAL)
    bound = sides.before(_LEANING)
    bound |= number & (sides.after(Mark.UNIT) | (sides.after(Mark.LOWER | Mark.NAME) & ~sides.after(FUNCTION)))
    if sides.language.phrases:
        bound |= number & ~sides.after(FUNCTION)
    bound |= sides.before(Mark.LABEL) & sides.after(Mark.NUMERAL)
    bound |= sides.before(Mark.NAME) & sides.after(Mark.NAME) & ~sides.begins
    if sides.language.final_verbs:
        bound |= sides.after(Mark.AUXILIARY) & sides.after(Mark.COMMA | Mark.STOP | Mark.STRONG)
    glued = sides.before(Mark.OPENER | Mark.NO_END) | sides.after(Mark.CLOSER | Mark.DASH | Mark.NO_START)
    glued |= sides.before(Mark.DASH) & sides.begins
    return (bare & bound) | glued | sides.inside | sides.after(Mark.PARTICLE)


def _weak(sides: Sides) -> Flags:
    bare = ~sides.before(_PUNCTUATED)
    content = ~sides.after(FUNCTION)
    found = sides.doubtful | sides.before(Mark.ADJECTIVE | Mark.DEGREE) & content
    if sides.language.noun_capitals:
        found = sides.before(Mark.ADJECTIVE) & sides.after(Mark.NAME) | sides.before(Mark.DEGREE) & content
    found |= sides.before(Mark.NAME) & sides.after(Mark.NAME)
    found |= sides.before(Mark.STOP) | sides.after(Mark.NEGATION | Mark.OBJECT)
    # A pronoun that closes its clause belongs to the verb before it: said | he, saw | it.
    found |= sides.after(Mark.PRONOUN) & sides.after(Mark.COMMA | Mark.STOP | Mark.STRONG)
    # "…, and, | when it was late": the comma opens an insertion that the conjunction waits for.
    return (bare & found) | (sides.before(Mark.CONJUNCTION) & sides.before(Mark.COMMA))
