"""A file becomes a Document. The only module of this stage that touches the disk.

Everything a document can be refused for is refused here, before a voice is asked, in one sentence with its mend.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aligner.documents import decoding, frontmatter, markdown, plain, tagged
from aligner.documents.language import detect
from aligner.errors import DocumentError
from aligner.model import Document, Span

if TYPE_CHECKING:
    from pathlib import Path

MARKDOWN = frozenset({".md", ".markdown"})
SSML = frozenset({".ssml"})
SUFFIXES = frozenset({".txt"}) | MARKDOWN | SSML
"""The files that are read, by the end of their names in small letters."""

MAX_BYTES = 64 * 1024 * 1024
"""A thousand hours of speech: more in one file is a mistake."""

_LONGEST_RUN = 1_000
_ENDLESS = re.compile(rf"[^\s{plain.SPACELESS}]{{{_LONGEST_RUN + 1}}}")
_SPEAKABLE = re.compile(r"[^\W_]")


def read(path: Path, source: str | None = None, language: str | None = None, *, ssml: bool = False) -> Document:
    """The document in a file.

    Args:
        path: A ``.txt``, ``.md``, ``.markdown`` or ``.ssml`` file.
        source: The document's name in messages and outputs; the path as given where there is none.
        language: The setting from outside. The document's front matter wins over it; where neither says, its text does.
        ssml: Whether there are tags of SSML in it; in ``.ssml`` there are. Its front matter wins over both.

    Raises:
        DocumentError: The file cannot be read, is not of a known kind, is no text, or holds nothing to be spoken.
    """
    name = source or path.as_posix()
    if path.suffix.lower() not in SUFFIXES and not path.is_dir():
        known = ", ".join(sorted(SUFFIXES))
        raise DocumentError(f"no reader for {path.suffix or 'a file without suffix'}", name, f"what is read: {known}")
    suffix = path.suffix.lower()
    return parse(_load(path, name), name, language, is_markdown=suffix in MARKDOWN, ssml=ssml or suffix in SSML)


def parse(
    data: bytes, name: str, language: str | None = None, *, is_markdown: bool | None = None, ssml: bool = False
) -> Document:
    """The document in a file's bytes; it is Markdown where its name says so, plain text else (standard input is).

    Raises:
        DocumentError: It is no text, holds nothing to be spoken, or a tag of its SSML is wrong.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(f"larger than {MAX_BYTES // 2**20} MiB", name, "split it into several documents")
    raw = decoding.decode(data, name)
    matter, body, skipped = frontmatter.split(raw, name)
    if is_markdown is None:
        is_markdown = name.lower().endswith(tuple(MARKDOWN))
    ssml = ssml if matter.ssml is None else matter.ssml
    if ssml:
        lifted = tagged.lift(body, name, skipped + 1, markdown.paragraphs if is_markdown else tagged.paragraphs)
        text, headings, markup, own_language = lifted.text, lifted.headings, lifted.markup, lifted.language
    else:
        text, headings = _text(decoding.clean(body), is_markdown=is_markdown)
        markup, own_language = (), None
    _refuse_silence(raw, text, name)
    _refuse_endless(body, text, name, skipped)
    language = matter.language or own_language or language or detect(text)
    return Document(name, text, language, matter, headings, ssml, markup)


def _load(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        problem, mend = "there is no such file", "check the path"
    except IsADirectoryError:
        problem, mend = "this is a folder, not a file", "give the files in it"
    except PermissionError:
        # Windows refuses folders with this error too.
        folder = path.is_dir()
        problem = "this is a folder, not a file" if folder else "no right to read this file"
        mend = "give the files in it" if folder else "change its permissions"
    except OSError as error:
        problem, mend = f"cannot be read ({error.strerror or error})", "check the disk"
    raise DocumentError(problem, name, mend)


def _text(body: str, *, is_markdown: bool) -> tuple[str, tuple[Span, ...]]:
    if is_markdown:
        return markdown.paragraphs(body)
    return plain.paragraphs(body), ()


def _refuse_silence(raw: str, text: str, name: str) -> None:
    if _SPEAKABLE.search(text):
        return
    if not raw:
        problem = "the document is empty"
    elif not raw.strip():
        problem = "the document holds only white space"
    elif text:
        problem = "the document holds only punctuation, nothing that can be spoken"
    else:
        problem = "the document holds nothing that can be spoken (code, HTML and front matter are not)"
    raise DocumentError(problem, name, "write some text into it or leave it out")


def _refuse_endless(body: str, text: str, name: str, skipped: int) -> None:
    run = _ENDLESS.search(text)
    if run is None:
        return
    before = body.find(run.group()[:_LONGEST_RUN])
    place = f"{name}, line {skipped + body.count(chr(10), 0, before) + 1}" if before >= 0 else name
    problem = f"more than {_LONGEST_RUN:,} characters without a space"
    raise DocumentError(problem, place, "put spaces between the words, or take out what is no text (encoded data)")
