"""The text that a client has sent and the service has not yet spoken, and when a part of it becomes a generation.

The rules are the protocol's (the chunk length schedule, flush, automatic mode); which part of the buffer is voiced is
not documented: whole sentences where one ends, else clauses, else words. Pure: no socket, no voice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aligner import sentences
from aligner.speech.protocol import DEFAULT_SCHEDULE
from aligner.speech.server.text import utterances
from aligner.speech.server.text.passage import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST: Final = 1_000
"""Characters of one generation at the most: a book pasted in one message is spoken in pieces, too."""

TRIGGER: Final = 50
"""Characters that ``try_trigger_generation`` needs (protocol, client messages)."""

_SLACK: Final = 200
"""Characters beyond the threshold in which a sentence may still end."""

_NOTHING: Final = Passage("")


class Buffer:
    """One session's text on its way to the voice. Every generation ends with white space, as the service has it."""

    def __init__(self, schedule: Sequence[int] | None = None, *, auto: bool = False, language: str = "en") -> None:
        self._schedule = tuple(schedule or DEFAULT_SCHEDULE)
        self._auto = auto
        self._language = language
        self._held = _NOTHING
        self._generations = 0

    def add(self, message: Passage, *, flush: bool = False, trigger: bool = False) -> list[Passage]:
        """Take a message's text; the generations that are due now, in order."""
        self._held += message
        if flush:
            return self.flush()
        if self._auto:
            return [] if self._held.text.isspace() else self.flush()
        stops = self._due(trigger=trigger)
        if not stops:
            return []
        *due, self._held = (
            self._held.cut(stops) if stops[-1] < len(self._held.text) else (*self._held.cut(stops), _NOTHING)
        )
        return [_closed(generation) for generation in due]

    def flush(self) -> list[Passage]:
        """All that is left, as generations."""
        held, self._held = self._held, _NOTHING
        if not held:
            return []
        stops = list(self._ends(held))
        self._generations += len(stops)
        return [_closed(generation) for generation in held.cut(stops)]

    def _ends(self, held: Passage) -> Iterator[int]:
        """Where generations end when all text is to be voiced."""
        text, outside = held.text, held.outside()
        start = 0
        while len(text) - start > LONGEST:
            start = outside(
                self._sentence(text, start, start + LONGEST) or utterances.softest(text, start, start + LONGEST)
            )
            yield start
        if start < len(text) or not text:
            yield len(text)

    def _due(self, *, trigger: bool) -> list[int]:
        """Where the generations end that are due."""
        outside = self._held.outside()
        stops: list[int] = []
        start = 0
        while stop := self._cut(start, trigger=trigger):
            start = outside(stop)
            stops.append(start)
            self._generations += 1
        return stops

    def _cut(self, start: int, *, trigger: bool) -> int | None:
        text, threshold = self._held.text, self._threshold(trigger=trigger)
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


def _closed(generation: Passage) -> Passage:
    return generation if generation.text[-1:].isspace() else generation + Passage(" ")
