"""The text that a client has sent and the service has not yet spoken, and when a part of it becomes a generation.

The rules are the protocol's (the chunk length schedule, flush, automatic mode); which part of the buffer is voiced is
not documented: whole sentences where one ends, else clauses, else words. Pure: no socket, no voice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aligner import sentences
from aligner.speech.protocol import DEFAULT_SCHEDULE
from aligner.speech.server import utterances

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST: Final = 1_000
"""Characters of one generation at the most: a book pasted in one message is spoken in pieces, too."""

TRIGGER: Final = 50
"""Characters that ``try_trigger_generation`` needs (protocol, client messages)."""

_SLACK: Final = 200
"""Characters beyond the threshold in which a sentence may still end."""


class Buffer:
    """One session's text on its way to the voice. Every generation ends with white space, as the service has it."""

    def __init__(self, schedule: Sequence[int] | None = None, *, auto: bool = False, language: str = "en") -> None:
        self._schedule = tuple(schedule or DEFAULT_SCHEDULE)
        self._auto = auto
        self._language = language
        self._text = ""
        self._generations = 0

    def add(self, text: str, *, flush: bool = False, trigger: bool = False) -> list[str]:
        """Take a message's text; the generations that are due now, in order."""
        self._text += text
        if flush:
            return self.flush()
        if self._auto:
            return [] if self._text.isspace() else self.flush()
        start = 0
        due: list[str] = []
        while stop := self._due(start, trigger=trigger):
            due.append(_closed(self._text[start:stop]))
            self._generations += 1
            start = stop
        self._text = self._text[start:]
        return due

    def flush(self) -> list[str]:
        """All that is left, as generations."""
        text, self._text = self._text, ""
        due: list[str] = []
        start = 0
        while start < len(text):
            stop = len(text)
            if stop - start > LONGEST:
                stop = self._sentence(text, start, start + LONGEST) or utterances.softest(text, start, start + LONGEST)
            due.append(_closed(text[start:stop]))
            start = stop
        self._generations += len(due)
        return due

    def _due(self, start: int, *, trigger: bool) -> int | None:
        """Where the next generation ends that begins at ``start``; ``None`` while more text is needed."""
        text, threshold = self._text, self._threshold(trigger=trigger)
        if len(text) - start < threshold:
            return None
        stop = min(len(text), start + threshold + _SLACK)
        found = self._sentence(text, start, stop)
        found = found or utterances.last_clause(text, start, stop) or utterances.last_word(text, start, stop)
        if found or stop == len(text):
            return found
        # One endless word: wait for its end, but not for ever.
        longest = start + LONGEST
        return utterances.first_word(text, stop, longest) or (longest if len(text) > longest else None)

    def _threshold(self, *, trigger: bool) -> int:
        threshold = self._schedule[min(self._generations, len(self._schedule) - 1)]
        return min(threshold, TRIGGER) if trigger else threshold

    def _sentence(self, text: str, start: int, stop: int) -> int | None:
        """The end of the last sentence there; at the edge only if it would be one whatever follows."""
        window = text[start:stop]
        content = window.rstrip()
        if not content or (content == window and stop == len(text)):
            return self._inner(window, window, start)
        # A capital behind the edge shows whether "Dr. " ends a sentence.
        return self._inner(window, f"{content} Aa", start)

    def _inner(self, window: str, probe: str, start: int) -> int | None:
        ends = sentences.ends(probe, self._language)[:-1]
        if not ends:
            return None
        stop = ends[-1]
        while stop < len(window) and window[stop].isspace():
            stop += 1
        return start + stop


def _closed(text: str) -> str:
    return text if text[-1:].isspace() else f"{text} "
