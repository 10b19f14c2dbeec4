"""Characters become words while they are still being spoken: each word is told once all of it was timed.

The words are those of `words.group`, found with what is known of the text by then: a word may be told when the text
behind it shows where it ends. Only the part of the text that may still matter is kept. No sound and no cue may enter.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from aligner.model import Word
from aligner.timeline import spaceless, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aligner.model import Span, Timeline

_AHEAD = 8
"""Characters behind a place that tell whether a word ends there, in a script without spaces."""
_BEHIND = 64
"""And in front of it; a longer run without white space is looked at again from so far back."""


class Following:
    """The words of one text that is read and spoken, session by session; all places count its code points."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._text = ""
        self._start = 0
        self._whole = False
        # Where the run begins that words are being cut from, and where the last word stops that was cut.
        self._run = 0
        self._cut = 0
        self._words: deque[tuple[str, Span, Span | None]] = deque()
        self._silent: list[tuple[str, Span]] = []
        self._latest = 0
        # When the word began that is not told yet, if a part of it was timed.
        self._begun = 0

    def read(self, text: str, *, last: bool = False) -> None:
        """Take in what follows in the text; ``last`` where nothing will follow that."""
        self._text += text
        self._whole = last
        self._words.extend(self._cut_words())
        if 2 * (self._run - self._start) > len(self._text):
            self._text = self._text[self._run - self._start :]
            self._start = self._run

    def hear(self, timeline: Timeline, begin: int, heard: int | None = None) -> Iterator[Word]:
        """The words that can be told by now.

        A word that does not sound has the time of the word after it, and waits for that.

        Args:
            timeline: of a part of the text that begins with, or before, the words not told yet.
            begin: where that part begins.
            heard: microseconds of sound that there are; what ends later waits. ``None``: there is all.
        """
        limit = begin + len(timeline.text)
        while self._words and self._words[0][1][1] <= limit:
            text, span, sound = self._words[0]
            if sound is None:
                self._silent.append((text, span))
            else:
                start = timeline.starts[sound[0] - begin] if sound[0] >= begin else self._begun
                end = timeline.ends[sound[1] - 1 - begin] if sound[1] > begin else start
                if heard is not None and end > heard:
                    return
                start = max(start, self._latest)
                self._latest = end = max(start, end)
                yield from self._silently(start, end)
                yield Word(text, start, end, span)
            self._words.popleft()
        sound = self._words[0][2] if self._words else None
        if sound and begin <= sound[0] < limit:
            self._begun = timeline.starts[sound[0] - begin]

    def finish(self) -> Iterator[Word]:
        """The words without sound at the end of the text: they have the moment at which the last word ends."""
        self._silent += [(text, span) for text, span, _ in self._words]
        self._words.clear()
        yield from self._silently(self._latest, self._latest)

    def _silently(self, start: int, end: int) -> Iterator[Word]:
        for text, span in self._silent:
            yield Word(text, start, end, span)
        self._silent.clear()

    def _cut_words(self) -> Iterator[tuple[str, Span, Span | None]]:
        """The words that the text by now shows to be whole: what they are, where they lie, and where they sound."""
        text, origin = self._text, self._start
        for first, last, parted in words.runs(text, self._run - origin):
            known = self._whole or parted < len(text)
            self._run = origin + first
            for begin, stop in spaceless.cut(text, first, last, self._language):
                if origin + stop <= self._cut:
                    continue
                if not known and stop > len(text) - _AHEAD:
                    break
                self._cut = origin + stop
                sound = words.sounding(text, begin, stop)
                yield text[begin:stop], (origin + begin, origin + stop), _moved(sound, origin)
            self._run = origin + last if known else self._back(first + origin)

    def _back(self, run: int) -> int:
        """From where a run that goes on is cut next time: its beginning, or near where it was cut last."""
        back = self._cut - _BEHIND
        inside = self._text[run - self._start : back - self._start] if back > run else ""
        # A straight quote opens or closes by how many there were before it.
        return back if back > run + _BEHIND and not spaceless.quotes(inside) % 2 else run


def _moved(span: Span | None, by: int) -> Span | None:
    return span and (span[0] + by, span[1] + by)
