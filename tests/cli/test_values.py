from __future__ import annotations

from fractions import Fraction

import click
import pytest

from aligner.cli.values import FRAME_RATE, NAMES, NUMBERS, PAIRS, Within


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("25", Fraction(25)),
        ("29.97", Fraction(30_000, 1_001)),
        ("23.976", Fraction(24_000, 1_001)),
        ("24000/1001", Fraction(24_000, 1_001)),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_a_frame_rate_is_exact(text: str, rate: Fraction) -> None:
    assert FRAME_RATE.convert(text, None, None) == rate


@pytest.mark.parametrize("text", ["", "fast", "0", "-25", "1000", "1/0"])
def test_what_is_no_frame_rate_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"frame"):
        FRAME_RATE.convert(text, None, None)


def test_lists_stand_between_commas() -> None:
    assert NAMES.convert("mp3, srt,,vtt", None, None) == ("mp3", "srt", "vtt")
    assert NUMBERS.convert("50,500", None, None) == (50, 500)
    assert PAIRS.convert("a:1,b", None, None) == (("a", "1"), ("b", None))


@pytest.mark.parametrize("text", ["", "49", "501", "x", "120,x"])
def test_a_schedule_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        NUMBERS.convert(text, None, None)


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "-1", "x"])
def test_what_is_no_number_in_the_range_is_refused(text: str) -> None:
    assert Within(min=0).convert("2.5", None, None) == 2.5  # type: ignore[arg-type] # as it comes from a command line
    with pytest.raises(click.BadParameter):
        Within(min=0).convert(text, None, None)  # type: ignore[arg-type] # as above
