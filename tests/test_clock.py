from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner import clock

times = st.integers(0, 100 * 3600 * clock.SECOND)
rates = st.sampled_from([8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
frame_rates = st.sampled_from(
    [Fraction(24), Fraction(25), Fraction(30), Fraction(24_000, 1_001), Fraction(30_000, 1_001), Fraction(60)]
)


@given(st.integers(0, 2**40), rates)
def test_whole_milliseconds_are_the_nearest(samples: int, rate: int) -> None:
    (us,) = clock.whole_milliseconds([samples], rate)
    assert us % 1_000 == 0
    assert abs(us - Fraction(samples * clock.SECOND, rate)) <= 500


@given(st.integers(0, 2**40), rates)
def test_a_sample_has_one_time_and_the_time_gives_it_back(samples: int, rate: int) -> None:
    us = clock.from_samples(samples, rate)
    assert abs(us - Fraction(samples * clock.SECOND, rate)) <= Fraction(1, 2)
    assert clock.to_samples(us, rate) == samples


@given(st.integers(0, 10**9), frame_rates)
def test_a_frame_begins_at_the_first_microsecond_that_shows_it(frame: int, rate: Fraction) -> None:
    us = clock.from_frame(frame, rate)
    assert clock.to_frame(us, rate) == frame
    if us:
        assert clock.to_frame(us - 1, rate) == frame - 1


@given(times)
def test_milliseconds_round_half_up(us: int) -> None:
    assert -500 < us - 1_000 * clock.to_milliseconds(us) < 500 or us % 1_000 == 500
    assert clock.to_milliseconds(500) == 1


@given(times)
def test_a_stamp_reads_back_to_the_millisecond(us: int) -> None:
    match = re.fullmatch(r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})", clock.stamp(us))
    assert match
    hours, minutes, seconds, ms = map(int, match.groups())
    assert ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms == clock.to_milliseconds(us)


@pytest.mark.parametrize(
    ("us", "stamp"),
    [
        (0, "00:00:00.000"),
        (59_999_600, "00:01:00.000"),
        (3_599_999_499, "00:59:59.999"),
        (360_000_000_000, "100:00:00.000"),
    ],
)
def test_rounding_carries_into_seconds_minutes_and_hours(us: int, stamp: str) -> None:
    assert clock.stamp(us) == stamp
    assert clock.stamp(us, ",") == stamp.replace(".", ",")


def test_seconds_and_milliseconds_come_in_and_go_out() -> None:
    assert clock.from_seconds(1.2345) == 1_234_500
    assert clock.from_milliseconds([81, 0.25]) == (81_000, 250)
    assert clock.all_to_milliseconds([81_499, 81_500]) == [81, 82]
    assert clock.to_seconds(1_234_567) == 1.235
    assert clock.all_to_seconds([0, 1_234_567]) == [0.0, 1.235]


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (0, "0 s"),
        (45_400_000, "45 s"),
        (59_500_000, "1 min 00 s"),
        (200_000_000, "3 min 20 s"),
        (7_500_000_000, "2 h 05 min"),
    ],
)
def test_durations_are_spelt_for_people(us: int, words: str) -> None:
    assert clock.spell(us) == words


@pytest.mark.parametrize(
    ("us", "told"), [(0, "0.0 ms"), (3_440, "3.4 ms"), (34_400, "34 ms"), (999_400, "999 ms"), (3_400_000, "3.40 s")]
)
def test_short_durations_for_people(us: int, told: str) -> None:
    assert clock.spell_short(us) == told
