from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.speech.server import tokens
from aligner.speech.server.tokens import LIFE, Tokens


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_token_is_good_once() -> None:
    store = Tokens()
    token = store.issue()
    assert [store.redeem(token), store.redeem(token)] == [True, False]


def test_no_token_and_a_made_up_one_are_not_good() -> None:
    store = Tokens()
    store.issue()
    assert not store.redeem(None)
    assert not store.redeem("")
    assert not store.redeem("sutkn_made-up")


def test_tokens_differ_and_cannot_be_guessed() -> None:
    store = Tokens()
    issued = {store.issue() for _ in range(100)}
    assert len(issued) == 100
    assert min(map(len, issued)) > 40


def test_a_token_is_void_after_its_life(clock: Clock) -> None:
    store = Tokens(clock)
    early, late = store.issue(), store.issue()
    clock.now = LIFE - 0.001
    assert store.redeem(early)
    clock.now = LIFE
    assert not store.redeem(late)


def test_void_tokens_are_forgotten(clock: Clock) -> None:
    store = Tokens(clock)
    store.issue()
    clock.now = LIFE / 2
    store.issue()
    assert len(store) == 2
    clock.now = LIFE
    assert len(store) == 1


def test_they_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 3)
    store = Tokens()
    issued = [store.issue() for _ in range(5)]
    assert len(store) == 3
    assert [store.redeem(token) for token in issued] == [False, False, True, True, True]


@given(st.lists(st.tuples(st.sampled_from(["issue", "redeem"]), st.floats(0, LIFE / 2)), max_size=30))
def test_of_any_order_of_events_each_token_is_good_once_within_its_life(events: list[tuple[str, float]]) -> None:
    clock = Clock()
    store = Tokens(clock)
    issued: list[tuple[str, float]] = []
    for event, wait in events:
        clock.now += wait
        if event == "issue":
            issued.append((store.issue(), clock.now))
        elif issued:
            token, since = issued.pop()
            assert store.redeem(token) == (clock.now < since + LIFE)
            assert not store.redeem(token)
