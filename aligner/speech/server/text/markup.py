"""What the tags of a client's messages ask for, as notes beside their plain text (`enable_ssml_parsing`). Pure.

How tags are found, and what is refused as hostile, is `aligner.ssml`; what their values mean, `prosody` and
`pronunciations`. Here: which stretch of the text each of them is about. Languages and voices cannot change within a
session: the content of ``lang`` and ``voice`` is spoken, as that of ``audio`` is, and a ``mark`` is nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aligner import clock, ssml
from aligner.errors import MarkupError
from aligner.speech.refusals import Refusal, Refused
from aligner.speech.server.text import normalization, pronunciations, prosody
from aligner.speech.server.text.passage import Delivery, Note, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aligner.ssml import Marked, Tag

ERROR: Final = "invalid_ssml"
"""What the error frame calls it."""

REPLACING: Final = frozenset({"phoneme", "say-as", "sub"})
"""Elements that are spoken as one thing: each lies wholly in one message."""

BOUNDARIES: Final = {"p": 500 * clock.MILLISECOND, "s": 250 * clock.MILLISECOND}
"""Microseconds of pause around a paragraph and a sentence, where none is yet. The voice's own come on top: it pauses
at a full stop, and that there is one, SSML does not say."""

LONGEST_SILENCE: Final = 30 * clock.SECOND
"""Without a word in it, however many tags ask for more: a message of a megabyte would be a day of silence."""

_PLAIN: Final = Delivery()
_REQUIRED: Final = {"phoneme": "ph", "say-as": "interpret-as", "sub": "alias"}


class Reader:
    """One session's messages; elements may be open over several of them."""

    def __init__(self, language: str) -> None:
        """A reader for a session in ``language`` (BCP 47): what ``say-as`` spells out is spelt out in it."""
        self._markup = ssml.Reader()
        self._language = language
        self._deliveries = [_PLAIN]
        self._replacing: list[Tag] = []
        self._heard = False
        self._silence = 0
        self._notes: list[Note] = []
        self._pauses: dict[int, int] = {}
        self._run = 0

    def read(self, message: str) -> Passage:
        """One message's text without its tags, with the notes they made.

        Raises:
            Refused: the tags are malformed or hostile, a value has no meaning, or an element that replaces what is said
                is not closed in its message.
        """
        with _refusing():
            marked = self._markup.feed(message)
            self._notes, self._pauses, self._run = [], {}, 0
            self._take(marked)
            if self._replacing:
                source = self._replacing[0].source
                raise MarkupError(f"{source[:60]} is not closed", mend="it must lie wholly in one message")
            self._end_run(len(marked.text))
        pauses = (Note(place, place, pause=length) for place, length in self._pauses.items())
        # The order that passages keep: by where they start, the longer first.
        return Passage(marked.text, tuple(sorted((*self._notes, *pauses), key=lambda note: (note.start, -note.stop))))

    def _take(self, marked: Marked) -> None:
        place = 0
        for tag in marked.tags:
            self._hear(marked.text[place : tag.position])
            place = tag.position
            self._obey(tag, marked.text)
        self._hear(marked.text[place:])

    def _obey(self, tag: Tag, text: str) -> None:
        name = tag.name
        if name in REPLACING:
            self._replace(tag, text)
        elif name in BOUNDARIES:
            self._bound(tag.position, BOUNDARIES[name])
        elif name == "break" and tag.kind != "close":
            self._pause(tag.position, prosody.pause(tag.attributes))
        elif name in ("prosody", "emphasis"):
            self._deliver(tag)

    def _hear(self, text: str) -> None:
        if text and not text.isspace():
            self._heard, self._silence = True, 0

    def _bound(self, place: int, length: int) -> None:
        """The end or the beginning of a sentence or paragraph: a pause, less what is silent there already."""
        if self._heard and length > self._silence:
            self._pause(place, length - self._silence)

    def _pause(self, place: int, length: int) -> None:
        length = min(length, LONGEST_SILENCE - self._silence)
        if length > 0:
            self._silence += length
            # What is spoken as one thing has no inside: the pause waits for its end (see `_replace`).
            place = -1 if self._replacing else place
            self._pauses[place] = self._pauses.get(place, 0) + length

    def _deliver(self, tag: Tag) -> None:
        if tag.kind == "empty":
            return
        self._end_run(tag.position)
        if tag.kind == "close":
            self._deliveries.pop()
            return
        outer = self._deliveries[-1]
        asked = prosody.delivery(tag.attributes) if tag.name == "prosody" else prosody.emphasis(tag.attributes)
        # What is spoken as one thing is spoken in one manner.
        self._deliveries.append(outer if self._replacing else prosody.bounded(asked.within(outer)))

    def _end_run(self, place: int) -> None:
        """Note the manner of what came since the last change; nested elements are multiplied out already."""
        if self._replacing:
            return
        manner = self._deliveries[-1]
        if manner != _PLAIN and place > self._run:
            self._notes.append(Note(self._run, place, delivery=manner))
        self._run = place

    def _replace(self, tag: Tag, text: str) -> None:
        if tag.kind != "close":
            _check(tag)
            if tag.kind == "open":
                self._replacing.append(tag)
            return
        opened = self._replacing.pop()
        if self._replacing:
            return  # the outer one says all
        if tag.position > opened.position:
            self._notes.append(self._note(opened, text, tag.position))
        if length := self._pauses.pop(-1, 0):
            self._pauses[tag.position] = self._pauses.get(tag.position, 0) + length

    def _note(self, opened: Tag, text: str, stop: int) -> Note:
        start, given = opened.position, opened.attributes
        if opened.name == "phoneme":
            return Note(start, stop, ipa=pronunciations.to_ipa(given["ph"], given.get("alphabet", pronunciations.IPA)))
        if opened.name == "sub":
            return Note(start, stop, said=given["alias"])
        form = given.get("format")
        return Note(
            start, stop, said=normalization.say_as(text[start:stop], given["interpret-as"], form, self._language)
        )


def _check(tag: Tag) -> None:
    """What an element cannot do without; also where it has no text, and says nothing."""
    name = _REQUIRED[tag.name]
    if name not in tag.attributes:
        raise MarkupError(f"{tag.source[:60]} has no {name}", mend=f'write <{tag.name} {name}="…">')
    if tag.name == "phoneme":
        pronunciations.to_ipa(tag.attributes["ph"], tag.attributes.get("alphabet", pronunciations.IPA))


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except MarkupError as error:
        # A message has no lines that its sender would know of: the place is left out.
        told = f"{error.problem}; {error.mend}" if error.mend else error.problem
        raise Refused(Refusal(ERROR, f"The SSML cannot be read: {told}.")) from None
