"""The pages of the documentation as the tests see them: their text, code blocks, links, and the parts that are made.

A part between ``<!-- excerpt: NAME -->`` or ``<!-- generated: NAME -->`` and ``<!-- end -->`` is written by
`docs.generate`; a block under ``<!-- file: NAME -->`` is a file that the reader is asked to write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))

_BLOCK = re.compile(
    r"^(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_MADE = re.compile(
    r"^<!-- (?P<kind>excerpt|generated): (?P<name>\S+) -->\n(?P<text>.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\]\((?P<target>[^()\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    language: str
    text: str
    file: str | None
    """The name under which the reader is asked to save it."""


def name(page: Path) -> str:
    """The page's path below the project's root."""
    return page.relative_to(ROOT).as_posix()


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[Block]:
    return [Block(found["language"], found["text"], found["file"]) for found in _BLOCK.finditer(read(page))]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _BLOCK.sub("", read(page))


def links(page: Path) -> list[str]:
    return [found["target"] for found in _LINK.finditer(prose(page))]


def anchors(page: Path) -> set[str]:
    """What may follow a ``#`` in a link to the page, as GitHub makes it from the headings."""
    titles = [found["title"] for found in _HEADING.finditer(prose(page))]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def made(text: str, kind: str) -> dict[str, str]:
    """The parts of one kind in a text, by name."""
    return {found["name"]: found["text"] for found in _MADE.finditer(text) if found["kind"] == kind}


def fill(text: str, kind: str, make: Callable[[str], str]) -> str:
    """The text with all parts of one kind made anew."""

    def part(found: re.Match[str]) -> str:
        content = make(found["name"]) if found["kind"] == kind else found["text"]
        return f"<!-- {found['kind']}: {found['name']} -->\n{content}<!-- end -->"

    return _MADE.sub(part, text)
