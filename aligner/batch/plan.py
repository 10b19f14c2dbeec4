"""What is to be done, before anything is spoken: which documents there are and which files each becomes.

Inputs are files, folders (recursively), patterns and ``-`` for standard input. Each output lies below the output folder
where its input lies below the folder given. Two inputs that would write one file stop the run here.
"""

from __future__ import annotations

import difflib
import glob
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aligner import outputs
from aligner.documents import readers
from aligner.errors import UsageError
from aligner.pipeline import SOUND, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STANDARD_INPUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Item:
    """One document to be done."""

    path: Path | None
    """``None``: standard input."""
    source: str
    """Its name in messages: the path as it was found."""
    target: Target


def formats(names: Iterable[str]) -> tuple[str, ...]:
    """The output formats in the order in which they are opened: the timing JSON first, the sound last.

    Raises:
        UsageError: a name is none of a format.
    """
    wanted = dict.fromkeys(name.strip().lower() for name in names if name.strip())
    known = ["json", *(name for name in outputs.FORMATS if name != "json"), SOUND]
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.5)
            mend = f"did you mean {near[0]}?" if near else f"choose from {', '.join(sorted(known))}"
            raise UsageError(f"unknown format {name!r}", "--format", mend)
    if not wanted:
        raise UsageError("no format is named", "--format", f"choose from {', '.join(sorted(known))}")
    return tuple(name for name in known if name in wanted)


def plan(
    inputs: Sequence[str | Path], out: Path, names: Sequence[str], suffixes: Iterable[str] = ()
) -> tuple[Item, ...]:
    """The documents of the inputs with the files they become, in the order given, each once.

    Args:
        inputs: files, folders, patterns, ``-``.
        out: the output folder.
        names: output formats, as `formats` gives them.
        suffixes: of the files that a folder is searched for; the readable documents' by default.

    Raises:
        UsageError: an input is missing, nothing was found, or two documents would write one file.
    """
    suffixes = frozenset(suffixes or readers.SUFFIXES)
    items: dict[str, Item] = {}
    for given in map(str, inputs):
        for path, below in _found(given, suffixes):
            source = str(path) if path else STANDARD_INPUT
            stem = below.with_suffix("") if below.suffix.lower() in suffixes else below
            files = {name: out / stem.parent / f"{stem.name}.{name}" for name in names}
            target = Target(files, below.as_posix() if path else STANDARD_INPUT)
            items.setdefault(os.path.abspath(source) if path else source, Item(path, source, target))  # noqa: PTH100 - Path.resolve would follow links
    if not items:
        searched = ", ".join(map(str, inputs)) or "nothing"
        raise UsageError("no documents found", searched, f"documents end in {', '.join(sorted(suffixes))}")
    _refuse_collisions(items.values())
    return tuple(items.values())


def writable(out: Path) -> None:
    """Make the output folder and try it.

    Raises:
        UsageError: nothing can be written there.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise UsageError(
            f"the output folder cannot be written ({error.strerror})", str(out), "choose another folder with --out"
        ) from None


def _found(given: str, suffixes: frozenset[str]) -> Iterator[tuple[Path | None, Path]]:
    """The documents of one input: each with its path below the folder given."""
    path = Path(given)
    if given == STANDARD_INPUT:
        yield None, Path("stdin")
    elif path.is_dir():
        yield from ((file, file.relative_to(path)) for file in _below(path, suffixes))
    elif path.exists():
        yield path, Path(path.name)
    elif glob.has_magic(given):
        yield from _matches(given, suffixes)
    else:
        raise UsageError("no such file or folder", given, "check the path")


def _below(folder: Path, suffixes: frozenset[str]) -> Iterator[Path]:
    """Documents in a folder and its folders, in the order of their names; hidden ones are left alone."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in suffixes:
                yield Path(root, name)


def _matches(pattern: str, suffixes: frozenset[str]) -> Iterator[tuple[Path, Path]]:
    """The files of a pattern; the folder given is what stands before its first wildcard."""
    fixed = Path(*_before_wildcard(Path(pattern).parts))
    for name in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207 - a pattern may be absolute
        path = Path(name)
        if path.is_file() and path.suffix.lower() in suffixes:
            yield path, path.relative_to(fixed)


def _before_wildcard(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if glob.has_magic(part):
            return
        yield part


def _refuse_collisions(items: Iterable[Item]) -> None:
    writers: dict[Path, str] = {}
    for item in items:
        for file in item.target.files.values():
            if (other := writers.setdefault(file, item.source)) != item.source:
                raise UsageError(
                    f"{other} and {item.source} would both write this file", str(file), "rename one, or run them apart"
                )
