"""What the page on the service says in numbers and names, held against the code."""

from __future__ import annotations

import re
from typing import Final

import pytest
from docs.pages import DOCS, read
from prometheus_client.parser import text_string_to_metric_families

from aligner.cli import serve
from aligner.speech.server.limits import Gate, Limits
from aligner.speech.server.operation import faults, journal, metrics
from aligner.speech.server.operation.journal import Journal
from aligner.speech.server.voice.pool import Pool

PAGE: Final = read(DOCS / "howto" / "serve.md")


def test_every_fault_is_in_its_table() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", PAGE.partition("## Test your client")[2], re.MULTILINE)
    assert dict(rows) == faults.MODES


@pytest.mark.parametrize("limit", Limits.__slots__)
def test_every_limit_is_in_the_table(limit: str) -> None:
    table = PAGE.partition("## Limits")[2].partition("##")[0]
    assert f"| {int(getattr(Limits(), limit)):,} |" in table


def test_every_option_that_is_named_exists() -> None:
    known = {option for parameter in serve.command.params for option in parameter.opts}
    assert set(re.findall(r"`(--[\w-]+)", PAGE)) <= known | {"--engine"}


def test_every_figure_is_named() -> None:
    _, body = metrics.exposition(Journal().counts, Pool(1), Gate())
    families = [
        family for family in text_string_to_metric_families(body.decode()) if family.name.startswith("aligner_")
    ]
    missing = [family.name for family in families if f"`{family.name}" not in PAGE]
    assert missing == []


def test_every_outcome_is_explained() -> None:
    outcomes = {
        value
        for name, value in vars(journal).items()
        if name.isupper() and isinstance(value, str) and name.lower() == value
    }
    assert len(outcomes) == 7
    assert [outcome for outcome in outcomes if f"`{outcome}`" not in PAGE] == []
