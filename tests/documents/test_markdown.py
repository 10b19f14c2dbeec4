from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.documents.markdown import paragraphs

BLOCKS = st.sampled_from([
    "# H\n", "text\n", "- item\n", "1. item\n", "> quote\n", "```\ncode\n```\n", "| a | b |\n|-|-|\n", "**b** _i_ `c`",
    "<div>\n", "<!-- c -->", "  \n", "\\\n", "&amp;", "[l](u)", "![a](u)", "\n\n", "    ",
])  # fmt: skip


def spoken(source: str) -> str:
    return paragraphs(textwrap.dedent(source))[0]


@given(st.one_of(st.text(), st.lists(BLOCKS, max_size=20).map("".join)))
def test_headings_lie_in_the_text_and_nothing_has_white_space_around_it(source: str) -> None:
    text, headings = paragraphs(source)
    assert all(line == line.strip() for line in text.split("\n"))
    assert "\n\n\n" not in text
    assert text == text.strip()
    assert all(0 <= first < stop <= len(text) for first, stop in headings)
    assert list(headings) == sorted(headings)
    for first, stop in headings:
        assert text[:first].endswith("\n") or first == 0
        assert text[stop : stop + 1] in ("", "\n")


@given(st.lists(st.text("abc XYZ,", min_size=1).map(str.split).map(" ".join).filter(bool), min_size=1))
def test_plain_paragraphs_stay_as_they_are(bodies: list[str]) -> None:
    text = "\n\n".join(bodies)
    assert paragraphs(text) == (text, ())


def test_headings_are_paragraphs_of_their_own() -> None:
    text, headings = paragraphs("# One *x*\ntext\n## Two ##\nThree\n=====\n\nFour\n")
    assert text == "One x\n\ntext\n\nTwo\n\nThree\n\nFour"
    assert [text[a:b] for a, b in headings] == ["One x", "Two", "Three"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("one\ntwo\n", "one two"),
        ("中文\n换行", "中文换行"),
        ("中文\n*换*行\n字", "中文换行字"),
        ("hard  \nbreak\\\nagain", "hard\nbreak\nagain"),
        ("line<br>break<BR/>again", "line\nbreak\nagain"),
        ("**bold** _it_ ~~gone~~ `co  de` x_y_z 2*3", "bold it gone co  de x_y_z 2*3"),
        ("[text](http://x.org 'title') <https://x.org> [ref][r]\n\n[r]: http://y.org", "text https://x.org ref"),
        ("![a *b*](i.png) and ![](x.png)", "a b and"),
        ("AT&amp;T &lt;3 &copy; &#x4e2d; \\*star\\*", "AT&T <3 © 中 *star*"),
        ("a <b>bold</b> <!-- not --> word", "a bold  word"),
        ("I <3 you, 5 < 6 > 4", "I <3 you, 5 < 6 > 4"),
        ("> quoted\n> text\n>\n> more", "quoted text\n\nmore"),
        ("one\n\n---\n\ntwo\n\n* * *", "one\n\ntwo"),
        ("text[^1] more[^note].\n\n[^1]: The note.\n[^note]: Other.", "text more.\n\nThe note. Other."),
        ("“quotes” stay -- and... dots", "“quotes” stay -- and... dots"),
    ],
)  # fmt: skip
def test_inline(source: str, text: str) -> None:
    assert paragraphs(source)[0] == text


def test_list_items_are_a_paragraph_each() -> None:
    source = """
        Before:
        - a
        - b
          wrapped
        - [ ] task
        - [x] done

        1. one

        2. two

           more

        After.
    """
    assert spoken(source) == "Before:\n\na\nb wrapped\ntask\ndone\n\none\n\ntwo\n\nmore\n\nAfter."


def test_a_heading_after_an_empty_item_stands_apart() -> None:
    assert spoken("- a\n-\n\n# H\n") == "a\n\nH"


def test_table_cells_row_by_row() -> None:
    source = """
        | Name | *Age* |
        |------|-------|
        | Ann  | 7     |
        | Bob  |       |
    """
    assert spoken(source) == "Name\nAge\n\nAnn\n7\n\nBob"


def test_code_and_html_blocks_are_not_spoken() -> None:
    source = """
        Before.

        ```python
        print("no")
        ```

            indented = code

        <div class="x">
        no
        </div>

        <!-- no
        no -->

        After.
    """
    assert spoken(source) == "Before.\n\nAfter."


def test_deep_quotations_lose_nothing() -> None:
    assert paragraphs("> " * 40 + "deep")[0] == "deep"
