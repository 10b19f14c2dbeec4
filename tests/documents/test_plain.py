# ruff: noqa: RUF001 - the letters and marks of many languages are the point
from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.documents.plain import glue, paragraphs

WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=80)
BROWN = "The quick brown fox jumped over the lazy dog and then it ran away into the forest, where it lived ever after."


@given(st.text())
def test_only_white_space_and_rules_are_lost(text: str) -> None:
    rules = re.compile(r"^[\s\-=*_~#·•⁂—–]+$", re.MULTILINE)
    kept = "".join(rules.sub("", paragraphs(text)).split())
    assert kept == "".join(rules.sub("", "\n".join(line.strip() for line in text.split("\n"))).split())


@given(st.text())
def test_no_line_has_white_space_around_it(text: str) -> None:
    assert all(line == line.strip() for line in paragraphs(text).split("\n"))
    assert "\n\n\n" not in paragraphs(text)


@given(st.lists(WORDS.map(" ".join), min_size=1, max_size=5), st.integers(46, 110))
def test_wrapped_paragraphs_become_one_line_each(bodies: list[str], width: int) -> None:
    wrapped = "\n\n".join("\n".join(textwrap.wrap(body, width)) for body in bodies)
    assert paragraphs(wrapped) == "\n\n".join(bodies)


@given(st.lists(WORDS.map(" ".join), max_size=6))
def test_one_paragraph_a_line_stays(bodies: list[str]) -> None:
    text = "\n".join([f"{BROWN} {BROWN}", *bodies])
    assert paragraphs(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.",
        "Shopping list\n- milk and a rather long remark about its price and origin\n- eggs\n- bread",
        "1. one is a rather long line of forty characters\n2. two\n3. three",
        "12 Long Street\nSome Town\nSome Land",
    ],
)
def test_verse_lists_and_addresses_keep_their_lines(text: str) -> None:
    assert paragraphs(text) == text


def test_an_endless_line_elsewhere_does_not_hide_the_wraps() -> None:
    wrapped = textwrap.fill(BROWN, 60)
    assert paragraphs(f"{wrapped}\n\nhttps://example.org/{'x' * 200}").split("\n")[0] == BROWN


def test_an_indented_line_begins_a_paragraph() -> None:
    text = textwrap.fill(BROWN, 60, initial_indent="  ")
    assert paragraphs(f"{text}\n{text}") == f"{BROWN}\n{BROWN}"


def test_chinese_wraps_are_joined_without_a_space() -> None:
    text = "他走进茶馆，坐在靠窗的位置上，要了一壶龙井茶，慢慢地\n喝着。外面下着雨，街上没有什么人。\n他想起了很多事。"
    assert paragraphs(text) == text.replace("慢慢地\n", "慢慢地")


@pytest.mark.parametrize("rule", ["---", "* * *", "=====", "•••", "———"])
def test_a_drawn_rule_is_not_spoken(rule: str) -> None:
    assert paragraphs(f"one\n{rule}\ntwo") == "one\n\ntwo"


@pytest.mark.parametrize("line", ["...", "--", "-", "«»", "a---b"])
def test_what_is_no_rule_stays(line: str) -> None:
    assert paragraphs(f"one\n{line}\ntwo") == f"one\n{line}\ntwo"


def test_spaces_inside_a_line_stay() -> None:
    assert paragraphs("  one  two\u00a0three\tfour  ") == "one  two\u00a0three\tfour"


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        ("one", "two", " "),
        ("中", "文", ""),
        ("中", "word", " "),
        ("word", "中", " "),
        ("好。”", "他", ""),
        ("中", "“文”", ""),
        ("“one”", "two", " "),
        ("한국", "말", " "),
        ("ไทย", "ไทย", ""),
        ("light-", "house", ""),
        ("Haus-", "und Hofarbeit", " "),
        ("Anglo-", "Saxon", " "),
        (" -", "x", " "),
        ("", "x", ""),
        ("x", "", ""),
    ],
)
def test_glue(before: str, after: str, between: str) -> None:
    assert glue(before, after) == between


def test_a_megabyte_in_one_pass() -> None:
    assert len(paragraphs((textwrap.fill(BROWN, 60) + "\n") * 10_000)) > 1_000_000
