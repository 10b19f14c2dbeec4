"""Long documents for the benchmarks: the samples' own paragraphs, shuffled and repeated, the same for the same seed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from aligner.documents import readers

SAMPLES: Final = Path(__file__).parents[2] / "samples"
CHARACTERS_AN_HOUR: Final = 52_000
"""About what the embedded English voice speaks in an hour."""


def english(characters: int, seed: int = 1) -> str:
    """English prose and technical text of about that many characters, a paragraph a line."""
    paragraphs = [
        paragraph
        for path in sorted(SAMPLES.iterdir())
        if path.suffix in readers.SUFFIXES and (document := readers.read(path)).language.startswith("en")
        for paragraph in document.text.split("\n")
        if paragraph
    ]
    shuffled = random.Random(seed)  # noqa: S311 - no secret
    found: list[str] = []
    length = 0
    while length < characters:
        found.append(shuffled.choice(paragraphs))
        length += len(found[-1]) + 2
    return "\n\n".join(found)


def hours(count: float) -> str:
    """A text that the embedded English voice speaks in about that many hours."""
    return english(int(count * CHARACTERS_AN_HOUR))
