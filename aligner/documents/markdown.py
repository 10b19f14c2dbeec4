"""Markdown becomes what a listener expects to hear: its words, paragraph by paragraph, and which of them are headings.

Kept: headings, paragraphs, list items, quotations and table cells (each a paragraph of its own), the text of links,
emphasis, strikethrough and inline code, the alternative text of images, entities as the characters they stand for.
Dropped: code blocks, HTML blocks and tags, comments, rules, the addresses of links, the marks of footnotes and tasks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from aligner.documents.plain import glue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

    from aligner.model import Span

_NESTING = 100
"""Lists and quotations deeper than this are not read (the parser's own default drops text below 20)."""
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\](?::[ \t]*)?")
_TASK = re.compile(r"\[[ xX]\]\s+")
_CLOSE = ("list_item_open", "td_open", "th_open")
_FIRST = ("bullet_list_open", "ordered_list_open", "tr_open")
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)


def paragraphs(source: str) -> tuple[str, tuple[Span, ...]]:
    """The text of a Markdown source, every newline a paragraph end, and the spans of its headings."""
    text: list[str] = []
    headings: list[Span] = []
    length = 0
    for content, is_heading, is_tight in _blocks(_parser().parse(_FOOTNOTE.sub("", source))):
        separator = ("\n" if is_tight else "\n\n") if text else ""
        text += [separator, content]
        length += len(separator)
        if is_heading:
            headings.append((length, length + len(content)))
        length += len(content)
    return "".join(text), tuple(headings)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable(["table", "strikethrough"])
    parser.validateLink = _any_link  # type: ignore[method-assign]
    return parser


def _any_link(url: str) -> bool:  # noqa: ARG001 - the parser's own signature
    """By default a link that could harm a browser stays text, and would be read aloud to its last letter."""
    return True


def _blocks(tokens: Iterable[Token]) -> Iterator[tuple[str, bool, bool]]:
    """Each block's text, whether it is a heading, and whether it follows the one before without a blank line."""
    opened, tight = "", False
    for token in tokens:
        if token.type == "inline":
            content = _inline(token.children or ())
            content = _TASK.sub("", content, count=1) if opened != "heading_open" and _TASK.match(content) else content
            if content:
                yield content, opened == "heading_open", tight
                tight = False
        else:
            tight = _stands_close(token, opened, tight=tight)
            opened = token.type


def _stands_close(token: Token, opened: str, *, tight: bool) -> bool:
    """Items of a tight list and the cells of a row stand close together; all else has a blank line before it."""
    if token.type in _CLOSE:
        return opened not in _FIRST
    return tight and (token.hidden or token.type not in ("paragraph_open", "heading_open"))


def _inline(children: Iterable[Token]) -> str:
    """One block's text; a hard break is a newline, a soft one only a wrap."""
    lines = [""]
    parts: list[str] = []
    soft = False
    for child in children:
        if child.type == "hardbreak" or (child.type == "html_inline" and _BREAK_TAG.fullmatch(child.content)):
            lines.append("".join(parts))
            parts, soft = [], False
        elif child.type == "softbreak":
            soft = True
        elif content := _spoken(child):
            if soft:
                content = content.lstrip()
                parts.append(glue(_tail(parts), content))
            parts.append(content)
            soft = False
    lines.append("".join(parts))
    return "\n".join(line.strip() for line in lines if line.strip())


def _tail(parts: list[str]) -> str:
    """The last two characters so far, which is all that `glue` looks at."""
    return "".join(parts[-3:])[-2:]


def _spoken(token: Token) -> str:
    if token.type == "image":
        return _inline(token.children or ())
    return token.content if token.type in ("text", "code_inline") else ""
