"""Texts beside the cues that they are to become: ``tests/golden/captions/NAME.LANGUAGE.txt`` and ``….cues``.

To regenerate the expectations after a change of rules (and then to read the difference):
``UPDATE_GOLDEN=1 python -m pytest tests/captions/test_golden.py``
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes.spoken import speak

from aligner import clock
from aligner.captions import profiles, segmentation

if TYPE_CHECKING:
    from aligner.model import Cue

GOLDEN = Path(__file__).parents[1] / "golden" / "captions"
TEXTS = sorted(GOLDEN.glob("*.txt"))


def written(cues: tuple[Cue, ...]) -> str:
    """Cues as one can read and compare them: a line of times, then the lines, then an empty line."""
    blocks = (f"{clock.stamp(cue.start)} {clock.stamp(cue.end)}\n" + "\n".join(cue.lines) for cue in cues)
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    text = path.read_text("utf-8").rstrip("\n")
    language = path.stem.rpartition(".")[2]
    found = written(segmentation.build(text, speak(text), language, profiles.load("netflix", language)))
    expected = path.with_suffix(".cues")
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")


def test_each_language_with_rules_of_its_own_has_a_text() -> None:
    assert {path.stem.rpartition(".")[2] for path in TEXTS} >= {"en", "de", "fr", "zh", "ja"}
