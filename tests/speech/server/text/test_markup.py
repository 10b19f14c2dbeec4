# ruff: noqa: RUF001 - the signs of the IPA are the point
from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner import ssml
from aligner.speech.refusals import Refused
from aligner.speech.server.text import normalization, prosody
from aligner.speech.server.text.markup import BOUNDARIES, ERROR, LONGEST_SILENCE, Reader
from aligner.speech.server.text.passage import Delivery, Note, Passage

SLOW, LOUD = Delivery(rate=0.8), Delivery(volume=1.5)
S, P = BOUNDARIES["s"], BOUNDARIES["p"]

PIECES = st.sampled_from([
    "word", " ", "One. ", "<p>", "</p>", "<s>", "</s>", "<break/>", '<break time="9s"/>', "<prosody rate='slow'>",
    "<prosody volume='+6dB'/>", "</prosody>", "<emphasis>", "</emphasis>", "<sub alias='x'>", "</sub>", "<phoneme>",
    "<phoneme ph='x'>", "</phoneme>", "<say-as interpret-as='characters'>", "</say-as>", "<voice name='x'>", "</voice>",
    "<speak>", "</speak>", "<mark name='x'/>", "&amp;", "<", "<b>", "<metadata>", "</metadata>",
])  # fmt: skip


def read(*messages: str) -> Passage:
    """The last message's passage."""
    reader = Reader("en")
    return [reader.read(message) for message in messages][-1]


def pauses(passage: Passage) -> list[tuple[int, int]]:
    return [(note.start, note.pause) for note in passage.notes if note.pause]


def refusal(*messages: str) -> str:
    with pytest.raises(Refused) as raised:
        read(*messages)
    assert raised.value.refusal.error == ERROR
    return raised.value.refusal.message


@given(st.lists(st.text()))
def test_a_text_that_is_escaped_is_a_passage_without_notes(messages: list[str]) -> None:
    reader = Reader("en")
    assert [reader.read(ssml.escape(message)) for message in messages] == [Passage(message) for message in messages]


@given(st.lists(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=12).map("".join), max_size=4))
def test_notes_keep_to_what_passages_promise(messages: list[str]) -> None:
    reader = Reader("en")
    for message in messages:
        try:
            passage = reader.read(message)
        except Refused as refused:
            assert refused.refusal.error == ERROR  # noqa: PT017 - most of them are read
            return
        check(passage)


def check(passage: Passage) -> None:
    notes = passage.notes
    assert list(notes) == sorted(notes, key=lambda note: (note.start, -note.stop))
    assert all(0 <= note.start <= note.stop <= len(passage.text) for note in notes)
    assert all((note.start == note.stop) == bool(note.pause) for note in notes)
    # Those that replace never overlap, and neither do deliveries: they are multiplied out.
    for kept in (
        [(note.start, note.stop) for note in notes if note.whole],
        [(note.start, note.stop) for note in notes if note.delivery],
    ):
        assert all(one[1] <= other[0] for one, other in pairwise(kept))
    wholes = [note for note in notes if note.whole]
    assert not any(one.start < note.start < one.stop for one in wholes for note in notes if note.pause)


def test_a_break_is_a_pause_where_it_stands() -> None:
    assert read('One <break time="1.5s"/>two.') == Passage("One two.", (Note(4, 4, pause=1_500_000),))
    assert pauses(read("a <break/>b<break time='4s'></break>")) == [(2, 750_000), (3, 3_000_000)]
    assert pauses(read("a <break strength='none'/>b<break time='0ms'/>")) == []


def test_breaks_at_one_place_add_up_to_a_limit() -> None:
    assert pauses(read("a<break time='3s'/><break time='2s'/>b")) == [(1, 5_000_000)]
    endless = read("a" + "<break time='3s'/> " * 5_000)
    assert sum(length for _, length in pauses(endless)) == LONGEST_SILENCE
    again = read("a" + "<break time='3s'/>" * 50, "b<break time='3s'/>")
    assert pauses(again) == [(1, 3_000_000)]


def test_a_message_may_be_a_break_alone() -> None:
    assert read("<break time='1s'/>") == Passage("", (Note(0, 0, pause=1_000_000),))


def test_sentences_and_paragraphs_end_with_a_pause() -> None:
    text = "<speak><p><s>One.</s><s>Two.</s></p>\n<p>Three.</p></speak>"
    assert pauses(read(text)) == [(4, S), (8, P), (15, P)]


def test_a_paragraph_after_bare_text_begins_with_a_pause_and_the_first_one_does_not() -> None:
    assert pauses(read("Intro<p>One.</p>")) == [(5, P), (9, P)]
    assert pauses(read("<p>One")) == []
    assert pauses(read("<p>One</s></p>".replace("</s>", ""), " <p>Two")) == []
    assert pauses(read("One", "<p>Two")) == [(0, P)]


def test_a_break_counts_as_the_pause_of_its_paragraph() -> None:
    assert pauses(read("<p>One<break time='200ms'/></p>Two")) == [(3, P)]
    assert pauses(read("<p>One<break time='1s'/></p>Two")) == [(3, 1_000_000)]
    assert pauses(read("<p>One</p><break time='1s'/>Two")) == [(3, P + 1_000_000)]


def test_prosody_is_a_delivery() -> None:
    passage = read("One <prosody rate='slow'>two</prosody> three")
    assert passage == Passage("One two three", (Note(4, 7, delivery=SLOW),))


def test_nested_deliveries_are_multiplied_out() -> None:
    passage = read("<prosody rate='slow'>a<prosody volume='loud' rate='80%'>b</prosody>c</prosody>d")
    both = prosody.bounded(SLOW.within(SLOW).within(LOUD))
    assert passage.notes == (Note(0, 1, delivery=SLOW), Note(1, 2, delivery=both), Note(2, 3, delivery=SLOW))


def test_a_delivery_lasts_over_messages() -> None:
    reader = Reader("en")
    first, second, third = map(reader.read, ("a<prosody rate='slow'>b", "c", "d</prosody>e"))
    assert first.notes == (Note(1, 2, delivery=SLOW),)
    assert second.notes == third.notes == (Note(0, 1, delivery=SLOW),)


def test_emphasis_is_a_delivery() -> None:
    (note,) = read("a <emphasis level='strong'>b</emphasis>").notes
    assert note == Note(2, 3, delivery=prosody.EMPHASES["strong"])
    assert read("<emphasis level='none'>b</emphasis><prosody rate='medium'>c</prosody>") == Passage("bc")


def test_a_phoneme_is_a_pronunciation() -> None:
    passage = read('You say <phoneme alphabet="ipa" ph="təˈmeɪtoʊ">tomato</phoneme>.')
    assert passage == Passage("You say tomato.", (Note(8, 14, ipa="təˈmeɪtoʊ"),))
    passage = read('<phoneme alphabet="cmu-arpabet" ph="K AE1 T">cat</phoneme><phoneme ph="dɒɡ">dog</phoneme>')
    assert passage.notes == (Note(0, 3, ipa="kˈæt"), Note(3, 6, ipa="dɒɡ"))


def test_a_substitute_is_said_instead() -> None:
    passage = read('The <sub alias="World Wide &amp; Web">W3C</sub>.')
    assert passage == Passage("The W3C.", (Note(4, 7, said="World Wide & Web"),))
    assert read('a<sub alias="">b</sub>').notes == (Note(1, 2, said=""),)


def test_say_as_is_spelt_out_in_the_language_of_the_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str | None, str]] = []

    def say_as(text: str, interpret_as: str, form: str | None, language: str) -> str:
        asked.append((text, interpret_as, form, language))
        return "first of May"

    monkeypatch.setattr(normalization, "say_as", say_as)
    passage = Reader("de").read("On <say-as interpret-as='date' format='dm'>1/5</say-as>")
    assert passage == Passage("On 1/5", (Note(3, 6, said="first of May"),))
    assert asked == [("1/5", "date", "dm", "de")]


def test_of_nested_replacements_the_outer_one_counts() -> None:
    passage = read("<sub alias='x'>a<phoneme ph='y'>b</phoneme><emphasis>c</emphasis></sub>")
    assert passage == Passage("abc", (Note(0, 3, said="x"),))


def test_what_is_said_as_one_thing_has_one_manner_and_no_pause_inside() -> None:
    passage = read("<prosody rate='slow'>a<sub alias='x'>b<break/><prosody rate='fast'>c</prosody></sub>d</prosody>")
    assert passage.notes == (
        Note(0, 4, delivery=SLOW),
        Note(1, 3, said="x"),
        Note(3, 3, pause=750_000),
    )


def test_an_element_without_text_says_nothing() -> None:
    assert read("a<sub alias='x'></sub><sub alias='x'/><phoneme ph='x'/>b<prosody rate='slow'/>c") == Passage("abc")


def test_what_cannot_be_done_is_left_out_and_its_text_is_spoken() -> None:
    text = "<voice name='x'>a</voice><lang xml:lang='fr'>b</lang><audio src='x'>c</audio><mark name='m'/><w>d</w>"
    assert read(text) == Passage("abcd")


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        (("<phoneme ph='x'>to", "mato</phoneme>"), "<phoneme ph='x'> is not closed; it must lie wholly in one message"),
        (("<sub alias='x'>a",), "must lie wholly in one message"),
        (("<say-as interpret-as='date'>",), "must lie wholly in one message"),
        (("<phoneme>a</phoneme>",), '<phoneme> has no ph; write <phoneme ph="…">'),
        (("<sub>a</sub>",), "<sub> has no alias"),
        (("<say-as>a</say-as>",), "<say-as> has no interpret-as"),
        (("<phoneme alphabet='cmu-arpabet' ph='K QQ T'>a</phoneme>",), "'QQ' is no sign of cmu-arpabet"),
        (("<phoneme alphabet='x' ph='K'/>",), "the alphabet 'x' is not known"),
        (("<break time='soon'/>",), "time='soon' has no meaning; write 1.5s or 500ms"),
        (("<prosody rate='soon'>",), "rate='soon' has no meaning"),
        (("<emphasis level='x'>",), "level='x' has no meaning"),
        (("<break time='1s'",), "a tag lies wholly in one message"),
        (("<!DOCTYPE x [<!ENTITY y 'z'>]>",), "declarations are not read"),
        (("</p>",), "</p> closes nothing that is open here"),
    ],
)
def test_what_is_wrong_is_told_to_the_client(messages: tuple[str, ...], told: str) -> None:
    message = refusal(*messages)
    assert told in message
    assert message.startswith("The SSML cannot be read: ")
    assert "line" not in message
