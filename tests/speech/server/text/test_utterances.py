# ruff: noqa: RUF001 - phones and the scripts of many languages are the point
from __future__ import annotations

import pytest
from fakes.engine import spoken
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.speech.server.text import utterances
from aligner.speech.server.text.passage import Note, Passage


def cut(text: str, language: str) -> list[str]:
    return [passage.text for passage in utterances.cut(Passage(text), language)]


TEXTS = st.text(st.sampled_from('abcdeé .,;:!?\n"“”—大中。，ไ\u00a0'), max_size=1200)


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["en", "de", "zh", "th"]))
def test_utterances_joined_are_the_text_and_none_is_long(text: str, language: str) -> None:
    pieces = cut(text, language)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= utterances.LONGEST for piece in pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("  ", ["  "]),
        ("One. Two! Three? ", ["One. ", "Two! ", "Three? "]),
        ("Dr. Smith paid 3.14 dollars. He left.", ["Dr. Smith paid 3.14 dollars. ", "He left."]),
        ("A heading\nThe text.\n\nMore", ["A heading\n", "The text.\n\n", "More"]),
        ("“Go!” she said.  Then", ["“Go!” she said.  ", "Then"]),
    ],
)
def test_a_sentence_is_an_utterance_with_the_white_space_after_it(text: str, pieces: list[str]) -> None:
    assert cut(text, "en") == pieces


def test_chinese_sentences_need_no_blank() -> None:
    assert cut("你好。再见！", "zh") == ["你好。", "再见！"]


def test_a_long_sentence_is_cut_after_its_last_clause() -> None:
    clause = "word " * 30 + "end, "
    pieces = cut(clause * 4, "en")
    assert pieces == [clause, clause, clause, clause]


def test_without_a_clause_it_is_cut_after_a_word() -> None:
    pieces = cut("seven12 " * 100, "en")
    assert all(piece.endswith("seven12 ") for piece in pieces)
    assert all(len(piece) > utterances.LONGEST - 8 for piece in pieces[:-1])


def test_an_endless_word_is_cut_all_the_same() -> None:
    assert [len(piece) for piece in cut("a" * 1000, "en")] == [300, 300, 300, 100]


def test_chinese_without_punctuation_is_cut_between_characters() -> None:
    assert [len(piece) for piece in cut("大" * 700, "zh")] == [299, 299, 102]


def test_places_to_cut_at() -> None:
    text = "one, two three"
    assert utterances.last_clause(text, 0, 14) == 5
    assert utterances.last_clause(text, 5, 14) is None
    assert utterances.last_word(text, 0, 14) == 9
    assert utterances.first_word(text, 5, 14) == 9
    assert utterances.first_word(text, 9, 14) is None
    assert utterances.softest(text, 0, 14) == 5
    assert utterances.softest(text, 5, 14) == 9
    assert utterances.softest(text, 9, 12) == 12


def test_utterances_keep_their_notes_and_cut_none_of_them() -> None:
    text = "He met Dr. Who. She left. " + "word " * 100
    passage = Passage(text, (Note(7, 20, said="the doctor"), Note(30, 420, ipa="wɜːd")))
    pieces = utterances.cut(passage, "en")
    assert "".join(piece.text for piece in pieces) == text
    found = [piece.text[note.start : note.stop] for piece in pieces for note in piece.notes]
    assert found == [text[7:20], text[30:420]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("When the rain had stopped, we went out again to the shore. ", "When the rain had stopped, "),
        (
            "No, when the rain had stopped we went out again, all of us together. ",
            "No, when the rain had stopped we went out again, ",
        ),
        ("On the afternoon of November 21, 2026 we all went down to the shore. ", None),
        (
            "茶馆里坐满了人，大家都在听他说话，谁也没有注意到外面下起了大雨，雨下得很大很大。",
            "茶馆里坐满了人，大家都在听他说话，谁也没有注意到外面下起了大雨，",
        ),
        ("She said at the very end “wait a bit,” and left the room in a great hurry. ", None),
    ],
)
def test_the_first_utterance_is_a_clause_where_that_sounds_the_same(text: str, first: str | None) -> None:
    pieces = cut(text * 2, "zh" if "茶" in text else "en")
    assert pieces[0] == (first or text)
    assert text in pieces


@pytest.mark.parametrize(
    ("voice", "text"),
    [("gmw/en-US", "When the rain had stopped, we went out again."), ("sit/cmn", "茶馆里坐满了人，大家都在听他说话。")],
)
def test_a_clause_apart_lasts_as_long_as_in_its_sentence(voice: str, text: str) -> None:
    place = max(text.find(", ") + 2, text.find("，") + 1)
    whole, first, rest = (len(spoken(part, voice)[0]) for part in (text, text[:place], text[place:]))
    assert abs(first + rest - whole) < 0.03 * 22_050
