"""How good the captions of the samples are, by a scorer that shares nothing with their builder.

Run it: python tests/benchmarks/captions_quality.py [TIMING.json… | FOLDER…]
Without arguments it speaks the samples with the embedded engine first. Goals, for every sample: strict at least 99 %,
pro at least 95 %, the text of the cues is the source's text with nothing lost, added or respaced.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import chain
from pathlib import Path
from typing import Any, Final

TESTS: Final = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from fakes.caption_score import FRAME, Heard, Score, Shown, faults, score

from aligner import sentences

GOALS: Final = {"strict": 99.0, "pro": 95.0}
COLUMNS: Final = ("strict", "pro", "mid_phrase", "sentence_ends", "bad", "mixed")


def main() -> None:
    """Print a row a document, then the goals."""
    given = [Path(argument) for argument in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        if not given:
            samples = TESTS.parent / "samples"
            command = [sys.executable, "-m", "aligner", "run", str(samples), "--out", folder, "--format", "mp3,json"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            given = [Path(folder)]
        files = list(chain.from_iterable(sorted(path.rglob("*.json")) if path.is_dir() else [path] for path in given))
        print(f"{'per cent':24}{'cues':>6}", *(f"{column:>14}" for column in COLUMNS), f"{'worst start':>14}  text")
        for path in files:
            show(path)
    print(f"{'goals':30}", *(f"{'>= ' + str(GOALS[column]) if column in GOALS else '':>14}" for column in COLUMNS))


def show(path: Path) -> None:
    """One document's row, and below it each cue that breaks a limit."""
    data = json.loads(path.read_text("utf-8"))
    words, cues = read(data)
    found = judge(data, words, cues)
    worst = max((abs(cue.start - words[cue.words[0]].start) for cue in cues), default=0)
    same = "same" if unchanged(data, cues) else "CHANGED"
    shares = (f"{getattr(found, column):14.1f}" for column in COLUMNS)
    print(f"{path.stem[:24]:24}{found.cues:6}", *shares, f"{worst:11} ms  {same}")
    for cue, after in zip(cues, [*cues[1:], None], strict=True):
        if broken := faults(cue, after, data["language"]):
            print(f"    {cue.start / 1000:.3f}", *broken, *cue.lines, sep="  ")
    if worst > 3 * FRAME:
        print("    a cue is out of sync")


def read(data: dict[str, Any]) -> tuple[list[Heard], list[Shown]]:
    """The words and cues of a timing JSON, in milliseconds."""
    words = [
        Heard(word["text"], round(word["start"] * 1000), round(word["end"] * 1000), word["span"][1])
        for word in data["words"]
    ]
    cues = [
        Shown(round(cue["start"] * 1000), round(cue["end"] * 1000), tuple(cue["lines"]), tuple(cue["words"]))
        for cue in data["cues"]
    ]
    return words, cues


def judge(data: dict[str, Any], words: list[Heard], cues: list[Shown]) -> Score:
    """The score of a timing JSON."""
    places = {word.stop: index for index, word in enumerate(words)}
    ends = [places[end] for end in sentences.ends(data["text"], data["language"]) if end in places]
    return score(words, cues, ends, data["language"])


def unchanged(data: dict[str, Any], cues: list[Shown]) -> bool:
    """Whether every word stands in its cue once, in order, spaced as the source is."""
    for cue in cues:
        first, last = data["words"][cue.words[0]], data["words"][cue.words[1] - 1]
        source = data["text"][first["span"][0] : last["span"][1]]
        if "".join(source.split()) != "".join("".join(cue.lines).split()):
            return False
        if any(line not in " ".join(source.split(" ")) for line in cue.lines):
            return False
    ranges = [cue.words for cue in cues]
    return [place for begin, stop in ranges for place in range(begin, stop)] == list(range(len(data["words"])))


if __name__ == "__main__":
    main()
