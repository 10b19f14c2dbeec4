# ruff: noqa: RUF001 - the signs of the IPA are the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import MarkupError
from aligner.speech.server.text import pronunciations
from aligner.speech.server.text.pronunciations import CMU, IPA, to_ipa


@pytest.mark.parametrize(
    ("signs", "ipa"),
    [
        ("M AE1 D IH0 S AH0 N", "mˈædɪsən"),
        ("T AH0 M EY1 T OW2", "təmˈeɪtˌoʊ"),
        ("k ae1 t", "kˈæt"),
        ("HH AE1 P IY0", "hˈæpi"),
        ("S IY1", "sˈiː"),
        ("B ER1 D ER0", "bˈɜːdɚ"),
        ("  JH  AH1\nJH ", "dʒˈʌdʒ"),
        ("TH ER T", "θɜːt"),
    ],
)
def test_the_signs_of_carnegie_mellon_become_ipa(signs: str, ipa: str) -> None:
    assert to_ipa(signs, CMU) == ipa


@pytest.mark.parametrize("sign", ["XX", "K1", "AE3", "AE11", "1", "AE-1", "æ", "K,"])
def test_an_unknown_sign_is_named(sign: str) -> None:
    with pytest.raises(MarkupError, match="is no sign of cmu-arpabet") as raised:
        to_ipa(f"K {sign} T", CMU)
    assert repr(sign) in raised.value.problem


@pytest.mark.parametrize("written", ["təˈmeɪtoʊ", "/təˈmeɪtoʊ/", "[təˈmeɪtoʊ]", "  təˈmeɪtoʊ\n"])
def test_ipa_loses_the_brackets_around_it(written: str) -> None:
    assert to_ipa(written, IPA) == "təˈmeɪtoʊ"


@pytest.mark.parametrize("alphabet", [IPA, CMU])
@pytest.mark.parametrize("written", ["", "  ", "//", "[]", "K " * 300])
def test_a_pronunciation_has_a_length_that_words_have(written: str, alphabet: str) -> None:
    with pytest.raises(MarkupError, match="a pronunciation has"):
        to_ipa(written, alphabet)


def test_an_unknown_alphabet_is_named_with_those_there_are() -> None:
    with pytest.raises(MarkupError, match="'x-sampa' is not known; use ipa or cmu-arpabet"):
        to_ipa("k{t", "x-sampa")


@given(st.text(), st.sampled_from([*pronunciations.ALPHABETS, "x"]))
def test_nothing_but_its_own_error_comes_out(text: str, alphabet: str) -> None:
    try:
        found = to_ipa(text, alphabet)
    except MarkupError:
        return
    assert found.strip()
