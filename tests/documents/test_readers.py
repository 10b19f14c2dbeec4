from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.documents import readers
from aligner.documents.segments import cut
from aligner.errors import DocumentError
from aligner.model import Document, FrontMatter

SAMPLES = Path(__file__).parents[2] / "samples"


@given(st.one_of(st.binary(), st.text().map(str.encode)), st.sampled_from(["a.txt", "a.md", "-"]))
def test_any_bytes_are_a_sound_document_or_a_document_error(data: bytes, name: str) -> None:
    try:
        document = readers.parse(data, name, "en")
    except DocumentError as error:
        assert error.place.startswith(name)  # noqa: PT017 - most bytes raise
    else:
        text = document.text
        assert text == text.strip()
        assert any(char.isalnum() for char in text)
        assert all(char.isprintable() or char.isspace() or not char.isascii() for char in text)
        assert "\r" not in text


def test_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.TXT"
    path.write_bytes("\ufeffHé “there”.\r\n\r\nBye\u00a0now.\r\n".encode())
    assert readers.read(path, "sub/a.TXT", "fr") == Document("sub/a.TXT", "Hé “there”.\n\nBye\u00a0now.", "fr")


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "A.MD"])
def test_a_markdown_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("# Hi\n\n*there*\n")
    document = readers.read(path)
    assert (document.text, document.headings, document.language) == ("Hi\n\nthere", ((0, 2),), "en")
    assert document.source == path.as_posix()


def test_the_name_given_does_not_change_the_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Hi")
    assert readers.read(path, "other").text == "Hi"


def test_standard_input_is_plain_text() -> None:
    assert readers.parse(b"# not a heading\n", "-").text == "# not a heading"


def test_front_matter_wins_over_the_setting_and_the_setting_over_the_text() -> None:
    matter = b"---\nlanguage: de\nvoice: v\n---\nHello.\n"
    assert readers.parse(matter, "a.txt", "fr").language == "de"
    assert readers.parse(matter, "a.txt", "fr").front_matter == FrontMatter(voice="v", language="de")
    assert readers.parse("你好".encode(), "a.txt", "fr").language == "fr"
    assert readers.parse("你好".encode(), "a.txt").language == "zh"


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "only white space"),
        ("\u3000\u00a0".encode(), "only white space"),
        (b"?! ... !!", "only punctuation"),
        (b"---\nvoice: x\n---\n", "nothing that can be spoken"),
        (b"\x00\x01", "binary"),
        (b"caf\xe9", "not valid UTF-8"),
        (b"x" * 1_000_000, "without a space"),
    ],
)
def test_what_cannot_be_spoken(name: str, data: bytes, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem) as caught:
        readers.parse(data, name)
    assert caught.value.place.startswith(name)
    assert caught.value.mend


def test_only_code_is_nothing_to_speak() -> None:
    with pytest.raises(DocumentError, match="code"):
        readers.parse(b"```\ncode\n```\n", "a.md")


def test_an_endless_word_is_named_with_its_line() -> None:
    data = b"---\nvoice: x\n---\none\n\n" + b"ab" * 501
    with pytest.raises(DocumentError) as caught:
        readers.parse(data, "a.txt")
    assert caught.value.place == "a.txt, line 6"


def test_a_thousand_characters_are_still_a_word_and_an_address_that_is_not_spoken_does_not_count() -> None:
    assert len(readers.parse(b"x" * 1_000, "a.txt").text) == 1_000
    assert readers.parse(b"![pic](data:" + b"x" * 5_000 + b")", "a.md").text == "pic"


@pytest.mark.parametrize("script", ["中", "。", "あ", "ไ", "ກ", "ក", "က", "𠀀"])
def test_scripts_without_spaces_have_no_longest_word(script: str) -> None:
    assert readers.parse(("字" + script * 3_000).encode(), "a.txt").text == "字" + script * 3_000


def test_a_document_larger_than_the_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(readers, "MAX_BYTES", 2**20)
    path = tmp_path / "a.txt"
    path.write_bytes(b"word " * 2**18)
    with pytest.raises(DocumentError, match="larger than 1 MiB"):
        readers.read(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        readers.read(tmp_path / "a.txt")
    with pytest.raises(DocumentError, match="a folder"):
        readers.read(tmp_path)
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(DocumentError, match="a folder"):
        readers.read(tmp_path / "folder.txt")


@pytest.mark.parametrize("name", ["a.pdf", "a", ".txt"])
def test_unknown_kinds_name_what_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match=r"what is read: \.markdown, \.md, \.ssml, \.txt"):
        readers.read(tmp_path / name)


@pytest.mark.parametrize(
    ("error", "words"),
    [(PermissionError(13, "denied"), "no right"), (OSError(5, "Input/output error"), "Input/output error")],
)
def test_a_disk_that_refuses(error: OSError, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DocumentError, match=words) as caught:
        readers.read(tmp_path / "a.txt", "a.txt")
    assert caught.value.place == "a.txt"


@pytest.mark.parametrize(
    ("name", "language", "headings"),
    [
        ("lighthouse.md", "en", 4),
        ("engineering-notes.txt", "en", 0),
        ("der-uhrmacher.md", "de", 4),
        ("chaguan.txt", "zh", 0),
    ],
)
def test_the_samples(name: str, language: str, headings: int) -> None:
    document = readers.read(SAMPLES / name, name)
    assert (document.source, document.language, len(document.headings)) == (name, language, headings)
    assert len(document.text) > 900
    assert "".join(segment.text for segment in cut(document.text, document.language)) == document.text
