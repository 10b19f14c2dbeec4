from __future__ import annotations

from dataclasses import replace

import pytest

from aligner.batch.report import Outcome, Report
from aligner.errors import AlignerError, DocumentError, KeyRefused, ServiceStalled
from aligner.model import Latency

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


def test_how_fast_the_service_was_over_all_documents() -> None:
    sessions = (Latency(1_000, 10_000, 500_000), Latency(3_000, 30_000, 500_000))
    report = Report((replace(DONE, latencies=sessions, duration=20_000_000), SKIPPED))
    assert report.latency is not None
    assert (report.latency.sessions, report.latency.first_byte, report.latency.real_time_factor) == (2, 20_000, 20.0)
    assert Report((SKIPPED,)).latency is None
