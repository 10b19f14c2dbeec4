"""The examples of the reference page, each as it is printed there."""

from __future__ import annotations

from typing import Final

import pytest
from docs.pages import DOCS, read
from fakes.reading_aloud import heard

from aligner.speech.server.text.normalization import say_as

_ROWS: Final = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in read(DOCS / "reference" / "normalization.md").splitlines()
    if line.startswith("| ")
]
_KINDS: Final = [row for row in _ROWS if len(row) == 5 and row[1].startswith("`")]
_OTHERS: Final = [row for row in _ROWS if len(row) == 3 and row[0].startswith("`")]
_SAY_AS: Final = [row for row in _ROWS if len(row) == 4 and row[2].startswith("`")]


def _code(cell: str) -> str:
    return cell.strip("`")


@pytest.mark.parametrize("row", _KINDS, ids=lambda row: row[1])
def test_both_columns_are_said_as_printed(row: list[str]) -> None:
    _, english, said, german, gesagt = row
    assert heard(_code(english), "en") == said
    assert heard(_code(german), "de") == gesagt


@pytest.mark.parametrize("row", _OTHERS, ids=lambda row: row[1])
def test_other_languages_are_said_as_printed(row: list[str]) -> None:
    language, written, said = row
    assert heard(_code(written), _code(language)) == said


@pytest.mark.parametrize("row", _SAY_AS, ids=lambda row: row[0])
def test_say_as_says_what_is_printed(row: list[str]) -> None:
    names, _, written, said = row
    for name in names.split(","):
        assert say_as(_code(written), name.strip(" `"), None, "en-US") == said


def test_the_tables_are_found() -> None:
    assert len(_KINDS) > 40
    assert len(_OTHERS) > 10
    assert len(_SAY_AS) == 11
