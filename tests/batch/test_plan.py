from __future__ import annotations

import os
from pathlib import Path

import pytest

from aligner.batch.plan import formats, plan, writable
from aligner.errors import UsageError

OUT = Path("out")
ALL = ("json", "mp3")


def tree(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Hello.", encoding="utf-8")
    return folder


def planned(*inputs: Path | str, out: Path = OUT) -> dict[str, str]:
    """Source to its sound file, as the plan has them."""
    return {item.source: item.target.files["mp3"].as_posix() for item in plan(inputs, out, ALL)}


def test_a_file_goes_into_the_output_folder(tmp_path: Path) -> None:
    tree(tmp_path, "deep/talk.md")
    assert planned(tmp_path / "deep/talk.md") == {str(tmp_path / "deep/talk.md"): "out/talk.mp3"}


def test_a_folder_is_mirrored_hidden_and_foreign_files_are_left_alone(tmp_path: Path) -> None:
    tree(tmp_path, "b.txt", "a.md", "deep/er/c.markdown", ".hidden.txt", ".git/d.txt", "e.jpg")
    found = planned(tmp_path)
    assert list(found.values()) == ["out/a.mp3", "out/b.mp3", "out/deep/er/c.mp3"]


def test_a_pattern_is_mirrored_from_its_first_wildcard(tmp_path: Path) -> None:
    tree(tmp_path, "x/one/a.txt", "x/two/a.txt", "x/two/b.jpg")
    assert list(planned(f"{tmp_path}/x/*/a.*").values()) == ["out/one/a.mp3", "out/two/a.mp3"]
    assert list(planned(f"{tmp_path}/**/a.txt").values()) == ["out/x/one/a.mp3", "out/x/two/a.mp3"]


def test_a_name_with_wildcard_characters_is_a_file_first(tmp_path: Path) -> None:
    tree(tmp_path, "a[1].txt")
    assert list(planned(tmp_path / "a[1].txt").values()) == ["out/a[1].mp3"]


def test_dots_in_a_name_stay(tmp_path: Path) -> None:
    tree(tmp_path, "v1.2 notes.final.txt")
    assert list(planned(tmp_path).values()) == ["out/v1.2 notes.final.mp3"]


def test_standard_input_has_a_name_of_its_own() -> None:
    assert planned("-") == {"-": "out/stdin.mp3"}


def test_a_document_given_twice_is_done_once(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt")
    assert len(planned(tmp_path, tmp_path / "a.txt", f"{tmp_path}/*.txt")) == 1


def test_two_inputs_with_one_output_are_an_error_before_anything(tmp_path: Path) -> None:
    tree(tmp_path, "a.txt", "a.md")
    with pytest.raises(UsageError, match=r"a\.md and .*a\.txt would both write") as caught:
        planned(tmp_path)
    assert "out" in str(caught.value)


def test_a_folder_without_documents_is_an_error_that_says_what_documents_are(tmp_path: Path) -> None:
    tree(tmp_path, "a.jpg")
    with pytest.raises(UsageError, match=r"no documents found.*\.md") as caught:
        planned(tmp_path)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("name", ["missing.txt", "missing/folder"])
def test_a_missing_input_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no such file or folder") as caught:
        planned(tmp_path / name)
    assert name in str(caught.value)


def test_files_open_in_the_order_json_first_sound_last() -> None:
    assert formats(["mp3", "srt", "JSON", " vtt "]) == ("json", "srt", "vtt", "mp3")
    assert formats(["mp3", "mp3"]) == ("mp3",)


def test_an_unknown_format_gets_the_nearest_right_one() -> None:
    with pytest.raises(UsageError, match="did you mean srt"):
        formats(["strt"])
    with pytest.raises(UsageError, match="choose from json, mp3, srt, vtt"):
        formats(["xyz"])
    with pytest.raises(UsageError, match="no format"):
        formats([])


def test_the_output_folder_is_made(tmp_path: Path) -> None:
    writable(tmp_path / "a/b")
    assert (tmp_path / "a/b").is_dir()
    assert os.listdir(tmp_path / "a/b") == []  # noqa: PTH208 - also hidden ones


def test_an_output_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tree(tmp_path, "file")
    with pytest.raises(UsageError, match="--out") as caught:
        writable(tmp_path / "file")
    assert str(tmp_path / "file") in str(caught.value)
