from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import MarkupError
from aligner.speech.server.text import prosody
from aligner.speech.server.text.passage import Delivery

ATTRIBUTES = st.fixed_dictionaries({}, optional=dict.fromkeys(("rate", "pitch", "range", "volume"), st.text()))


@pytest.mark.parametrize(
    ("name", "value", "factor"),
    [
        ("rate", "x-slow", 0.6),
        ("rate", "medium", 1),
        ("rate", "default", 1),
        ("rate", "x-fast", 1.6),
        ("rate", "80%", 0.8),
        ("rate", "+20%", 1.2),
        ("rate", "-20%", 0.8),
        ("rate", "1.5", 1.5),
        ("rate", " 90% ", 0.9),
        ("rate", "0%", 0.25),
        ("rate", "900%", 4),
        ("pitch", "x-low", 0.7),
        ("pitch", "high", 1.1),
        ("pitch", "+10%", 1.1),
        ("pitch", "+12st", 2),
        ("pitch", "-12st", 0.5),
        ("pitch", "150Hz", 1.5),
        ("pitch", "-20Hz", 0.8),
        ("range", "x-low", 0.2),
        ("range", "+50%", 1.5),
        ("range", "18hz", 0.5),
        ("volume", "silent", 0),
        ("volume", "x-loud", 2.3),
        ("volume", "50", 0.5),
        ("volume", "+10", 1.1),
        ("volume", "-100%", 0),
        ("volume", "+6dB", 10 ** (6 / 20)),
        ("volume", "-6.0 dB", 10 ** (-6 / 20)),
        ("volume", ".5%", 0.005),
    ],
)
def test_every_way_to_say_how_much(name: str, value: str, factor: float) -> None:
    field = "pitch_range" if name == "range" else name
    found = prosody.delivery({name: value})
    assert math.isclose(getattr(found, field), factor)
    assert [getattr(found, other) for other in ("rate", "pitch", "pitch_range", "volume") if other != field] == [1] * 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rate", "quick"),
        ("rate", ""),
        ("rate", "+6dB"),
        ("rate", "2st"),
        ("rate", "80 percent"),
        ("pitch", "120"),
        ("pitch", "+6dB"),
        ("range", "5"),
        ("volume", "loudest"),
        ("volume", "100Hz"),
        ("volume", "2st"),
        ("volume", "nan"),
        ("rate", "1e400"),
        ("rate", "--5%"),
        ("rate", "\u0663%"),
    ],
)
def test_a_value_without_a_meaning_is_named(name: str, value: str) -> None:
    with pytest.raises(MarkupError, match=f"{name}=") as raised:
        prosody.delivery({name: value})
    assert raised.value.mend.startswith("write ")


@given(ATTRIBUTES)
def test_nothing_but_its_own_error_comes_out(attributes: dict[str, str]) -> None:
    try:
        found = prosody.delivery(attributes)
    except MarkupError:
        return
    assert prosody.bounded(found) == found


def test_what_the_engine_cannot_do_is_ignored() -> None:
    assert prosody.delivery({"contour": "(0%,+20Hz)", "duration": "3s"}) == Delivery()


def test_nested_deliveries_keep_within_what_a_voice_can_do() -> None:
    fast = Delivery(rate=3, pitch=0.3, pitch_range=3, volume=3)
    assert prosody.bounded(fast.within(fast)) == Delivery(rate=4, pitch=0.25, pitch_range=4, volume=4)


def test_emphasis_is_moderate_without_a_level() -> None:
    assert prosody.emphasis({}) == prosody.emphasis({"level": "moderate"})
    assert prosody.emphasis({"level": "none"}) == Delivery()
    assert prosody.emphasis({"level": "strong"}).rate < 1 < prosody.emphasis({"level": "reduced"}).rate
    with pytest.raises(MarkupError, match="level='very' has no meaning; write none, reduced"):
        prosody.emphasis({"level": "very"})


@pytest.mark.parametrize(
    ("attributes", "milliseconds"),
    [
        ({}, 750),
        ({"strength": "none"}, 0),
        ({"strength": "x-weak"}, 250),
        ({"strength": "x-strong"}, 1250),
        ({"time": "1.5s"}, 1500),
        ({"time": "500ms"}, 500),
        ({"time": " .5s "}, 500),
        ({"time": "+2 s"}, 2000),
        ({"time": "0s"}, 0),
        ({"time": "3.0s"}, 3000),
        ({"time": "10s"}, 3000),
        ({"time": "999999999s"}, 3000),
        ({"time": "1s", "strength": "whatever"}, 1000),
    ],
)
def test_a_break_lasts_what_it_says_and_never_longer_than_three_seconds(
    attributes: dict[str, str], milliseconds: int
) -> None:
    assert prosody.pause(attributes) == milliseconds * 1000


@pytest.mark.parametrize(
    "attributes", [{"time": "1"}, {"time": "-1s"}, {"time": "1min"}, {"time": ""}, {"strength": "?"}]
)
def test_a_break_without_a_meaning_is_named(attributes: dict[str, str]) -> None:
    with pytest.raises(MarkupError, match="has no meaning"):
        prosody.pause(attributes)
