# ruff: noqa: RUF001 - the signs of the IPA are the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import EngineError
from aligner.speech.server.voice import ipa
from aligner.speech.server.voice.ipa import Inventory

VOICE = Inventory(
    {"t": "t", "ʃ": "S", "tʃ": "tS", "ə": "@", "eɪ": "eI", "oʊ": "oU", "ɑː": "A:", "i": "i", "iː": "i:", "m": "m",
     "n": "n", "ɔ̃": "O~", "ɔ": "O", "h": "h", "ʁ": "Q", "k": "k", "n̩": "n-", "æ": "a"}
)  # fmt: skip


@pytest.mark.parametrize(
    ("pronunciation", "phonemes"),
    [
        ("təˈmeɪtoʊ", "t|@|'|m|eI|t|oU"),
        ("/təˈmeɪ.toʊ/", "t|@|'|m|eI|t|oU"),
        ("ˌmiːˈniː", ",|m|i:|'|n|i:"),
        ("t͡ʃiː", "tS|i:"),
        ("ʧiː", "tS|i:"),
        ("tʃ", "tS"),
        ("mi:", "m|i:"),
        ("hiː ˈmɔ̃", "h|i: '|m|O~"),
        ("tn̩", "t|n-"),
        ("tʰiː", "t|i:"),
        ("mi˥˩", "m|i"),
        ("eɪː", "eI"),
    ],
)
def test_signs_are_phonemes_the_longest_first(pronunciation: str, phonemes: str) -> None:
    assert VOICE.spell(pronunciation) == phonemes


@pytest.mark.parametrize(
    ("pronunciation", "phonemes"),
    [
        ("a", "a"),  # æ is nearest
        ("aː", "A:"),  # of those as near, the long one
        ("ɪ", "i"),
        ("ɔː", "O"),  # no long one
        ("ɾ", "Q"),  # over r
        ("x", "h"),
        ("ɡ", "k"),
        ("g", "k"),
        ("ɑ̃", "A:|n"),  # no nasal one
        ("ç", "S"),
        ("ɝ", "@"),
    ],
)
def test_a_sign_that_the_voice_has_not_is_the_nearest_that_it_has(pronunciation: str, phonemes: str) -> None:
    assert VOICE.spell(pronunciation) == phonemes


@pytest.mark.parametrize("pronunciation", ["", " ", "ˈ", "ˈ ˌ", "...", "ːː", "\u0303"])
def test_what_has_no_sound_is_an_error(pronunciation: str) -> None:
    with pytest.raises(EngineError, match="without a sound"):
        VOICE.spell(pronunciation)


@pytest.mark.parametrize("pronunciation", ["t7", "m!", "TOE", "日"])
def test_what_is_no_sign_of_the_ipa_is_named(pronunciation: str) -> None:
    with pytest.raises(EngineError, match="no sound for") as caught:
        VOICE.spell(pronunciation)
    assert pronunciation in caught.value.place


def test_every_sign_of_the_chart_finds_a_sound() -> None:
    poor = Inventory({"a": "a", "t": "t", "i": "i", "u": "u", "k": "k", "n": "n", "p": "p"})
    for sign in ipa._NEIGHBOURS:  # noqa: SLF001 - the table itself is tested
        assert poor.spell(sign) in set("atiuknp"), sign


def test_every_neighbour_is_itself_in_the_chart() -> None:
    for sign, near in ipa._NEIGHBOURS.items():  # noqa: SLF001 - as above
        assert sign not in near
        assert all(one in ipa._NEIGHBOURS for one in near), sign  # noqa: SLF001 - as above


@given(st.text(max_size=12))
def test_any_text_is_phonemes_or_an_error(text: str) -> None:
    try:
        spelt = VOICE.spell(text)
    except EngineError:
        return
    assert "]" not in spelt
    assert "[" not in spelt
