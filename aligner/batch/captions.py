"""New captions for many timing files, without speaking: `aligner caption`."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aligner import pipeline
from aligner.batch.plan import formats, plan, writable
from aligner.batch.report import Outcome, Report
from aligner.captions import profiles
from aligner.errors import AlignerError, TimingFileError, UsageError
from aligner.outputs import timing
from aligner.pipeline import SOUND, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.batch.plan import Item
    from aligner.model import Narration

DEFAULT_FORMATS: Final = ("srt", "vtt", "json")
DEFAULT_STYLE: Final = Style()


def caption(
    inputs: Sequence[str | Path],
    out: Path | str,
    style: Style = DEFAULT_STYLE,
    names: Sequence[str] = DEFAULT_FORMATS,
) -> Report:
    """Lay out the words of timing files again and write their captions below a folder.

    Args:
        inputs: timing files, folders of them (recursively), patterns, ``-`` for standard input.
        out: the output folder; it may be the timing files' own.
        style: the caption profile and the frame rate.
        names: output formats other than the sound.

    Raises:
        UsageError: wrong settings or inputs; nothing was written.
    """
    wanted = formats(names)
    if SOUND in wanted:
        raise UsageError(f"{SOUND} needs speaking, and captions are made without", "--format", "use `aligner run`")
    profiles.load(style.profile, "en", style.fps)
    items = plan(inputs, Path(out), wanted, (".json",))
    writable(Path(out))
    started = time.monotonic()
    outcomes = tuple(_one(item, style) for item in items)
    return Report(outcomes, time.monotonic() - started)


def _one(item: Item, style: Style) -> Outcome:
    started = time.monotonic()
    try:
        narration = load(item.path) if item.path else timing.parse(sys.stdin.buffer.read(), item.source)
        narration = pipeline.recaption(_moved(narration, item), style)
        pipeline.write(narration, item.target)
    except AlignerError as error:
        return Outcome(item.source, "failed", error=error)
    return Outcome(
        item.source,
        "done",
        len(narration.text),
        len(narration.words),
        len(narration.cues),
        narration.audio.duration,
        time.monotonic() - started,
    )


def load(path: Path | str) -> Narration:
    """Read a timing file: the text, its words and cues, and when each is heard.

    Raises:
        TimingFileError: it cannot be read, or does not keep to its schema.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise TimingFileError(
            f"cannot be read ({error.strerror})", str(path), "check the path and its rights"
        ) from None
    return timing.parse(data, str(path))


def _moved(narration: Narration, item: Item) -> Narration:
    """The sound stays where it is: its path is told from where the new timing JSON will lie."""
    target = item.target.files.get("json")
    if not (narration.audio.file and item.path and target):
        return narration
    file = os.path.relpath(item.path.parent / narration.audio.file, target.parent).replace(os.sep, "/")
    return replace(narration, audio=replace(narration.audio, file=file))
