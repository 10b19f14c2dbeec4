from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.speech.refusals import Refused
from aligner.speech.server.limits import BURST, Allowance, Backlog, Gate, Limits, Quota, Throttle

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.time = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def refusal(call: Callable[[], object]) -> tuple[str, str, int]:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.refusal.error, refused.value.refusal.message, refused.value.refusal.code


# -- the gate


def test_the_gate_lets_in_as_many_as_it_should() -> None:
    gate = Gate(2)
    gate.enter()
    assert (gate.now, gate.full) == (1, False)
    gate.enter()
    assert (gate.now, gate.full) == (2, True)
    error, message, code = refusal(gate.enter)
    assert (error, code) == ("too_many_concurrent_requests", 1008)
    assert "maximum is 2" in message
    gate.leave()
    gate.enter()
    assert gate.now == 2


def test_a_gate_without_a_limit_is_never_full() -> None:
    gate = Gate()
    for _ in range(5_000):
        gate.enter()
    assert (gate.now, gate.full) == (5_000, False)


def test_a_closed_gate_lets_nobody_in_and_those_inside_out() -> None:
    gate = Gate()
    gate.enter()
    gate.close()
    error, message, code = refusal(gate.enter)
    assert (error, code) == ("system_busy", 1012)
    assert "shutting down" in message
    gate.leave()
    assert gate.now == 0


# -- the throttle


@given(st.integers(1, 50), st.integers(1, 400))
def test_frames_come_no_faster_than_they_may_after_a_burst(rate: int, frames: int) -> None:
    clock = Clock()
    throttle = Throttle(rate, clock.now, clock.sleep)

    async def run() -> None:
        for _ in range(frames):
            await throttle.wait()

    asyncio.run(run())
    passed = clock.time - 100.0
    assert passed == pytest.approx(max(0.0, frames / rate - BURST))


def test_a_client_that_keeps_to_the_rate_never_waits() -> None:
    clock = Clock()
    throttle = Throttle(10, clock.now, clock.sleep)

    async def run() -> None:
        for _ in range(200):
            await throttle.wait()
            clock.time += 0.11

    asyncio.run(run())
    assert clock.slept == []


# -- the backlog


def test_reading_waits_while_too_much_is_due() -> None:
    async def run() -> None:
        backlog = Backlog(10)
        backlog.add(10)
        await backlog.room()
        backlog.add(5)
        waiting = asyncio.create_task(backlog.room())
        await asyncio.sleep(0)
        assert not waiting.done()
        backlog.done(10)
        await waiting
        assert backlog.now == 5

    asyncio.run(run())


# -- counts


def test_a_session_may_send_so_much_and_no_more() -> None:
    allowance = Allowance(10)
    allowance.use(4)
    allowance.use(6)
    error, message, code = refusal(lambda: allowance.use(1))
    assert (error, code) == ("max_character_limit_exceeded", 1008)
    assert "10 characters" in message
    assert allowance.used == 10


def test_the_quota_is_refused_in_the_words_of_the_service() -> None:
    quota = Quota(100)
    quota.use(80)
    assert refusal(lambda: quota.use(30)) == (
        "quota_exceeded",
        (
            "This request exceeds your quota of 100. You have 20 credits remaining, "
            "while 30 credits are required for this request."
        ),
        1008,
    )
    quota.use(20)
    assert quota.used == 100


def test_a_quota_without_a_limit_only_counts() -> None:
    quota = Quota()
    quota.use(10**9)
    assert (quota.used, quota.most) == (10**9, None)


def test_every_limit_is_a_positive_number() -> None:
    limits = Limits()
    assert all(getattr(limits, name) > 0 for name in Limits.__slots__)
