"""Which words end a sentence or a paragraph: the places in the text, carried over to its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    Places: TypeAlias = npt.NDArray[np.int64]
    Flags: TypeAlias = npt.NDArray[np.bool_]


def last_words(ends: Sequence[int] | Places, stops: Places) -> Flags:
    """Whether each word is the last one of a sentence, from where sentences end and words stop in the text."""
    found = np.zeros(len(stops), np.bool_)
    # An end inside a word belongs to that word.
    places = np.searchsorted(stops, np.array(ends, np.int64))
    found[np.minimum(places, len(stops) - 1)] = True
    found[-1] = True
    return found


def last_of_paragraphs(text: str, begins: Places) -> Flags:
    """Whether a newline follows each word; the last word of all ends a paragraph."""
    newlines = np.array([match.start() for match in re.finditer("\n", text)], np.int64)
    paragraphs = np.searchsorted(newlines, begins)
    return np.append(paragraphs[1:] != paragraphs[:-1], True)
