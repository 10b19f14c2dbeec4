"""The Python of each page is run from top to bottom, in the folder that the README's first command leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from docs.pages import PAGES, blocks, name
from docs.test_console import write

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = "ws://127.0.0.1:8080"
"""Where the pages say that `aligner serve` listens."""
WITH_PYTHON = [page for page in PAGES if any(block.language == "python" for block in blocks(page))]


# The official SDK asks the library for a name that it calls deprecated.
@pytest.mark.filterwarnings("ignore:ConnectionClosed.code:DeprecationWarning")
@pytest.mark.parametrize("page", WITH_PYTHON, ids=name)
def test_the_python_of_a_page_works(page: Path, folder: Path, served: str) -> None:
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks(page):
        if block.file and block.language != "python":
            write(block, folder)
        if block.language == "python":
            code = compile(block.text.replace(SERVICE, served), name(page), "exec")
            exec(code, names)  # noqa: S102 - our own pages
