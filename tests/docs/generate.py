"""Writes everything in the documentation that is made: the reference pages, the tables, the excerpts of the samples.

Run it: python tests/docs/generate.py
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import chdir
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.pages import DOCS, PAGES, ROOT, fill, made, read

import aligner
from docs import parts, reference


def main() -> None:
    """Write what has changed, and say so."""
    _write(DOCS / "reference" / "cli.md", reference.cli_page())
    _write(DOCS / "reference" / "api.md", reference.api_page())
    with tempfile.TemporaryDirectory() as folder:
        for page in PAGES:
            text = fill(read(page), "generated", lambda name: parts.PARTS[name]())
            _write(page, fill(text, "excerpt", partial(_excerpt, Path(folder))))


def _excerpt(folder: Path, name: str) -> str:
    """The beginning of the file that a sample becomes; the sample is spoken for the first of them."""
    path = folder / name
    if not path.exists():
        with chdir(ROOT):  # a document's source is its path as it was given
            aligner.speak([f"samples/{path.stem}.*"], folder)
    return parts.excerpt(path)


def _write(page: Path, text: str) -> None:
    if not page.exists() or read(page) != text:
        page.write_text(text, encoding="utf-8")
        print(f"wrote {page.relative_to(ROOT)}, {len(made(text, 'excerpt'))} excerpts")  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
