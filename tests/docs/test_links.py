from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from docs.pages import DOCS, PAGES, ROOT, anchors, links, name, read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        parts = urlsplit(link)
        if parts.scheme:
            assert parts.scheme == "https", link
            continue
        target = (page.parent / parts.path).resolve() if parts.path else page
        assert target.exists(), link
        if parts.fragment:
            assert parts.fragment in anchors(target), link


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            waiting += [(page.parent / urlsplit(link).path).resolve() for link in links(page) if "://" not in link]
    assert [name(page) for page in PAGES if page not in reached and page.parent != ROOT] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_page_says_first_what_it_is(page: Path) -> None:
    title, *rest = [line for line in read(page).splitlines() if line and not line.startswith("<!--")]
    assert re.fullmatch(r"# \S.*", title)
    assert not rest[0].startswith(("#", "```", "|"))
    assert sum(bool(re.match(r"# ", line)) for line in read(page).splitlines() if "```" not in line) >= 1
