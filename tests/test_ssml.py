from __future__ import annotations

import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aligner import ssml
from aligner.errors import MarkupError
from aligner.ssml import Marked, Reader, Tag

# What may stand in a text, whole: no split inside one of these.
WHOLES = st.sampled_from([
    "Hello", " ", "a < b", "AT&T", "I <3 you", "&amp;", "&lt;p&gt;", "&#65;", "&#x1F600;", "<p>", "</p>", "\n", "é",
    '<break time="1s"/>', "<s>", "</s>", "<prosody rate='slow'>", "</prosody>", "<b>", "</b>", "<!-- <p> -->", "&",
    "<![CDATA[a < b]]>", '<phoneme ph="a>b">', "</phoneme>", "<amazon:effect name='x'>", "p<s and q>r", "&nbsp;",
    ">", "<",
])  # fmt: skip
# And what an attacker sends.
PIECES = st.sampled_from([
    "<", ">", "</", "/>", "<p", "<break", " time=", '"', "'", "1s", "<!", "<!--", "-->", "<![CDATA[", "]]>",
    "<!DOCTYPE", "<!ENTITY x 'y'>", "<?xml", "?>", "<?php", "&", "&#", "&#x", ";", "&amp;", "x", " ", "<p>", "</p>",
    "\ud800", "\0", "<metadata>", "</metadata>", "<speak", "<a:b", "xmlns:a='b'", "=",
])  # fmt: skip


def read(text: str) -> Marked:
    return Reader().feed(text)


def spoken(text: str) -> str:
    return read(text).text


def refusal(*pieces: str) -> MarkupError:
    reader = Reader()
    with pytest.raises(MarkupError) as raised:
        list(map(reader.feed, pieces))
    return raised.value


@given(st.text(st.characters(exclude_characters="<&")))
def test_text_without_signs_is_unchanged(text: str) -> None:
    assert read(text) == Marked(text)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
@example("<p" * 100 + ">")
def test_escaped_text_survives(text: str) -> None:
    assert read(ssml.escape(text)) == Marked(text)


@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30))
@example(["<p x='", "\ud800", "'/>"])
@example(["<", "\x00", "p>"])
def test_whatever_is_sent_is_read_or_refused(pieces: list[str]) -> None:
    reader = Reader()
    for piece in pieces:
        try:
            marked = reader.feed(piece)
        except MarkupError as error:
            told = error
            assert all((told.problem, told.mend, told.place.startswith("line ")))
            return
        places = [tag.position for tag in marked.tags]
        assert places == sorted(places)
        assert all(0 <= place <= len(marked.text) for place in places)


def everything(pieces: list[str]) -> tuple[str, list[tuple[int, str]]] | None:
    """The plain text and the tags with their places in it, or nothing where the text is refused."""
    reader, text, tags = Reader(), "", []
    try:
        for piece in pieces:
            marked = reader.feed(piece)
            tags += [(len(text) + tag.position, tag.source) for tag in marked.tags]
            text += marked.text
    except MarkupError:
        return None
    return text, tags


@given(st.lists(WHOLES, max_size=20))
def test_a_text_may_be_split_anywhere_outside_its_tags(pieces: list[str]) -> None:
    whole, split = everything(["".join(pieces)]), everything(pieces)
    # Together, two pieces may be more than each alone ("<" and "s>"): then both ways refuse, or the split one does.
    assert split in (whole, None)


@given(st.text(st.characters(exclude_characters="<&")), st.integers(0, 200))
def test_a_plain_text_may_be_split_inside_its_words(text: str, place: int) -> None:
    assert everything([text[:place], text[place:]]) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        "AT&T",
        "a < b",
        "I <3 you",
        "p<s and q>r",
        "x <= y && y >= x",
        "<>",
        "< p>",
        "<-- here",
        "<br",
        "if a<b then",
        "&nbsp; &bogus; &; &#; &#xg;",
        "<brea k",
        "1 <2> 3",
        "<!>",
        "<?>",
        "</ p>",
        "<b oh='no>",
        "<a b>",
    ],
)
def test_what_is_no_markup_is_text(text: str) -> None:
    assert read(text) == Marked(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("&amp;&lt;&gt;&quot;&apos;", "&<>\"'"),
        ("&#65;&#x42;&#x1F600;", "AB😀"),
        ("&amp;lt;", "&lt;"),
        ("&lt;break/&gt;", "<break/>"),
        ("a<!-- <p> & -->b", "ab"),
        ("a<![CDATA[<p>&amp;]]>b", "a<p>&amp;b"),
        ('<?xml version="1.0"?>\n<speak>Hi</speak>', "\nHi"),
        ("<b>bold</b> <br/><amazon:effect name='whispered'>low</amazon:effect>", "bold low"),
        ("<metadata><x>a</x><p>b</p></metadata>c", "c"),
        ("<audio src='bell.wav'>ding<desc>a bell</desc></audio>", "ding"),
    ],
)
def test_markup_is_gone_and_characters_are_themselves(text: str, plain: str) -> None:
    assert spoken(text) == plain


def test_a_tag_has_its_place_in_the_plain_text() -> None:
    marked = read("a&amp;<p xml:lang='en'>b<break time=\"1s\"/></p>")
    assert marked == Marked(
        "a&b",
        (
            Tag(2, "p", {"xml:lang": "en"}, "open", "<p xml:lang='en'>"),
            Tag(3, "break", {"time": "1s"}, "empty", '<break time="1s"/>'),
            Tag(3, "p", {}, "close", "</p>"),
        ),
    )


def test_attributes_are_decoded_and_may_hold_a_bracket() -> None:
    (tag,) = read('<sub alias="AT&amp;T > &#65;" amazon:x="1"/>').tags
    assert tag.attributes == {"alias": "AT&T > A", "amazon:x": "1"}


def test_tags_and_elements_of_the_silent_are_not_told() -> None:
    marked = read("<p><metadata><break/></metadata><meta name='x'/></p>")
    assert [tag.source for tag in marked.tags] == ["<p>", "</p>"]


def test_tags_can_be_sent_to_another_process() -> None:
    marked = read("<p x='1'>a</p>")
    assert pickle.loads(pickle.dumps(marked)) == marked  # noqa: S301 - our own bytes


def test_elements_stay_open_over_the_pieces_of_a_text() -> None:
    reader = Reader()
    reader.feed("<speak><p>one ")
    assert [tag.name for tag in reader.open_elements] == ["speak", "p"]
    assert reader.feed("two</p> ").text == "two "
    assert [tag.name for tag in reader.open_elements] == ["speak"]
    reader.feed("</speak>")
    assert reader.open_elements == ()


def test_silence_lasts_over_the_pieces_of_a_text() -> None:
    reader = Reader()
    assert [reader.feed(piece).text for piece in ("a<metadata>b", "c", "d</metadata>e")] == ["a", "", "e"]


@pytest.mark.parametrize(
    "pieces",
    [
        ('<break time="1s',),
        ("<break", ' time="1s"/>'),
        ("a <", "break/>"),
        ("<br", "ea", "k/>"),
        ("</", "p>"),
        ("<p", ">"),
        ("x<s", " xml:lang='en'>"),
        ("&", "amp;"),
        ("&#6", "5;"),
        ("<", "!-- no -->"),
        ("<!-- never closed",),
        ("<![CDATA[never closed",),
    ],
)
def test_a_tag_that_is_cut_by_a_message_is_refused(pieces: tuple[str, ...]) -> None:
    error = refusal(*pieces)
    assert "cut in two" in error.problem or "no end" in error.problem
    assert "message" in error.mend or "close it" in error.mend


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><p>&lol2;</p>', "declarations are not read"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd">', "declarations are not read"),
        ('<!ENTITY x SYSTEM "http://example.org/">', "declarations are not read"),
        ("<![INCLUDE[x]]>", "declarations are not read"),
        ("<?php echo 1 ?>", "processing instructions are not read"),
        ("a<?xml version='1.0'?>", "processing instructions are not read"),
        ("<break time=1/>", "malformed"),
        ("<p a='1' a='2'>", "malformed"),
        ("<break time='&xxe;'/>", "malformed"),
        ("<break <p>", "no end"),
        ("</p >x</p>", "closes nothing"),
        ("<p></s>", "closes nothing"),
        ("</break x>", "malformed"),
        ("&#0;", "is no character"),
        ("&#xD800;", "is no character"),
        ("&#x7FFFFFFF;", "is no character"),
        ("<p>" * 65, "more than 64"),
        (f"<sub alias='{'x' * 1001}'/>", "1001 characters"),
        (f"<p {'x' * 5000}='1'>", "no end"),
    ],
)
def test_hostile_and_malformed_markup_is_refused(text: str, problem: str) -> None:
    assert problem in refusal(text).problem


def test_an_error_names_the_line_over_all_pieces() -> None:
    reader = Reader(line=10)
    reader.feed("one\ntwo\n")
    with pytest.raises(MarkupError, match="line 13: </p> closes nothing") as raised:
        reader.feed("\n</p>")
    assert raised.value.mend == "remove it, or open it before"


@pytest.mark.parametrize("piece", ["<", "<p ", '<a "', "&#", "<!", "<s" + " " * 50, "<a b>", "<b>"])
def test_a_flood_of_signs_is_read_in_one_pass(piece: str) -> None:
    # A quadratic pass would take minutes here.
    flood = piece * (200_000 // len(piece))
    assert len(spoken(flood)) in (len(flood), 0)


def written(marked: Marked) -> str:
    """A marked text written out again."""
    parts, place = [], 0
    for tag in marked.tags:
        parts += [ssml.escape(marked.text[place : tag.position]), tag.source]
        place = tag.position
    return "".join([*parts, ssml.escape(marked.text[place:])])


@given(st.lists(WHOLES, max_size=20).map("".join))
@example("a &lt;p&gt; <p>b<!-- c --></p><metadata>d</metadata><b>e</b>")
def test_what_is_read_can_be_written_and_read_again(text: str) -> None:
    try:
        marked = read(text)
    except MarkupError:
        return
    assert read(written(marked)) == marked


@pytest.mark.parametrize("name", sorted(ssml.ELEMENTS - ssml.SILENT))
def test_every_element_is_known_in_every_form(name: str) -> None:
    forms = (f"<{name}/>", f"<{name} />", f"<{name} x='1'/>", f"<{name}\n>", f"</{name} >")
    assert [(tag.source, tag.name) for tag in read("".join(forms)).tags] == [(form, name) for form in forms]


@pytest.mark.parametrize("name", sorted(ssml.SILENT))
def test_every_silent_element_is_dropped_with_its_text(name: str) -> None:
    assert read(f"a<{name} x='1'>b<p>c</p></{name}>d<{name}/>") == Marked("ad")


def test_a_tag_of_another_language_that_is_too_long_to_be_read_is_text() -> None:
    tag = f"<b x='{'x' * ssml.LONGEST_TAG}'>"
    assert spoken(tag) == tag
