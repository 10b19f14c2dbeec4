"""Words with invented times, so that captions can be tested without a voice: the same text always sounds the same."""

# ruff: noqa: RUF001 - the punctuation of Chinese is the point
from __future__ import annotations

import re

from aligner.model import Word

LETTER = 72_000
"""Microseconds a letter; about 160 English words a minute with the pauses."""
IDEOGRAPH = 190_000
PAUSES = {",": 180_000, ";": 250_000, ":": 250_000, "—": 200_000, ".": 420_000, "?": 420_000, "!": 420_000}
PAUSES |= {"，": 170_000, "、": 120_000, "；": 250_000, "：": 250_000, "。": 400_000, "！": 400_000, "？": 400_000}
PARAGRAPH = 700_000
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[“「（《]?[{_IDEOGRAPHS}][^\w\s“「（《]*|[^\s{_IDEOGRAPHS}“「（《]+|\S")


def speak(text: str, begin: int = 250_000) -> tuple[Word, ...]:
    """The words of a text (single ideographs in Chinese and Japanese) with times that follow their letters."""
    words: list[Word] = []
    clock = begin
    for match in _WORD.finditer(text):
        word = match.group()
        sound = sum(IDEOGRAPH if ord(letter) > 0x3000 else LETTER for letter in word if letter.isalnum())
        words.append(Word(word, clock, clock + sound, match.span()))
        clock += sound + max((PAUSES.get(letter, 0) for letter in word), default=0)
        if "\n" in text[match.end() : match.end() + 2]:
            clock += PARAGRAPH
    return tuple(words)
