"""How fast cues are built, and that the time a word takes does not grow with the text.

Run it: python tests/benchmarks/captions_speed.py
Goal: at least 40,000 words a second at 100,000 words.
"""

from __future__ import annotations

import statistics
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import corpus
from fakes.spoken import speak

from aligner.captions import profiles, segmentation
from aligner.documents import readers

GOAL: Final = 40_000
SIZES: Final = (1_000, 10_000, 100_000)
RUNS: Final = 5
LETTERS_A_WORD: Final = 7


def main() -> None:
    """Print words a second by size and language, beside the goal."""
    chinese = readers.read(corpus.SAMPLES / "chaguan.txt").text
    for size in SIZES:
        measure("en", corpus.english(size * LETTERS_A_WORD), size)
    measure("zh", "\n".join([chinese] * (2 * SIZES[-1] // len(chinese) + 2)), SIZES[-1])
    measure("en, one paragraph", corpus.english(SIZES[-1] * LETTERS_A_WORD).replace("\n", " "), SIZES[-1])
    print(f"goal: at least {GOAL:,} words/s at {SIZES[-1]:,} words")


def measure(name: str, text: str, size: int) -> None:
    """Print the median speed, by the wall and by the processor, and the memory at its highest."""
    words = speak(text)[:size]
    text = text[: words[-1].span[1]]
    language = name[:2]
    profile = profiles.load("netflix", language)
    wall, cpu = [], []
    for _ in range(RUNS):
        started = time.perf_counter(), time.process_time()
        segmentation.build(text, words, language, profile)
        wall.append(time.perf_counter() - started[0])
        cpu.append(time.process_time() - started[1])
    tracemalloc.start()
    segmentation.build(text, words, language, profile)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    speeds = (len(words) / statistics.median(times) for times in (wall, cpu))
    print(f"{name:20} {len(words):>8,} words:", "{:>9,.0f} words/s ({:,.0f} a CPU second),".format(*speeds), end=" ")
    print(f"{peak / 1e6:.0f} MB at most")


if __name__ == "__main__":
    main()
