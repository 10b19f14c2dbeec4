from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Latency
from aligner.speech import pace
from aligner.speech.pace import Pace, figures, quantile

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the wall clock, in microseconds."""
    now = 0

    def turn(time: int) -> None:
        nonlocal now
        now = time

    monkeypatch.setattr(pace, "_now", lambda: now)
    return turn


def test_the_first_byte_counts_from_the_message_that_crosses_the_threshold(at: Callable[[int], None]) -> None:
    at(1_000)
    watch = Pace(120)
    at(5_000)
    watch.connected()
    for time, characters in ((10_000, 100), (20_000, 30), (30_000, 200)):
        at(time)
        watch.said(characters)
    at(50_000)
    watch.flushed()
    at(70_000)
    watch.heard()
    at(90_000)
    watch.heard()
    assert watch.latency == Latency(connect=4_000, first_byte=50_000, elapsed=80_000)


def test_a_flush_lets_the_service_begin_too(at: Callable[[int], None]) -> None:
    watch = Pace(120)
    at(10)
    watch.said(5)
    at(30)
    watch.flushed()
    at(60)
    watch.flushed()
    at(100)
    watch.heard()
    assert watch.latency == Latency(0, 70, 90)


def test_a_service_that_begins_early_is_counted_from_the_first_text(at: Callable[[int], None]) -> None:
    watch = Pace(120)
    at(10)
    watch.said(5)
    at(40)
    watch.heard()
    at(50)
    watch.said(500)
    assert watch.latency == Latency(0, 30, 30)


def test_before_any_sound_there_is_no_first_byte() -> None:
    watch = Pace(1)
    watch.said(5)
    assert watch.latency == Latency(0, None, 0)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_quantiles_are_numpys(values: list[float], share: float) -> None:
    assert quantile(sorted(values), share) == pytest.approx(np.quantile(values, share), abs=1e-6)


def test_figures_of_several_sessions() -> None:
    found = figures(
        [Latency(1_000, 20_000, 500_000), Latency(3_000, None, 0), Latency(2_000, 40_000, 500_000)], 30_000_000
    )
    assert (found.sessions, found.connect, found.first_byte, found.real_time_factor) == (3, 2_000, 30_000, 30.0)
    assert found.told() == {
        "sessions": 3,
        "connect_ms": 2,
        "first_byte_ms": 30,
        "first_byte_p95_ms": 39,
        "real_time_factor": 30.0,
    }


def test_figures_of_nothing() -> None:
    assert figures([], 0).told() == {
        "sessions": 0,
        "connect_ms": 0,
        "first_byte_ms": None,
        "first_byte_p95_ms": None,
        "real_time_factor": 0.0,
    }
