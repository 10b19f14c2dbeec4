"""Plain text becomes paragraphs: which line ends are paragraph ends, and which only wrap a long paragraph.

No file format and no language; Markdown borrows `glue` for its soft breaks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Myanmar, Khmer
    "\u2e80-\u312f\u3190-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
"""For a character class: the scripts that are written without spaces, with their punctuation (not Korean)."""

_WIDEST_WRAP = 120
"""Columns. Nobody wraps wider by hand; longer lines are whole paragraphs."""
_NARROWEST_WRAP = 36
"""Columns. Narrower blocks are verse, lists, addresses."""

_RULE = re.compile(r"[\s\-=*_~#·•⁂—–]+")  # noqa: RUF001 - dashes of all lengths are drawn as rules
_RULE_MARKS = 3
_ITEM = re.compile(r"(?:[-*+•‣–—·]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")  # noqa: RUF001 - dashes begin items too
_SPACELESS_EDGE = re.compile(rf"[{SPACELESS}]")
_EITHER = "“”‘’…—"  # noqa: RUF001 - quotes that Chinese shares with English
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_SUSPENDED = re.compile(r"(?:und|oder|bis|bzw|and|or|to|et|ou|y|o|e|i|och|og|en|of)\b")
_WIDE_WORD = 4
"""Columns that that a line of Chinese needs to go on: a character, and a mark that may not lead a line."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: int
    columns: int


def paragraphs(text: str) -> str:
    """The text with every newline ending a paragraph.

    A line end is only a wrap, and is joined, where the next line's first word would not have fitted into the width of
    the text (its longest line, if that is 36 to 120 columns); so lists, verse and files with one paragraph a line
    keep theirs. Lines that only draw a rule (``---``, ``* * *``) are dropped. Blank lines become one; white space
    around a line goes, inside it stays.
    """
    lines = [_measure(line) for line in text.split("\n")]
    widest = max((line.columns for line in lines), default=0)
    blocks = ("\n".join(_unwrap(block, widest)) for block in _blocks(lines))
    return "\n\n".join(blocks)


def glue(before: str, after: str) -> str:
    """What stands for a wrap between two lines: a space, or nothing in scripts without spaces and after a hyphen."""
    if not before or not after:
        return ""
    edges = (before[-1], after[0])
    spaceless = [bool(_SPACELESS_EDGE.match(edge)) for edge in edges]
    if any(spaceless) and all(wide or edge in _EITHER for edge, wide in zip(edges, spaceless, strict=True)):
        return ""
    split = after[0].islower() and _HYPHENATED.search(before[-2:]) and not _SUSPENDED.match(after)
    return "" if split else " "


def _measure(line: str) -> _Line:
    text = line.strip()
    if _RULE.fullmatch(text) and len(text) - text.count(" ") >= _RULE_MARKS:
        text = ""
    indent = len(line) - len(line.lstrip()) if text else 0
    return _Line(text, indent, indent + _columns(text))


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for char in text if unicodedata.east_asian_width(char) in "WF")


def _blocks(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    for line in lines:
        if line.text:
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _unwrap(block: list[_Line], widest: int) -> Iterator[str]:
    # One endless line (a URL, a table) must not hide that the rest of the document is wrapped: ask the block itself.
    width = widest if widest <= _WIDEST_WRAP else max(line.columns for line in block)
    wraps = [_is_wrap(line, following, width) for line, following in pairwise(block)]
    if 2 * sum(wraps) < len(wraps):
        wraps = [False] * len(wraps)  # verse: a full line among short ones is chance
    parts = [block[0].text]
    for line, wrapped in zip(block[1:], wraps, strict=True):
        if wrapped:
            parts += [glue(parts[-1], line.text), line.text]
        else:
            yield "".join(parts)
            parts = [line.text]
    yield "".join(parts)


def _is_wrap(line: _Line, following: _Line, width: int) -> bool:
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP or _ITEM.match(following.text) or following.indent > line.indent:
        return False
    word = following.text.split(maxsplit=1)[0]
    needed = _WIDE_WORD if _SPACELESS_EDGE.match(word) else 1 + _columns(word)
    return line.columns + needed > width
