from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner import ssml, tags
from aligner.documents import markdown, tagged
from aligner.documents.readers import parse
from aligner.errors import DocumentError

if TYPE_CHECKING:
    from aligner.model import Document

DIALOGUE = """<?xml version="1.0"?>
<speak version="1.1" xml:lang="de-AT">
<p>
First line of text
that wraps &amp; goes on. <break time="1s"/> Then <phoneme alphabet="ipa" ph="x">tomato</phoneme> ends.
</p>
<break strength="strong"/>
<p>Second <prosody rate="slow">paragraph AT&T 3 < 4</prosody></p>

Third.
</speak>
"""


def document(text: str, name: str = "a.ssml") -> Document:
    return parse(text.encode(), name, ssml=True)


def written(found: Document) -> str:
    return tags.write(found.text, found.markup)


def test_no_tag_is_in_the_text() -> None:
    found = document(DIALOGUE)
    assert found.text == (
        "First line of text that wraps & goes on. Then tomato ends.\n\nSecond paragraph AT&T 3 < 4\n\nThird."
    )
    assert (found.ssml, found.language) == (True, "de-AT")


def test_the_tags_stand_where_they_stood() -> None:
    assert written(document(DIALOGUE)) == (
        '<speak version="1.1" xml:lang="de-AT"><p>First line of text that wraps &amp; goes on. <break time="1s"/>Then '
        '<phoneme alphabet="ipa" ph="x">tomato</phoneme> ends.</p><break strength="strong"/>\n\n'
        '<p>Second <prosody rate="slow">paragraph AT&amp;T 3 &lt; 4</prosody></p>\n\nThird.</speak>'
    )


def test_markdown_keeps_its_marks_out_and_the_tags_in() -> None:
    found = document(
        "# A title <break/> here\n\nSome *text* <emphasis>here</emphasis> &lt;b&gt; & more.\n\n"
        '<speak>\n\n- one\n- <sub alias="x">two</sub>\n\n```\ncode <sub alias="q">d</sub>\n```\n\nThe end.\n</speak>\n',
        "a.md",
    )
    assert found.text == "A title here\n\nSome text here <b> & more.\n\none\ntwo\n\nThe end."
    assert [found.text[start:stop] for start, stop in found.headings] == ["A title here"]
    assert written(found) == (
        "A title <break/>here\n\nSome text <emphasis>here</emphasis> &lt;b> &amp; more.\n\n"
        '<speak>one\n<sub alias="x">two</sub>\n\nThe end.</speak>'
    )


def test_a_tag_whose_other_half_is_dropped_is_dropped() -> None:
    found = document("A word.\n\n```\ncode <prosody rate='slow'>\n```\n\nThe rest.</prosody>\n", "a.md")
    assert (found.text, found.markup) == ("A word.\n\nThe rest.", ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello\n<prosody>\nx <prosody>d</prosody>", "a.ssml, line 2: <prosody> is never closed; write </prosody>"),
        ("---\nvoice: de\n---\nHi\nyou </p>", "a.ssml, line 5: </p> closes nothing"),
        ("a\nb\nc <break time=1/>", "a.ssml, line 3: a tag is malformed"),
        ("<!DOCTYPE speak>Hello", "a.ssml, line 1: declarations are not read"),
        ("<speak>Hello <sub alias='x'>w", "line 1: <speak> is never closed"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(said)) as caught:
        document(text)
    assert caught.value.mend


def test_a_line_of_chinese_is_joined_without_a_space_across_a_tag() -> None:
    assert document("<speak>你好<break/>\n世界。</speak>").text == "你好世界。"


def test_control_characters_written_as_numbers_are_dropped_too() -> None:
    assert document("<speak>one &#x202e;two</speak>").text == "one two"


def test_a_language_that_is_none_is_not_taken() -> None:
    assert document('<speak xml:lang="english please">The words of it.</speak>').language == "en"


def test_the_suffix_says_that_there_are_tags_and_the_front_matter_has_the_last_word() -> None:
    assert parse(b"---\nssml: true\n---\nHello <break/>there.", "a.txt").text == "Hello there."
    plain = parse(b"---\nssml: false\n---\nHello <break/>there.", "a.txt", ssml=True)
    assert (plain.text, plain.ssml, plain.markup) == ("Hello <break/>there.", False, ())


PIECES = (
    "word ",
    "two\n",
    "\n\n",
    "- x\n",
    "&amp; ",
    "&lt;i> ",
    "<break/>",
    "<p>",
    "</p>",
    "<s> a </s>",
    "*b* ",
    "<3 ",
)


@given(st.lists(st.sampled_from(PIECES)), st.booleans())
def test_any_mixture_keeps_its_letters_and_its_nesting(pieces: list[str], as_markdown: bool) -> None:  # noqa: FBT001 - drawn
    body = "".join(pieces)
    opened = body.count("<p>") - body.count("</p>")
    body += "</p>" * max(opened, 0)
    lay = markdown.paragraphs if as_markdown else tagged.paragraphs
    try:
        lifted = tagged.lift(body, "a", 1, lay)
    except DocumentError:
        return  # a </p> before its <p>
    assert "<p>" not in lifted.text
    assert not re.search("[\ufdd0-\ufdef]", lifted.text)
    assert lifted.text == lifted.text.strip()
    again = ssml.Reader().feed(tags.write(lifted.text, lifted.markup))
    assert again.text == lifted.text
    assert [tag.position for tag in again.tags] == [tag.place for tag in lifted.markup]
    if not as_markdown:
        letters = ssml.Reader().feed(body).text
        assert "".join(lifted.text.split()) == "".join(letters.split())
        assert len(lifted.markup) == len(ssml.Reader().feed(body).tags)


@given(st.text(alphabet="ab c\n\t.", max_size=60))
def test_without_tags_blank_lines_part_and_line_ends_do_not(text: str) -> None:
    found, _ = tagged.paragraphs(text)
    assert found.split() == text.split()
    assert "\n\n\n" not in found
    assert "\n" not in found.replace("\n\n", "")
