# ruff: noqa: RUF001 - the signs of the IPA are the point
from __future__ import annotations

import struct
from pathlib import Path

import espeakng_loader
import pytest
from fakes.engine import engine, word_spans
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import EngineError
from aligner.speech.server.voice import phonemes, times
from aligner.speech.server.voice.espeak import Manner, Mark
from aligner.speech.server.voice.ipa import Inventory
from aligner.speech.server.voice.phonemes import Phoneme

TABLES = (Path(espeakng_loader.get_data_path()) / "phontab").read_bytes()
INVENTORY = Inventory({"k": "k", "a": "a", "t": "t"})


def said(text: str, voice: str, *sounds: tuple[int, int, str]) -> str:
    return "".join(mark.sound for mark in engine().speak(text, Manner(voice), sounds)[1])


def tables(*made: tuple[str, int, list[tuple[str, int, int]]]) -> bytes:
    """A ``phontab``: for each table its name, the number of its base, and mnemonic, code, type of its phonemes."""
    data = struct.pack("<Bxxx", len(made))
    for name, base, entries in made:
        data += struct.pack("<BBxx32s", len(entries), base, name.encode())
        for mnemonic, code, kind in entries:
            data += struct.pack("<4sIHBBxxxx", mnemonic.encode(), 0, 0, code, kind)
    return data


# -- tables of phonemes


def test_a_table_has_its_own_phonemes_and_those_it_builds_on() -> None:
    data = tables(("base", 0, [("'", 1, 1), ("a", 2, 2), ("t", 3, 4)]), ("xx", 1, [("A", 2, 2), ("#a", 9, 2)]))
    assert phonemes.table(data, "xx") == (Phoneme("A", vowel=True), Phoneme("t", vowel=False))
    assert phonemes.table(data, "base") == (Phoneme("a", vowel=True), Phoneme("t", vowel=False))


def test_a_country_without_a_table_has_that_of_its_language() -> None:
    assert phonemes.table(TABLES, "pt-br") == phonemes.table(TABLES, "pt")


def test_a_missing_table_is_an_error() -> None:
    with pytest.raises(EngineError, match="no phonemes 'xx'"):
        phonemes.table(TABLES, "xx")


def test_the_engine_s_own_tables_are_read() -> None:
    names = {phoneme.mnemonic: phoneme.vowel for phoneme in phonemes.table(TABLES, "en-us")}
    assert names["3:"]
    assert names["oU"]
    assert not names["tS"]
    assert "'" not in names


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("name English\nlanguage en-us 2\nlanguage en 3\n\nphonemes en-us\ndictrules 3", "en-us"),
        ("name French\nlanguage fr-fr\nlanguage fr\n", "fr"),
        ("language de\n", "de"),
        ("name nobody\n", ""),
    ],
)
def test_a_voice_file_chooses_a_table(file: str, name: str) -> None:
    assert phonemes.table_name(file) == name


# -- what a voice has


def test_each_phoneme_is_what_is_heard_between_its_neighbours() -> None:
    asked = (Phoneme("A#", vowel=True), Phoneme("A", vowel=True), Phoneme("d", vowel=False))
    marks: list[Mark] = []
    text = phonemes.probe(asked)
    for word, sounds in zip(text.split(" "), ("pˈɑt", "pɐt", "pˈɑt", "pɑt", "að!ˈa", "and!ˈa"), strict=True):
        marks.append(Mark(word=True, position=text.index(word) + 2, sample=0, sound=""))
        marks.extend(Mark(word=False, position=-1, sample=0, sound=one) for one in sounds.replace("!", ""))
    inventory = phonemes.heard(asked, marks)
    # Of two for one sound the plainer; a consonant both as it is between vowels, and after n.
    assert inventory.spell("ɑɐðd") == "A|A#|d|d"


def test_a_name_that_was_cut_short_is_none() -> None:
    asked = (Phoneme("a", vowel=True),)
    marks = [Mark(word=True, position=2, sample=0, sound="")]
    marks += [Mark(word=False, position=-1, sample=0, sound=one) for one in ("p", "aɪ\ufffd", "t")]
    with pytest.raises(EngineError):
        phonemes.heard(asked, marks).spell("i")


# -- into a text


@pytest.mark.parametrize(
    ("text", "sounds", "script"),
    [
        ("a cat", ((2, 5, "kat"),), "a [[k|a|t]]"),
        ("cat", ((0, 3, "kat"),), " [[k|a|t]]"),
        ("(cat)", ((1, 4, "kat"),), "( [[k|a|t]])"),
        ("cats", ((0, 3, "kat"),), " [[k|a|t]] s"),
        ("cat cat.", ((0, 3, "kat"), (4, 7, "tak")), " [[k|a|t]] [[t|a|k]]."),
        ("[[a]] cat [[", ((6, 9, "kat"),), "((a]] [[k|a|t]] (("),
        ("on", ((2, 2, "kat"),), "on [[k|a|t]]"),
    ],
)
def test_a_pronunciation_stands_in_the_text(text: str, sounds: tuple[tuple[int, int, str], ...], script: str) -> None:
    assert phonemes.script(text, sounds, INVENTORY).text == script


@given(st.text("ab [.", max_size=12), st.data())
def test_every_position_leads_back_into_the_text(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6).filter(lambda found: len(found) % 2 == 0)))
    sounds = [(start, stop, "kat") for start, stop in zip(cuts[::2], cuts[1::2], strict=True)]
    script = phonemes.script(text, sounds, INVENTORY)
    places = [script.place(position) for position in range(len(script.text))]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
    for position, sign in enumerate(script.text):
        if sign in "b.":
            assert text[places[position]] == sign


# -- with the engine


@pytest.mark.parametrize("voice", ["gmw/en-US", "gmw/en", "gmw/en-US+f3"])
def test_tomato_and_tomato(voice: str) -> None:
    american, british = (said("tomato", voice, (0, 6, ipa)) for ipa in ("təˈmeɪtoʊ", "təˈmɑːtəʊ"))
    assert american.replace("ɾ", "t") == "təmˈeɪtoʊ"  # an American t between vowels is a tap
    assert british.replace("ɾ", "t") == "təmˈɑːtəʊ"


@pytest.mark.parametrize(
    ("voice", "text"),
    [
        ("gmw/en-US", "Hello beautiful world thinking about measures and joyful church"),
        ("gmw/en", "Hello beautiful world thinking about measures and joyful church"),
        ("gmw/de", "Schöne Grüße aus München zwischen Äpfeln und Häusern"),
        ("roa/fr", "Bonjour tout le monde un bon vin blanc agneau"),
        ("roa/es", "Buenos días niño perro calle jamón"),
        ("roa/it", "Buongiorno gli gnocchi della zia"),
        ("gmw/nl", "Goedemorgen schoon huis nieuw vrouw"),
    ],
)
def test_what_a_voice_says_can_be_asked_of_it(voice: str, text: str) -> None:
    for word in text.split():
        heard = said(word, voice)
        assert said("x", voice, (0, 1, heard)) == heard, word


def test_a_pronunciation_has_its_word_s_time() -> None:
    text = 'I say "tomato" [[now]], and New York (tomato).'
    first, york, second = text.index("tomato"), text.index("New"), text.rindex("tomato")
    sounds = ((first, first + 6, "təˈmɑːtəʊ"), (york, york + 8, "nuː ˈjɔːk"), (second, second + 6, "təˈmeɪtoʊ"))
    sound, marks = engine().speak(text, Manner("gmw/en-US"), sounds)
    spans = {word: (start, end) for word, start, end in word_spans(text, times.edges(text, marks, len(sound) // 2))}
    assert list(spans) == text.split()
    assert 350 < spans['"tomato"'][1] - spans['"tomato"'][0] < 800
    assert 350 < spans["(tomato)."][1] - spans["(tomato)."][0] < 800
    assert 250 < spans["York"][1] - spans["New"][0] < 900
    assert spans["New"][1] <= spans["York"][0]
    assert spans["[[now]],"][1] - spans["[[now]],"][0] > 150


def test_brackets_in_a_text_are_read_as_text() -> None:
    assert said("[[k]] a", "gmw/en-US") == said("((k)) a", "gmw/en-US")
    assert said("[[k]] a", "gmw/en-US", (6, 7, "ɑː")).startswith(said("((k))", "gmw/en-US")[:3])


def test_what_is_no_pronunciation_is_an_error() -> None:
    with pytest.raises(EngineError, match="no sound for '7'"):
        said("tomato", "gmw/en-US", (0, 6, "t7"))


def test_a_voice_that_is_not_there_is_still_named() -> None:
    with pytest.raises(EngineError, match="no voice 'xx/yy'"):
        said("tomato", "xx/yy", (0, 6, "tə"))
