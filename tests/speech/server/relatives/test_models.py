from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.speech.server.relatives.models import DEFAULT, MODELS, find


def test_no_id_and_an_unknown_one_are_the_default() -> None:
    assert find(None) is find("eleven_next_year") is find(DEFAULT)


@pytest.mark.parametrize(
    ("model_id", "longest"),
    [("eleven_multilingual_v2", 10_000), ("eleven_flash_v2", 30_000), ("eleven_flash_v2_5", 40_000)],
)
def test_the_longest_text_is_the_documented_one(model_id: str, longest: int) -> None:
    assert find(model_id).longest == longest


@given(st.integers(0, 100_000))
def test_flash_and_turbo_cost_half_rounded_up(characters: int) -> None:
    for model in MODELS:
        half = "flash" in model.model_id or "turbo" in model.model_id
        assert model.cost(characters) == ((characters + 1) // 2 if half else characters)


def test_ids_are_unique() -> None:
    assert len({model.model_id for model in MODELS}) == len(MODELS)
