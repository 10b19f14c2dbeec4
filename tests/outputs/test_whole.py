from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import OutputError
from aligner.outputs.whole import open_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_half(path: Path, error: BaseException) -> None:
    with open_whole(path) as file:
        file.write(b"half")
        raise error


@given(st.lists(st.binary(max_size=100)))
def test_what_is_written_is_there(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("out") / "a.mp3"
    with open_whole(path) as file:
        for piece in pieces:
            file.write(piece)
        assert not path.exists()
    assert path.read_bytes() == b"".join(pieces)
    assert names(path.parent) == ["a.mp3"]


def test_it_can_be_read_and_written_over_before_it_appears(tmp_path: Path) -> None:
    with open_whole(tmp_path / "a.mp3") as file:
        file.write(b"0000tail")
        file.seek(0)
        file.write(b"head")
        file.seek(2)
        assert file.read() == b"adtail"
    assert (tmp_path / "a.mp3").read_bytes() == b"headtail"


def test_folders_above_are_made(tmp_path: Path) -> None:
    with open_whole(tmp_path / "x" / "y" / "a.srt") as file:
        file.write(b"1")
    assert (tmp_path / "x" / "y" / "a.srt").read_bytes() == b"1"


@pytest.mark.parametrize(
    "error", [ValueError("x"), KeyboardInterrupt(), SystemExit(1), ConnectionResetError(104, "reset")]
)
def test_a_failure_inside_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(b"old")
    with pytest.raises(type(error)) as caught:
        write_half(path, error)
    assert caught.value is error
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.srt"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EIO, "disk reports an error"),
        (errno.EFBIG, "too large"),
    ],
)
def test_a_write_that_fails(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(OutputError, match=words) as caught:
        write_half(tmp_path / "a.mp3", OSError(number, os.strerror(number)))
    assert caught.value.place == str(tmp_path / "a.mp3")
    assert caught.value.mend
    assert names(tmp_path) == []


def test_another_file_that_fails_is_not_blamed_on_this_one(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), open_whole(tmp_path / "a.mp3"):
        raise PermissionError(errno.EACCES, "denied", "other.txt")
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_found_when_the_buffer_is_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = os.open

    def full(path: str | Path, flags: int, mode: int = 0o777) -> int:
        real = real_open(path, flags, mode)
        os.dup2(real_open("/dev/full", os.O_RDWR), real)
        return real

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(OutputError, match="disk is full"), open_whole(tmp_path / "a.mp3") as file:
        file.write(b"never there")
    assert names(tmp_path) == []


def test_a_full_disk_found_when_it_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="disk is full; free some space"), open_whole(tmp_path / "a.mp3") as file:
        file.write(b"never there")
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_synced_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync

    def sync(fd: int) -> None:
        synced.append(fd)
        if len(synced) > 1:
            raise OSError(errno.EINVAL, "Invalid argument")
        real(fd)

    monkeypatch.setattr(os, "fsync", sync)
    with open_whole(tmp_path / "a.mp3") as file:
        file.write(b"there")
    assert len(synced) == 2
    assert (tmp_path / "a.mp3").read_bytes() == b"there"


def test_names_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder.srt").mkdir()
    for path, words in (
        (tmp_path / "file" / "a.srt", "is a file, not a folder"),
        (tmp_path / "file" / "deep" / "a.srt", "is a file, not a folder"),
        (tmp_path / "folder.srt", "a folder of this name"),
        (tmp_path / ("x" * 300), "name is too long"),
    ):
        with pytest.raises(OutputError, match=words), open_whole(path):
            pytest.fail("it must fail before anything is written")
    assert names(tmp_path) == ["file", "folder.srt"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EACCES, "no right"), (errno.EROFS, "read-only"), (errno.EMFILE, "cannot be written")],
)
def test_a_folder_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str) -> None:
    def refuse(path: Path, *_args: object) -> int:
        raise OSError(number, os.strerror(number), path)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OutputError, match=words), open_whole(tmp_path / "a.srt"):
        pytest.fail("it must fail before anything is written")
