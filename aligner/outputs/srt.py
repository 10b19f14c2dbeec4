"""SubRip: index, times with a comma, lines. There is no escape in it, so text such as ``<b>`` is written as it is.

The form itself is the `srt` library's; rounding is the clock's (the library cuts).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import srt

from aligner import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aligner.model import Narration


def render(narration: Narration) -> str:
    """The cues as SRT: indices from 1, lines ended by a line feed, to be written as UTF-8 without a byte order mark.

    Each cue lasts at least a millisecond, since readers drop one that lasts none; empty lines would end a cue and are
    left out, with them cues that have no text at all.
    """
    return str(srt.compose(_subtitles(narration), reindex=False))


def _subtitles(narration: Narration) -> Iterator[srt.Subtitle]:
    index = 0
    for cue in narration.cues:
        content = "\n".join(line for line in "\n".join(cue.lines).splitlines() if line.strip())
        if content:
            index += 1
            start = clock.to_milliseconds(cue.start)
            end = max(clock.to_milliseconds(cue.end), start + 1)
            yield srt.Subtitle(index, timedelta(milliseconds=start), timedelta(milliseconds=end), content)
