from __future__ import annotations

import math

import numpy as np
from fakes.spoken import speak
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.captions import fabric, layout, profiles, script
from aligner.captions.fabric import Fabric, Ruler

TEXT = (
    "She was not tall, and in the lamp's light the old keeper of the tower hardly saw her coming. She spoke first.\n"
    "Nobody answered her; the wind had taken every word across the water to the other side of the bay."
)


def weave(text: str = TEXT, language: str = "en") -> Fabric:
    return fabric.weave(script.whole(text, language), speak(text), profiles.load("netflix", language))


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 1)), min_size=1))
def test_a_ruler_measures_every_run(sizes: list[tuple[int, int]]) -> None:
    ruler = Ruler.of(np.array([size for size, _ in sizes]), np.array([space for _, space in sizes]))
    for begin in range(len(sizes)):
        for stop in range(begin + 1, len(sizes) + 1):
            run = sizes[begin:stop]
            expected = sum(size for size, _ in run) + sum(space for _, space in run[:-1])
            assert ruler.stops[stop] - ruler.starts[begin] == expected


def test_a_fabric_holds_what_the_text_says() -> None:
    cloth = weave()
    words = TEXT.split()
    assert cloth.size == len(words)
    assert [word for word, end in zip(words, cloth.breaks.sentence, strict=True) if end] == [
        "coming.",
        "first.",
        "bay.",
    ]
    assert [word for word, end in zip(words, cloth.paragraph, strict=True) if end] == ["first.", "bay."]
    assert [word for word, begin in zip(words, cloth.begins, strict=True) if begin] == ["She", "She", "Nobody"]
    assert cloth.sentences[-1] == 3
    assert cloth.characters.stops[-1] == len(TEXT)
    assert cloth.limit == 42


def test_full_width_is_measured_in_half_columns() -> None:
    cloth = weave("阿Q真能做！", "zh")  # noqa: RUF001 - Chinese
    assert cloth.limit == 32
    assert cloth.width.stops[-1] == 11
    assert cloth.characters.stops[-1] == 6


def test_a_word_wider_than_a_line_fills_one() -> None:
    assert weave("x" * 90).width.stops[-1] == 42


def fits(cloth: Fabric, begin: int, stop: int) -> bool:
    """Whether a run of words stands on one line, or two."""

    def one(first: int, last: int) -> bool:
        return bool(cloth.width.stops[last] - cloth.width.starts[first] <= cloth.limit)

    return one(begin, stop) or any(one(begin, cut) and one(cut, stop) for cut in range(begin + 1, stop))


def test_exactly_the_cues_that_fit_have_a_cost() -> None:
    cloth = weave()
    costs = layout.block(cloth, 0, cloth.size)
    paragraph = int(np.flatnonzero(cloth.paragraph)[0]) + 1
    for stop in range(1, cloth.size + 1):
        for count in range(1, min(stop, costs.shape[1]) + 1):
            begin = stop - count
            short = cloth.grid.sound[stop - 1] - cloth.grid.first[begin] <= cloth.grid.maximum
            crosses = begin < paragraph < stop
            assert math.isfinite(costs[stop - 1, -count]) == (fits(cloth, begin, stop) and short and not crosses)


@given(st.integers(0, 30), st.integers(1, 30))
@settings(max_examples=30)
def test_a_block_is_a_part_of_the_whole(low: int, size: int) -> None:
    cloth = weave()
    high = min(cloth.size, low + size)
    whole, part = layout.block(cloth, 0, cloth.size), layout.block(cloth, low, high)
    width = min(whole.shape[1], part.shape[1])
    assert np.array_equal(whole[low:high, -width:], part[:, -width:])
    assert not np.isfinite(whole[low:high, :-width]).any()


def test_lines_are_split_at_the_cheapest_place() -> None:
    cloth = weave()
    stop = 19
    begins, stops = np.array([9, 0, 0], np.int32), np.array([stop, 4, 1], np.int32)
    upper = layout.splits(cloth, begins, stops).tolist()
    assert upper[1:] == [0, 0]
    words = TEXT.split()[9:stop]
    assert " ".join(words[: upper[0]]) == "the old keeper"


def test_one_line_styles_have_one_line() -> None:
    profile = profiles.load("words", "en")
    cloth = fabric.weave(script.whole(TEXT, "en"), speak(TEXT), profile)
    everything = np.array([0], np.int32), np.array([cloth.size], np.int32)
    assert layout.splits(cloth, *everything).tolist() == [0]
    assert not any(math.isfinite(cost) for cost in layout.block(cloth, 0, cloth.size)[:, :-12].flat)
