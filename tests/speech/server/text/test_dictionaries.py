from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import UsageError
from aligner.speech.refusals import Refused
from aligner.speech.server.text import dictionaries
from aligner.speech.server.text.dictionaries import Dictionary
from aligner.speech.server.text.lexicon import Rule
from aligner.speech.server.text.passage import Delivery, Note, Passage

if TYPE_CHECKING:
    from pathlib import Path

LETTERS = st.text("abAB é中-' ", max_size=30)
RULES = st.builds(
    Rule,
    st.text("abAB é中-", min_size=1, max_size=4),
    said=st.just("x"),
    cased=st.booleans(),
    whole_words=st.booleans(),
)


def of(*rules: Rule, name: str = "d") -> Dictionary:
    return Dictionary(name, "v1", rules)


def alias(written: str, said: str) -> Rule:
    return Rule(written, said=said)


def shown(text: str, *chosen: Dictionary) -> str:
    """What is said, the replaced stretches in brackets."""
    passage = dictionaries.apply(Passage(text), chosen)
    said, place = "", 0
    for note in passage.notes:
        said += f"{text[place : note.start]}[{note.said or note.ipa}]"
        place = note.stop
    return said + text[place:]


def slowly(text: str, rules: list[Rule]) -> list[tuple[int, int]]:
    """The same by trying every rule at every place."""
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(text):
        stops = [place + len(rule.written) for rule in rules if _matches(text, place, rule)]
        if stops:
            found.append((place, stops[0]))
        place = stops[0] if stops else place + 1
    return found


def _matches(text: str, place: int, rule: Rule) -> bool:
    stop = place + len(rule.written)
    there, wanted = text[place:stop], rule.written
    if there != wanted and (rule.cased or there.lower() != wanted.lower()):
        return False
    joined = [(text[at - 1 : at] + text[at : at + 1]) for at in (place, stop)]
    return not rule.whole_words or not any(len(pair) == 2 and all(c in "abABé" for c in pair) for pair in joined)


@given(LETTERS, st.lists(RULES, max_size=8))
def test_what_is_found_is_what_trying_every_rule_finds(text: str, rules: list[Rule]) -> None:
    passage = dictionaries.apply(Passage(text), (of(*rules),))
    assert passage.text == text
    assert [(note.start, note.stop) for note in passage.notes] == slowly(text, rules)


@given(st.text(), st.lists(st.builds(Rule, st.text(min_size=1), said=st.text()), max_size=5))
def test_any_text_survives(text: str, rules: list[Rule]) -> None:
    passage = dictionaries.apply(Passage(text), (of(*rules),))
    assert passage.text == text
    assert all(note.start < note.stop <= len(text) and note.whole for note in passage.notes)


def test_aliases_and_pronunciations_become_notes() -> None:
    rules = of(alias("UN", "United Nations"), Rule("tomato", ipa="t@"))
    passage = dictionaries.apply(Passage("The UN eats tomato."), (rules,))
    assert passage.notes == (Note(4, 6, said="United Nations"), Note(12, 18, ipa="t@"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomato", "[x]"),
        ("Tomato TOMATO", "Tomato TOMATO"),
        ("tomatoes", "tomatoes"),
        ("stomato", "stomato"),
        ("tomato's (tomato), tomato-red", "[x]'s ([x]), [x]-red"),
        ("tomato1 1tomato tomato_", "tomato1 1tomato tomato_"),
        ("tomato\u0301", "tomato\u0301"),
        ("\u4e2dtomato\u4e2d", "\u4e2d[x]\u4e2d"),
    ],
)
def test_capitals_and_whole_words_count(text: str, said: str) -> None:
    assert shown(text, of(alias("tomato", "x"))) == said


def test_capitals_and_words_may_be_told_not_to_count() -> None:
    rules = of(Rule("Straße", said="s", cased=False), Rule("ing", said="i", whole_words=False))
    assert shown("STRAßE straße going", rules) == "[s] [s] go[i]"
    assert shown("İ straße", rules) == "İ [s]"


def test_a_rule_of_signs_matches_anywhere() -> None:
    assert shown("5€ & 7€ C++ C++x", of(alias("€", "euro"), alias("C++", "see plus plus"))) == (
        "5[euro] & 7[euro] [see plus plus] [see plus plus]x"
    )


def test_scripts_without_spaces_have_no_edges() -> None:
    assert shown("我在重庆吃饭。", of(alias("重庆", "chongqing"))) == "我在[chongqing]吃饭。"
    assert shown("서울에서", of(alias("서울", "Seoul"))) == "[Seoul]에서"
    assert shown("กรุงเทพมหานคร", of(alias("กรุงเทพ", "Bangkok"))) == "[Bangkok]มหานคร"


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert shown("cafe\u0301 caf\u00e9", of(alias("caf\u00e9", "x"))) == "[x] [x]"
    assert shown("cafe\u0301 caf\u00e9", of(alias("cafe\u0301", "x"))) == "[x] [x]"


def test_the_first_match_from_the_start_wins() -> None:
    assert shown("New York City", of(alias("York City", "a"), alias("New York", "b"))) == "[b] City"


def test_at_one_place_the_first_rule_wins_not_the_longest() -> None:
    assert shown("New York", of(alias("New", "a"), alias("New York", "b"))) == "[a] York"
    assert shown("New York", of(alias("New York", "b"), alias("New", "a"))) == "[b]"
    assert shown("New Yorkers", of(alias("New York", "b"), alias("New", "a"))) == "[a] Yorkers"


def test_dictionaries_come_in_the_order_of_the_client() -> None:
    one, other = of(alias("a", "1")), of(alias("b", "0"), alias("a", "2"))
    assert shown("a b", one, other) == "[1] [0]"
    assert shown("a b", other, one) == "[2] [0]"


def test_what_was_put_in_is_not_matched_again() -> None:
    assert shown("a b", of(alias("a", "b"), alias("b", "a"))) == "[b] [a]"


def test_what_ssml_says_stays_and_a_pause_is_not_jumped_over() -> None:
    notes = (Note(0, 8, delivery=Delivery(rate=2)), Note(4, 8, said="Jork"), Note(12, 12, pause=1))
    passage = Passage("New York New York New York", notes)
    found = dictionaries.apply(passage, (of(alias("New York", "x")),))
    assert found.notes == (*notes, Note(18, 26, said="x"))
    assert dictionaries.apply(passage, (of(alias("York", "y")),)).notes == (
        *notes,
        Note(13, 17, said="y"),
        Note(22, 26, said="y"),
    )


def test_without_dictionaries_or_rules_nothing_happens() -> None:
    passage = Passage("a", (Note(0, 0, pause=1),))
    assert dictionaries.apply(passage, ()) is passage
    assert dictionaries.apply(passage, (of(),)) is passage
    assert dictionaries.apply(Passage("", passage.notes), (of(alias("a", "b")),)).notes == passage.notes


def test_thousands_of_rules_cost_no_more_than_a_few() -> None:
    # Tried rule by rule at every place, this would be 2,000 million comparisons.
    many = of(*(alias(f"a{number}", "x") for number in range(20_000)), alias("aa", "y"))
    assert dictionaries.apply(Passage("aa " * 33_000), (many,)).notes[-1] == Note(98_997, 98_999, said="y")


def test_a_client_chooses_by_id_and_version_in_its_order() -> None:
    one, other = of(name="one"), of(name="other")
    known = {"one": one, "other": other}
    assert dictionaries.choose((), known) == ()
    assert dictionaries.choose([("other", None), ("one", "v1")], known) == (other, one)
    assert dictionaries.choose([("one", "")], known) == (one,)


@pytest.mark.parametrize(
    ("locator", "told"),
    [
        (("gone", None), "A pronunciation dictionary with id gone does not exist."),
        (("one", "v2"), "The pronunciation dictionary one has no version v2."),
    ],
)
def test_an_unknown_dictionary_or_version_is_refused(locator: tuple[str, str | None], told: str) -> None:
    with pytest.raises(Refused) as raised:
        dictionaries.choose([locator], {"one": of(name="one")})
    assert (raised.value.refusal.error, raised.value.refusal.message) == (dictionaries.ERROR, told)


JSON = '{"rules": [{"type": "alias", "string_to_replace": "a", "alias": "b"}]}'
PLS = "<lexicon><lexeme><grapheme>c</grapheme><alias>d</alias></lexeme></lexicon>"


def test_files_and_folders_are_loaded_by_id(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "one.JSON").write_text(JSON, encoding="utf-8")
    (tmp_path / "folder" / "two.pls").write_text(PLS, encoding="utf-8")
    (tmp_path / "folder" / "notes.txt").write_text("not this", encoding="utf-8")
    (tmp_path / "three.xml").write_text(PLS, encoding="utf-8")
    known = dictionaries.load([tmp_path / "folder", tmp_path / "three.xml"])
    assert list(known) == ["one", "two", "three"]
    assert shown("a c", *dictionaries.choose([("one", None), ("three", None)], known)) == "[b] [d]"
    assert dictionaries.load([]) == {}


def test_what_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(JSON, encoding="utf-8")
    (tmp_path / "one.pls").write_text(PLS, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"the dictionary 'one' is also in .*one.json; rename one of them"):
        dictionaries.load([tmp_path])
    with pytest.raises(UsageError, match=r"empty: the folder holds no pronunciation dictionary; names end with .pls"):
        dictionaries.load([tmp_path / "empty"])
    with pytest.raises(UsageError, match=r"x\.txt: this is no pronunciation dictionary"):
        dictionaries.load([tmp_path / "x.txt"])
    with pytest.raises(UsageError, match=r"gone.pls: the dictionary cannot be read"):
        dictionaries.load([tmp_path / "gone.pls"])
