from __future__ import annotations

import pytest

from aligner.batch.report import Outcome, Report
from aligner.errors import AlignerError, DocumentError, KeyRefused, ServiceStalled

DONE = Outcome("a", "done")
SKIPPED = Outcome("b", "skipped")


def failed(error: AlignerError) -> Outcome:
    return Outcome("c", "failed", error=error)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((), 0),
        ((DONE, SKIPPED), 0),
        ((DONE, failed(DocumentError("x"))), 1),
        ((failed(ServiceStalled("x")),), 1),
        ((failed(KeyRefused("x")), failed(KeyRefused("x"))), 2),
        ((DONE, failed(KeyRefused("x"))), 1),
    ],
)
def test_the_exit_code_tells_how_it_went(outcomes: tuple[Outcome, ...], code: int) -> None:
    assert Report(outcomes).exit_code == code


def test_the_failed_ones_are_at_hand() -> None:
    bad = failed(DocumentError("x"))
    assert Report((DONE, bad)).failed == (bad,)
