from __future__ import annotations

import dataclasses
import pickle

import pytest

from aligner import model
from aligner.model import Alignment, Secret, Segment

VALUES = [value for value in vars(model).values() if dataclasses.is_dataclass(value)]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_every_value_is_frozen_and_slotted(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]  # made by the decorator
    assert "__slots__" in vars(value)


def test_a_key_shows_as_stars_wherever_it_is_printed() -> None:
    secret = Secret("k3y")
    assert f"{secret} {secret!r} {[secret]} {secret!s}" == "*** *** [***] ***"
    assert secret.reveal() == "k3y"


def test_a_key_is_not_written_anywhere() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("k3y"))


def test_an_alignment_spans_to_the_end_of_its_last_character() -> None:
    assert Alignment(("a", "bc"), (0, 10), (10, 30)).span == 40
    assert Alignment(("a", "bc"), (0, 10), (10, 30)).text == "abc"
    assert Alignment((), (), ()).span == 0


def test_a_segment_knows_where_it_stops() -> None:
    assert Segment(1, 10, "abc").stop == 13
