"""The values that pass between the stages. Read this first.

A document is cut into segments; a segment is spoken as chunks (one message of the service each); the chunks are placed
on a timeline (a time for every character of the document); characters group into words, words into cues, and all of it
together is a narration. Every value is frozen. Spans are half open and count code points of the document's text; times
are integer microseconds (`aligner.clock`) as a player of the sound file shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias

if TYPE_CHECKING:
    from array import array
    from collections.abc import Mapping

Span: TypeAlias = tuple[int, int]
"""[first, last + 1) in code points of a text, or in items of a sequence."""


class Secret:
    """A key: printed, logged or put into an exception it shows as stars; only ``reveal`` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself, for a header or a first message and nothing else."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere")


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How a voice sounds; ``None`` leaves the service's own default. Ranges: ``aligner.speech.messages``."""

    stability: float | None = None
    similarity_boost: float | None = None
    style: float | None = None
    use_speaker_boost: bool | None = None
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of SSML beside the text it stands in: never shown, and sent to the service where it stands."""

    place: int
    """The code point that it stands before; the text's length at its end."""
    source: str
    """As it was written."""
    name: str
    kind: Literal["open", "close", "empty"]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a document says about itself between ``---`` lines; it wins over every other setting."""

    voice: str | None = None
    language: str | None = None
    profile: str | None = None
    model: str | None = None
    seed: int | None = None
    ssml: bool | None = None
    normalize: str | None = None
    voice_settings: VoiceSettings = VoiceSettings()


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be spoken.

    ``text`` is what is spoken and shown, with the source's own spelling and punctuation, no control characters, no
    white space around it. In it a newline always ends a paragraph (lines that were only wrapped are joined).
    """

    source: str
    """The path or URL, relative to the batch."""
    text: str
    language: str
    """BCP 47, such as ``en``, ``de-AT``, ``zh``."""
    front_matter: FrontMatter = FrontMatter()
    headings: tuple[Span, ...] = ()
    ssml: bool = False
    """Whether the service is asked to obey tags; then ``&`` and ``<`` of the text are escaped on their way to it."""
    markup: tuple[Tag, ...] = ()
    """In their order; their places do not descend. Elements are closed in the order of their nesting."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a document that is spoken in one session; all segments joined are the document's text."""

    index: int
    start: int
    """Where ``text`` begins in the document's text, in code points."""
    text: str
    markup: tuple[Tag, ...] = ()
    """The tags in it, by places in ``text``; elements that go on beyond it are opened and closed in it as well."""

    @property
    def stop(self) -> int:
        """One past its last code point in the document's text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Alignment:
    """When the characters of one message are heard, as the service tells it. The three tuples are of equal length."""

    characters: tuple[str, ...]
    """Usually one character each, at times several."""
    starts: tuple[int, ...]
    """Microseconds, usually from the start of the message."""
    durations: tuple[int, ...]
    """Microseconds."""

    @property
    def span(self) -> int:
        """Microseconds from the message's zero to the end of its last character (protocol, rule 2)."""
        return self.starts[-1] + self.durations[-1] if self.starts else 0

    @property
    def text(self) -> str:
        """The characters joined."""
        return "".join(self.characters)


@dataclass(frozen=True, slots=True)
class Chunk:
    """One audio message of the service."""

    audio: bytes = b""
    """In the session's format, cut anywhere: also inside a sample or an mp3 frame."""
    alignment: Alignment | None = None
    """Of the text as it was sent."""
    normalized: Alignment | None = None
    """Of the text as it was spoken: numbers spelt out, a leading space a generation."""
    damaged: bool = False
    """An alignment came with it but was unusable (arrays of unequal length): its span is not known."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How fast a service answered in one session: microseconds by the wall clock."""

    connect: int
    """From the request to the open connection."""
    first_byte: int | None
    """From the message that let the service begin (it crossed the first threshold of the schedule, flushed, or ended
    the text) to the first sound; ``None`` where none came."""
    elapsed: int
    """From the first text to the last sound."""


@dataclass(frozen=True, slots=True)
class Speech:
    """One text as it was spoken in one session."""

    chunks: tuple[Chunk, ...]
    """In the order of arrival."""
    latency: Latency


@dataclass(frozen=True, slots=True)
class Sound:
    """Where the chunks of one session lie in their sound, by counting samples or mp3 frames."""

    rate: int
    """Samples a second."""
    samples: int
    """The length of the whole sound."""
    ends: tuple[int, ...]
    """For each chunk, how many whole samples are there once it has arrived."""
    streams: tuple[int, ...] = (0,)
    """The samples at which an encoder's streams begin: one, or one for each time that it started anew."""
    slack: int = 0
    """Samples an encoder adds to one stream beyond the sound it was given, at the most; 0 for PCM."""
    padding: int = 0
    """Samples an encoder adds to one stream, at the least: they hold no sound."""
    lag: int = 0
    """Samples an encoder holds back, on average, whenever a message goes out before its stream has ended."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A time for every code point of a text, by column (microseconds)."""

    text: str
    starts: array[int]
    ends: array[int]


@dataclass(frozen=True, slots=True)
class Word:
    """A run between white space with its punctuation attached; in scripts without spaces a word of the language."""

    text: str
    start: int
    end: int
    """The end of the word's own sound: a pause belongs to nobody."""
    span: Span


@dataclass(frozen=True, slots=True)
class Cue:
    """What is on the screen at once."""

    start: int
    end: int
    lines: tuple[str, ...]
    words: Span
    """The half open range of words that it shows."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """The sound that a narration's times belong to."""

    file: str | None
    """Relative to the timing JSON; ``None`` where there is no file."""
    duration: int
    """Microseconds."""
    sample_rate: int
    format: str = "mp3"


@dataclass(frozen=True, slots=True)
class Narration:
    """A document as it was spoken: the source of every output (`timing.schema.json`)."""

    text: str
    language: str
    source: str | None
    audio: AudioFile
    words: tuple[Word, ...]
    cues: tuple[Cue, ...] = ()
    speech: Mapping[str, object] = field(default_factory=dict)
    """Who spoke: engine, voice, model, settings; never a key."""
    timeline: Timeline | None = None
