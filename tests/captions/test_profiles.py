from __future__ import annotations

import tomllib
from fractions import Fraction
from importlib.resources import files

import pytest

from aligner.captions import profiles
from aligner.errors import UsageError


def test_the_promised_styles_are_there() -> None:
    promised = {
        "netflix",
        "netflix-translation",
        "bbc",
        "ted",
        "social",
        "words",
        "lines",
        "sentences",
        "amazon",
        "dcmp",
    }
    assert promised <= set(profiles.names())
    assert list(profiles.names()) == sorted(profiles.names())


@pytest.mark.parametrize("name", profiles.names())
@pytest.mark.parametrize("language", ["en", "de", "zh", "zh-TW", "ja", "ko", "xx"])
def test_every_style_loads_for_every_language(name: str, language: str) -> None:
    profile = profiles.load(name, language)
    assert profile.name == name
    assert profile.lines in {1, 2}
    assert profile.characters > 0
    assert profile.min_seconds < profile.max_seconds
    assert profile.gap_frames / profile.fps <= profile.long_gap_seconds


@pytest.mark.parametrize("name", profiles.names())
def test_every_style_names_its_source_and_date(name: str) -> None:
    data = tomllib.loads((files("aligner.captions") / "profiles" / f"{name}.toml").read_text("utf-8"))
    assert data["source"]
    assert data["checked"] >= "2026"


# Netflix Timed Text Style Guide, by language: characters a line, verbatim and translated characters a second.
@pytest.mark.parametrize(
    ("language", "characters", "verbatim", "translated"),
    [
        ("en", 42, 20, 20),
        ("de", 42, 20, 17),
        ("de-AT", 42, 20, 17),
        ("fr", 42, 20, 17),
        ("sv", 42, 20, 17),
        ("tlh", 42, 20, 17),
        ("ar", 42, 23, 20),
        ("hi", 42, 25, 22),
        ("th", 35, 20, 17),
        ("ko", 16, 14, 12),
        ("zh", 16, 11, 9),
        ("cmn", 16, 11, 9),
        ("zh-TW", 16, 11, 9),
        ("ja", 13, 7, 4),
    ],
)
def test_netflix_numbers(language: str, characters: int, verbatim: int, translated: int) -> None:
    for name, cps in (("netflix", verbatim), ("netflix-translation", translated)):
        profile = profiles.load(name, language)
        assert (profile.characters, profile.cps) == (characters, Fraction(cps))
        assert (profile.min_seconds, profile.max_seconds) == (Fraction(5, 6), Fraction(7))
        assert (profile.gap_frames, profile.long_gap_seconds, profile.fps) == (2, Fraction(1, 2), Fraction(24))
        assert profile.full_width == (language[:2] in {"zh", "ja", "cm"})


def test_bbc_leaves_no_gap_or_a_second() -> None:
    profile = profiles.load("bbc", "en")
    assert (profile.gap_frames, profile.long_gap_seconds, profile.word_seconds) == (0, Fraction(1), Fraction(3, 10))


def test_a_frame_rate_of_ones_own() -> None:
    assert profiles.load("netflix", "en", Fraction(30000, 1001)).fps == Fraction(30000, 1001)
    assert profiles.load("netflix", "en").fps == 24


def test_a_wrong_name_is_told_the_right_one() -> None:
    with pytest.raises(UsageError, match="did you mean 'netflix'") as caught:
        profiles.load("netflx", "en")
    assert caught.value.place == "--profile"


def test_a_very_wrong_name_is_told_all() -> None:
    with pytest.raises(UsageError, match=r"choose one of amazon, bbc"):
        profiles.load("qqqq", "en")


@pytest.mark.parametrize("fps", [Fraction(0), Fraction(-24)])
def test_a_frame_rate_is_positive(fps: Fraction) -> None:
    with pytest.raises(UsageError, match="not a frame rate"):
        profiles.load("netflix", "en", fps)
