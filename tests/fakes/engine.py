"""The one voice engine of a test process: the library keeps its state in globals, so two of them would quarrel."""

from __future__ import annotations

from array import array
from functools import cache
from typing import TYPE_CHECKING

from aligner.speech.server.voice import times
from aligner.speech.server.voice.espeak import Engine, Manner

if TYPE_CHECKING:
    from collections.abc import Sequence

US = Manner("gmw/en-US")


@cache
def engine() -> Engine:
    return Engine()


def spoken(text: str, voice: str = "gmw/en-US") -> tuple[array[int], array[int]]:
    """Samples, and the edges of the code points among them."""
    sound, marks = engine().speak(text, Manner(voice))
    samples = array("h", sound)
    return samples, times.edges(text, marks, len(samples))


def word_spans(text: str, edges: Sequence[int]) -> list[tuple[str, int, int]]:
    """The words between white space, from their first to their last letter, in milliseconds."""
    found: list[tuple[str, int, int]] = []
    begin = 0
    for word in text.split():
        begin = text.index(word, begin)
        letters = [begin + i for i, c in enumerate(word) if c.isalnum()] or [begin]
        found.append((word, edges[letters[0]] * 1000 // 22050, edges[letters[-1] + 1] * 1000 // 22050))
        begin += len(word)
    return found
