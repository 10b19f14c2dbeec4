"""WebVTT, by a writer of its own: the libraries (pysubs2 1.8, webvtt-py 0.6) write invalid files for ``AT&T``.

Source: W3C WebVTT, section 4 (syntax): ``&`` and ``<`` must be escaped in cue text and ``-->`` must not occur.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aligner import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aligner.model import Cue, Narration

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def render(narration: Narration) -> str:
    """The cues as WebVTT, to be written as UTF-8; the text shows as it is, whatever it looks like.

    Each cue lasts at least a millisecond, as the format demands; empty lines would end a cue and are left out, with
    them cues that have no text at all.
    """
    return "\n".join(["WEBVTT\n", *_cues(narration)])


def _cues(narration: Narration) -> Iterator[str]:
    for cue in narration.cues:
        text = "\n".join(line for line in "\n".join(cue.lines).splitlines() if line.strip()).translate(_ESCAPES)
        if text:
            yield f"{_times(cue)}\n{text}\n"


def _times(cue: Cue) -> str:
    start = clock.to_milliseconds(cue.start) * clock.MILLISECOND
    end = max(cue.end, start + clock.MILLISECOND)
    return f"{clock.stamp(start)} --> {clock.stamp(end)}"
