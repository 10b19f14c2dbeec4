from __future__ import annotations

import pytest

from aligner.speech.server.origins import allowed


def test_a_program_has_no_origin() -> None:
    assert allowed(None)


@pytest.mark.parametrize(
    "origin",
    ["http://localhost", "http://localhost:3000", "https://127.0.0.1:8443", "http://[::1]:5173", "http://LOCALHOST:1"],
)
def test_pages_of_this_machine_may_use_it(origin: str) -> None:
    assert allowed(origin)


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://example.org/localhost",
        "http://localhost@example.org",
        "null",
        "",
        "file://localhost",
        "http://[::1",
        "*",
    ],
)
def test_pages_from_elsewhere_may_not(origin: str) -> None:
    assert not allowed(origin)
    assert not allowed(origin, ("https://example.com",))


def test_a_page_that_was_named_may_and_its_neighbours_may_not() -> None:
    named = ("https://example.org", "http://example.com:8000")
    assert allowed("https://example.org", named)
    assert allowed("http://example.com:8000", named)
    assert not allowed("http://example.org", named)
    assert not allowed("https://example.org:8443", named)
    assert not allowed("https://www.example.org", named)


def test_a_star_lets_every_page_in() -> None:
    assert allowed("https://example.org", ("*",))
    assert allowed("null", ("*",))
