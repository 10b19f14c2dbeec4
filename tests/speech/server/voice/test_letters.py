# ruff: noqa: RUF001 - phones and the scripts of many languages are the point
from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.voice import letters

WORDS = st.lists(
    st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzäéßжшяאم大नि1"), min_size=1), min_size=1, max_size=4
)
PHONES = st.lists(st.sampled_from(["p", "t", "ˈɛ", "aɪ", "ŋ", "s", "ɹ", "ə", "θ", "tʃ"]), min_size=1, max_size=30)


@settings(deadline=None)
@given(WORDS, PHONES)
def test_places_ascend_from_the_first_phone_to_the_last(words: list[str], phones: list[str]) -> None:
    places = letters.pair(tuple(words), tuple(phones))
    assert len(places) == sum(map(len, words)) + 1
    assert places[0] == 0
    assert places[-1] == len(phones)
    assert all(before <= after for before, after in pairwise(places))


@settings(deadline=None)
@given(WORDS, PHONES)
def test_a_word_begins_with_a_phone_and_never_inside_one(words: list[str], phones: list[str]) -> None:
    places = letters.pair(tuple(words), tuple(phones))
    begin = 0
    for word in words:
        assert places[begin] == int(places[begin])
        begin += len(word)


def begins(words: str, phones: str) -> list[float]:
    return list(letters.pair(tuple(words.split()), tuple(phones.split())))


def test_letters_that_agree_with_their_phones_are_paired_one_to_one() -> None:
    assert begins("end", "ˈɛ n d") == [0, 1, 2, 3]


def test_two_letters_of_one_phone_share_it() -> None:
    assert begins("the", "ð ə") == [0, 0.5, 1, 2]


def test_a_silent_letter_at_the_end_shares_with_the_letter_before() -> None:
    assert begins("like", "l ˈaɪ k") == [0, 1, 2, 2.5, 3]


def test_a_letter_of_two_phones_has_both() -> None:
    assert begins("ox", "ˈɑː k s") == [0, 1, 3]


@pytest.mark.parametrize(
    ("words", "phones", "second"),
    [
        ("of the", "ʌ v ð ə", 2),
        ("in the", "ɪ n ð ə", 2),
        ("to be", "t ə b i", 2),
        ("and the", "æ n d ð ə", 3),
        ("have been", "h ɐ v b ɪ n", 3),
        ("that they", "ð æ ð eɪ", 2),
        ("в доме", "v d ˈo mʲ i", 1),
        ("της γης", "t i s ˈɣ i s", 3),
    ],
)
def test_words_that_are_spoken_as_one_are_parted_where_their_letters_say(words: str, phones: str, second: int) -> None:
    first, _ = words.split()
    assert begins(words, phones)[len(first)] == second


def test_digits_have_equal_shares() -> None:
    assert begins("24", "t w ɛ n t i f ɔː") == [0, 4, 8]


def test_a_digit_among_letters_makes_all_shares_equal() -> None:
    assert begins("B2B", "b iː t uː b iː") == [0, 2, 4, 6]


def test_a_spelling_of_hostile_length_is_shared_evenly() -> None:
    places = letters.pair(("ab" * 2_000,), ("a", "b", "a", "b"))
    assert places[1_000] == 1
    assert places[-1] == 4


def test_accents_do_not_hide_a_letter() -> None:
    assert begins("naïve", "n aɪ ˈiː v") == begins("naive", "n aɪ ˈiː v")


def test_more_words_than_phones_leave_some_without_time() -> None:
    places = begins("a b c d", "ə d")
    assert places[0] == 0
    assert places[-1] == 2
