from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.documents.decoding import clean, decode
from aligner.errors import DocumentError

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\ufeff")).map("a".__add__)


@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_every_unicode_encoding_reads_the_same(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_the_mark_tells_the_byte_order(encoding: str) -> None:
    assert decode("\ufeffHé 😀".encode(encoding), "a.txt") == "Hé 😀"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u0085", "\u2028"])
def test_every_line_end_is_a_line_feed(end: str) -> None:
    assert decode(f"one{end}two{end}{end}three".encode(), "a.txt") == "one\ntwo\n\nthree"


@given(st.text())
def test_clean_text_has_no_control_characters(text: str) -> None:
    assert all(unicodedata.category(char) != "Cc" or char in "\n\t" for char in clean(text))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Cf"], exclude_characters="\u2029")))
def test_what_can_be_seen_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x01",
        "\x1b",
        "\x7f",
        "\x80",
        "\x9f",
        "\ufeff",
        "\u202e",
        "\u2066",
        "\ufdd0",
        "\uffff",
        "\U0010fffe",
        "\ud800",
    ],
)
def test_what_no_player_should_see_goes(char: str) -> None:
    assert clean(f"a{char}b") == "ab"


@pytest.mark.parametrize("char", ["\u200e", "\u200f", "\u00ad", "\u200d", "\u00a0", "\ufffd", "\t", "\u2060"])
def test_marks_that_shape_a_text_stay(char: str) -> None:
    assert clean(f"a{char}b") == f"a{char}b"


@pytest.mark.parametrize("char", ["\f", "\v", "\u2029"])
def test_a_page_end_is_a_paragraph_end(char: str) -> None:
    assert clean(f"a{char}b") == "a\n\nb"


def test_a_wrong_encoding_names_line_and_byte_and_the_likely_one() -> None:
    with pytest.raises(DocumentError) as caught:
        decode("one\r\ntwo café\n".encode("cp1252"), "notes.txt")
    assert caught.value.place == "notes.txt, line 2"
    assert "0xe9 at offset 12" in caught.value.problem
    assert "UTF-8" in caught.value.mend
    assert "Windows-1252" in caught.value.mend


def test_no_encoding_is_guessed_where_none_fits() -> None:
    with pytest.raises(DocumentError) as caught:
        decode(b"ok\nok \xff\x81 x", "notes.txt")
    assert caught.value.place == "notes.txt, line 2"
    assert "1252" not in caught.value.mend


def test_half_a_character_of_utf_16() -> None:
    with pytest.raises(DocumentError, match=r"line 2: not valid UTF-16-LE"):
        decode(b"\xff\xfe" + "a\nb".encode("utf-16-le") + b"\x00", "a.txt")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%abc", "a PDF"),
        (b"PK\x03\x04\x14", "a zip archive"),
        (b"{\\rtf1 hello}", "rich text"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x00p\x00l\x00a\x00i\x00n", "binary data"),
        (b"\x01\x02\x03\x04 words", "binary data"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(DocumentError, match=kind) as caught:
        decode(data, "a.txt")
    assert caught.value.place == "a.txt"
    assert caught.value.mend


def test_a_stray_control_character_does_not_make_a_text_binary() -> None:
    assert decode(b"words " * 100 + b"\x08", "a.txt").endswith("\x08")
