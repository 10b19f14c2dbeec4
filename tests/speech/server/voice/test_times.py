# ruff: noqa: RUF001 - phones and the scripts of many languages are the point
from __future__ import annotations

from itertools import pairwise

import pytest
from fakes.engine import spoken, word_spans
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.voice import times
from aligner.speech.server.voice.espeak import Mark

TEXTS = st.text(st.sampled_from("abz éж大ナ1,.!'\"«(—$%\n\u00a0\u0301😀"), max_size=40)
SOUNDS = st.sampled_from(["", "p", "ˈɛ", "s"])


def word(position: int, sample: int) -> Mark:
    return Mark(word=True, position=position, sample=sample, sound="")


def phone(sample: int, sound: str) -> Mark:
    return Mark(word=False, position=-1, sample=sample, sound=sound)


@st.composite
def marks(draw: st.DrawFn) -> tuple[str, list[Mark], int]:
    """A text with marks as wrong as they like, but in the order of the sound."""
    text = draw(TEXTS)
    samples = sorted(draw(st.lists(st.integers(0, 5000), max_size=30)))
    found = [
        word(draw(st.integers(-1, len(text) + 3)), sample) if draw(st.booleans()) else phone(sample, draw(SOUNDS))
        for sample in samples
    ]
    return text, found, draw(st.integers(5000, 6000))


@settings(deadline=None)
@given(marks())
def test_edges_ascend_and_end_with_the_sound_whatever_the_engine_says(case: tuple[str, list[Mark], int]) -> None:
    text, found, total = case
    edges = times.edges(text, found, total)
    assert len(edges) == len(text) + 1
    assert edges[0] >= 0
    assert edges[-1] == total
    assert all(before <= after for before, after in pairwise(edges))


@settings(deadline=None)
@given(marks())
def test_the_sound_begins_with_the_first_phone_of_a_word(case: tuple[str, list[Mark], int]) -> None:
    text, found, total = case
    first_word = next((i for i, mark in enumerate(found) if mark.word), len(found))
    heard = [mark.sample for mark in found[first_word:] if mark.sound]
    if text:
        assert times.edges(text, found, total)[0] == min(heard, default=0)


def test_a_word_lasts_from_its_first_phone_to_the_mark_after_its_last() -> None:
    found = [word(0, 0), phone(10, "ɡ"), phone(20, "oʊ"), word(3, 40), phone(50, "ɔ"), phone(60, "n"), phone(70, "")]
    edges = times.edges("Go on.", found, 100)
    assert list(edges) == [10, 20, 40, 50, 60, 70, 100]


def test_the_pause_is_shared_by_punctuation_and_blank() -> None:
    found = [word(0, 0), phone(0, "a"), phone(100, ""), word(3, 200), phone(300, "b")]
    assert list(times.edges("a, b", found, 400)) == [0, 100, 200, 300, 400]


def test_opening_quotes_and_brackets_have_no_time() -> None:
    found = [word(0, 0), phone(0, "a"), phone(100, ""), word(4, 200), phone(300, "b")]
    assert list(times.edges("a “(b)", found, 400)) == [0, 100, 300, 300, 300, 400, 400]


def test_french_guillemets_keep_their_no_break_space_without_time() -> None:
    found = [word(0, 0), phone(0, "a"), phone(100, ""), word(4, 200), phone(300, "b")]
    assert list(times.edges("a «\u00a0b", found, 400)) == [0, 100, 300, 300, 300, 400]


def test_what_the_engine_points_at_may_be_the_blank_before_the_word() -> None:
    found = [word(0, 0), phone(0, "a"), word(1, 100), phone(100, "b")]
    assert list(times.edges("a b", found, 200)) == [0, 100, 100, 200]


def test_a_blank_before_a_word_with_a_mark_of_its_own_belongs_to_the_word_before() -> None:
    found = [word(0, 0), phone(0, "ɡ"), word(1, 100), phone(100, "f"), word(2, 200), phone(200, "n")]
    assert list(times.edges("😀 n", found, 300)) == [0, 200, 200, 300]


def test_a_sign_with_a_mark_of_its_own_is_a_word() -> None:
    found = [word(0, 0), phone(0, "d"), word(1, 100), phone(100, "f")]
    assert list(times.edges("$5", found, 200)) == [0, 100, 200]


def test_the_several_marks_of_one_number_are_one_word() -> None:
    found = [word(0, 0), phone(0, "w"), word(1, 100), phone(100, "θ"), word(2, 200), phone(200, "t")]
    edges = times.edges("1,234.", found, 300)
    assert edges[0] == 0
    assert edges[5] == edges[6] == 300


def test_words_spoken_as_one_are_parted() -> None:
    found = [word(0, 0), phone(0, "ʌ"), phone(10, "v"), phone(20, "ð"), phone(30, "ə"), word(7, 40), phone(40, "ɛ")]
    edges = times.edges("of the e", found, 50)
    assert (edges[0], edges[2], edges[3], edges[6]) == (0, 20, 20, 40)


def test_a_phone_that_the_next_word_is_named_in_lasts_until_the_next_phone() -> None:
    found = [word(0, 0), phone(0, "ɔ"), phone(10, "n"), word(3, 10), phone(30, "ɛ")]
    assert list(times.edges("on e", found, 40)) == [0, 10, 30, 30, 40]


def test_text_that_nothing_is_heard_for_has_no_time() -> None:
    found = [word(0, 0), phone(0, "a"), phone(100, "")]
    assert list(times.edges("a \U0001fae0", found, 100)) == [0, 100, 100, 100]


def test_without_any_mark_the_sound_is_shared() -> None:
    assert list(times.edges("...", [], 300)) == [0, 100, 200, 300]
    assert list(times.edges("", [], 300)) == [300]


# -- with the engine


@pytest.mark.parametrize(
    ("voice", "text"),
    [
        ("gmw/en-US", 'He paid "1,234.50" dollars (or $5) — and AT&T, e.g. 3.14 of them. I <3 you 😀 now!'),
        ("gmw/en-US", "Visit https://example.org/a?b=1 of the U.S. at 10:30 a.m., don't you?"),
        ("gmw/de", "Die 1.234,50 Euro und z. B. »Haus« am 3. Mai, 5 % mehr."),
        ("roa/fr", "« Bonjour », dit-il : l'homme qu'il a vu n'est pas là."),
        ("zle/ru", "Привет, мир! Это 25-й год, в доме на улице."),
        ("sem/ar", "مرحبا بالعالم، هذا كتاب."),
        ("inc/hi", "नमस्ते दुनिया, यह किताब है।"),
    ],
)
def test_words_follow_each_other_and_each_has_a_sound_of_its_own(voice: str, text: str) -> None:
    samples, edges = spoken(text, voice)
    spans = word_spans(text, edges)
    heard = [(word, start, end) for word, start, end in spans if any(c.isalnum() for c in word)]
    for word_text, start, end in heard:
        letters = sum(c.isalnum() for c in word_text)
        # From a hurried "of" to a number spelt out: never swallowed, never stretched over the next word.
        assert 20 <= end - start <= 150 + 700 * letters, (word_text, start, end)
    assert all(end <= start for (_, _, end), (_, start, _) in pairwise(heard))
    assert edges[-1] == len(samples)


def test_chinese_has_a_time_for_each_character() -> None:
    _, edges = spoken("你好，世界。今天2023年，我们去“北京大学”。", "sit/cmn")
    lasts = [after - before for before, after in pairwise(edges)]
    text = "你好，世界。今天2023年，我们去“北京大学”。"
    assert all(lasts[i] > 22050 // 25 for i, c in enumerate(text) if c.isalnum())


def test_a_word_after_a_pause_begins_when_its_sound_does() -> None:
    text = (
        "Well, perhaps. Then (as before) came the others, tall and small; some stood, but most sat. "
        "“Quite,” said Kate: “Put Peter, Tom and Bob down.” Four, five, seven, three, one. Yes, no, who, why, how?"
    )
    samples, edges = spoken(text)
    errors = []
    for i in range(1, len(text)):
        end = i
        while end > 0 and not text[end - 1].isalnum():
            end -= 1
        if not text[i].isalnum() or end == i or edges[i] - edges[end] < 0.06 * 22050:
            continue
        middle = (edges[end] + edges[i]) // 2
        if max(map(abs, samples[middle - 330 : middle + 330])) > 60:
            continue  # no pause, but one vowel gliding into the next
        following = samples[middle : edges[i] + 2205]
        onset = next(j for j, sample in enumerate(following) if abs(sample) > 60)
        errors.append(abs(middle + onset - edges[i]) / 22.05)
    assert len(errors) > 15
    assert sorted(errors)[len(errors) * 95 // 100] <= 5
    assert max(errors) <= 15
