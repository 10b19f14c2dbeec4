"""Everything on disk appears whole or not at all: written beside, synced, renamed.

It is the only module of the program that creates files for users, and knows no format.
"""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from aligner.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PLAIN = {
    errno.ENOSPC: ("the disk is full", "free some space and run it again"),
    errno.EDQUOT: ("the disk quota is used up", "free some space and run it again"),
    errno.EFBIG: ("the file is too large for this disk", "write to another disk"),
    errno.EIO: ("the disk reports an error", "check it, or write to another one"),
    errno.EACCES: ("no right to write here", "change the folder's permissions or choose another one"),
    errno.EPERM: ("no right to write here", "change the folder's permissions or choose another one"),
    errno.EROFS: ("the disk is read-only", "choose another folder"),
    errno.ENOTDIR: ("a part of the path is a file, not a folder", "choose another folder"),
    errno.EEXIST: ("a part of the path is a file, not a folder", "choose another folder"),
    errno.EISDIR: ("there is a folder of this name", "rename it or choose another output folder"),
    errno.ENAMETOOLONG: ("the name is too long for this disk", "choose a shorter one"),
}
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def open_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write (seekable, readable) that takes its name only once it is whole and on the disk.

    The folders above it are made. If anything fails, inside the ``with`` or in closing, nothing is left and what stood
    under the name before stays.

    Raises:
        OutputError: The folder, the rights, the disk, in plain words.
    """
    try:
        beside, file = _open_beside(path)
    except OSError as error:
        raise _plain(error, path) from error
    try:
        yield file
    except BaseException as error:
        _discard(beside, file)
        # Another OSError of the body (a socket's, another file's) is not about this file.
        if isinstance(error, OSError) and error.errno in _PLAIN and error.filename is None:
            raise _plain(error, path) from error
        raise
    try:
        _finish(beside, file, path)
    except BaseException as error:
        _discard(beside, file)
        if isinstance(error, OSError):
            raise _plain(error, path) from error
        raise


def _open_beside(path: Path) -> tuple[Path, BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Asked now, not after an hour of speech: a folder of that name, a name too long.
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with suppress(FileNotFoundError):
        path.lstat()
    beside = path.with_name(f".aligner-{secrets.token_hex(8)}.part")
    return beside, os.fdopen(os.open(beside, _FLAGS, 0o666), "w+b")


def _finish(beside: Path, file: BinaryIO, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    beside.replace(path)
    # Not every system lets a folder be opened and synced; the file itself is safe by now.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _discard(beside: Path, file: BinaryIO) -> None:
    # Closing flushes what is left, which fails again on a full disk.
    with suppress(OSError):
        file.close()
    with suppress(OSError):
        beside.unlink()


def _plain(error: OSError, path: Path) -> OutputError:
    problem, mend = _PLAIN.get(error.errno or 0, (f"cannot be written ({error.strerror or error})", "check the folder"))
    return OutputError(problem, str(path), mend)
