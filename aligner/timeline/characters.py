"""What a character is to the ear and to a line: whether it sounds, and whether a word may end at it.

Rules of Unicode only (general categories; UAX 14 for line breaking), no language and no times.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

SPOKEN_MARKS = frozenset("%‰&@#§")
"""Punctuation by category, but read as words: per cent, and, at."""

NO_BREAK_SPACES = "\u00a0\u2007\u202f"
"""White space at which no line ends (UAX 14, class GL); U+2060 and U+FEFF are no white space and stay in their word."""


@lru_cache(maxsize=8192)
def is_sounding(character: str) -> bool:
    """Whether a character is heard: letters, digits, marks, symbols; not quotes, brackets, dashes, accents alone."""
    category = unicodedata.category(character)
    return (category[0] in "LNMS" and category != "Sk") or character in SPOKEN_MARKS


@lru_cache(maxsize=8192)
def opens(character: str) -> bool:
    """Whether it belongs to the word after it: opening brackets and quotes."""
    return unicodedata.category(character) in {"Ps", "Pi"}


@lru_cache(maxsize=8192)
def clings(character: str) -> bool:
    """Whether it belongs to what is before it: closing and other punctuation, marks, invisible characters."""
    category = unicodedata.category(character)
    return (category[0] in "PMC" or category == "Sk") and not opens(character) and character not in SPOKEN_MARKS
