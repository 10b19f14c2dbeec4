from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from fakes.spoken import speak
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.captions import cutting, fabric, profiles, script

if TYPE_CHECKING:
    from aligner.captions.fabric import Fabric

NETFLIX = msgspec.structs.replace(profiles.load("netflix", "en"), characters=16)


def weave(text: str) -> Fabric:
    return fabric.weave(script.whole(text, "en"), speak(text), NETFLIX)


def cut(text: str, steps: list[int]) -> tuple[list[int], list[int]]:
    """All ends, told in steps of so many words; and how many were told after each."""
    cloth, cuts, found, counts = weave(text), cutting.begin(NETFLIX), [], []
    place = 0
    for step in [*steps, cloth.size]:
        place = min(place + step, cloth.size)
        found += cuts.extend(cloth, 0, place)
        counts.append(len(found))
    return found + cuts.finish(), counts


@given(
    st.lists(st.sampled_from(("the", "lighthouse,", "and", "remarkable.", "Peter", "x", "up\n")), min_size=1),
    st.lists(st.integers(0, 5)),
)
@settings(deadline=None)
def test_steps_make_no_difference(pieces: list[str], steps: list[int]) -> None:
    text = " ".join(pieces)
    assert cut(text, steps)[0] == cut(text, [])[0]


def test_what_is_settled_is_told_at_once() -> None:
    text = "the keeper of the tower came down the stairs and saw the sea. " * 4
    words = len(text.split())
    found, counts = cut(text, [1] * words)
    behind = [place + 1 - found[count - 1] for place, count in enumerate(counts[:words]) if count]
    assert max(behind) <= 25
    assert found[-1] == words


def test_a_paragraph_settles_all_that_is_before_it() -> None:
    text = "the keeper of the tower\ncame down"
    cuts = cutting.begin(NETFLIX)
    assert cuts.extend(weave(text), 0, 5)[-1] == 5


def test_a_text_in_which_every_cut_is_as_good_as_the_next_is_cut_in_time() -> None:
    text = "the keeper of the tower came down the stairs and saw the sea " * 200
    words = len(text.split())
    found, counts = cut(text, [8] * (words // 8))
    behind = [8 * (index + 1) - (found[count - 1] if count else 0) for index, count in enumerate(counts[:-1])]
    assert max(behind) <= 520
    assert found == cut(text, [])[0]


@pytest.mark.parametrize(("name", "stops"), [("words", [1, 2, 3, 4, 5]), ("sentences", [2, 4, 5]), ("lines", [4, 5])])
def test_the_text_decides(name: str, stops: list[int]) -> None:
    text = "One two. Three four.\nFive"
    profile = profiles.load(name, "en")
    cloth, cuts = fabric.weave(script.whole(text, "en"), speak(text), profile), cutting.begin(profile)
    assert cuts.extend(cloth, 0, 3) + cuts.extend(cloth, 0, 5) + cuts.finish() == stops
