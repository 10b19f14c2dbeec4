"""What is made is what the program says today. After a change: python tests/docs/generate.py"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from docs.pages import DOCS, PAGES, made, name, read

from aligner import clock
from docs import parts, reference

if TYPE_CHECKING:
    from pathlib import Path

AGAIN = "python tests/docs/generate.py"
TOLERANCE = 0.2
"""Seconds: the voice engine speaks the same text up to 42 ms longer or shorter, and a cue may lie a frame beside."""
CLOSED = 0.6
"""The same for a cue's end: a gap of about half a second is closed in one run and left in the next."""

_TIME = re.compile(r"(?:\d\d:)*\d+[.,]\d+")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_the_tables_are_up_to_date(page: Path) -> None:
    for part, text in made(read(page), "generated").items():
        assert text == parts.PARTS[part](), AGAIN


def test_the_command_line_reference_is_up_to_date() -> None:
    assert read(DOCS / "reference" / "cli.md") == reference.cli_page(), AGAIN


def test_the_api_reference_is_up_to_date() -> None:
    assert read(DOCS / "reference" / "api.md") == reference.api_page(), AGAIN


def test_every_part_that_can_be_made_is_used() -> None:
    used = set(chain.from_iterable(made(read(page), "generated") for page in PAGES))
    assert used == set(parts.PARTS)


def test_the_tree_names_every_package() -> None:
    assert parts.packages() == set(parts.FLOW)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_excerpts_are_what_a_run_makes(page: Path, spoken: Path) -> None:
    for file, shown in made(read(page), "excerpt").items():
        (path,) = spoken.rglob(file)
        fresh = parts.excerpt(path)
        assert _TIME.sub("0", shown) == _TIME.sub("0", fresh), AGAIN
        for ours, theirs in zip(shown.splitlines(), fresh.splitlines(), strict=True):
            for place, (one, other) in enumerate(zip(_TIME.findall(ours), _TIME.findall(theirs), strict=True)):
                limit = CLOSED if "-->" in ours and place else TOLERANCE
                assert _seconds(one) == pytest.approx(_seconds(other), rel=0.005, abs=limit), AGAIN


def test_the_readme_shows_an_excerpt_of_each_text_file() -> None:
    assert sorted(made(read(PAGES[0]), "excerpt")) == ["lighthouse.json", "lighthouse.srt", "lighthouse.vtt"]


@pytest.mark.parametrize("us", [0, 1_292_000, 3_599_999_000, 36_000_000_000])
@pytest.mark.parametrize("point", ",.")
def test_times_are_compared_as_seconds(us: int, point: str) -> None:
    assert _seconds(clock.stamp(us, point)) == us / clock.SECOND


def _seconds(text: str) -> float:
    seconds = 0.0
    for part in text.replace(",", ".").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds
