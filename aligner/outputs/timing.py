"""The timing JSON, the source of truth that every caption file can be made from again (``timing.schema.json``).

`parse` is a border: what it lets in, the rest of the program trusts. Times are seconds to the millisecond in the file
and microseconds behind it.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from aligner import clock
from aligner.errors import TimingFileError
from aligner.model import AudioFile, Cue, Narration, Timeline, Word

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT = "aligner.timing/1"

_Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
_Count = Annotated[int, msgspec.Meta(ge=0)]


class _Audio(msgspec.Struct, frozen=True):
    file: str | None
    duration: _Seconds
    sample_rate: _Count
    format: str = "mp3"


class _Word(msgspec.Struct, frozen=True, gc=False):
    text: str
    start: _Seconds
    end: _Seconds
    span: tuple[_Count, _Count]


class _Characters(msgspec.Struct, frozen=True):
    start: list[_Seconds]
    end: list[_Seconds]


class _Cue(msgspec.Struct, frozen=True):
    start: _Seconds
    end: _Seconds
    lines: tuple[str, ...]
    words: tuple[_Count, _Count]


class _File(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    format: Literal["aligner.timing/1"]
    text: str
    language: str
    source: str | None = None
    audio: _Audio
    speech: dict[str, object] = {}
    words: list[_Word]
    characters: _Characters | msgspec.UnsetType = msgspec.UNSET
    cues: list[_Cue]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_File).decode


def render(narration: Narration) -> bytes:
    """A narration as timing JSON, UTF-8: one word and one cue a line, so that it can be read and compared.

    Numbers that JSON does not have cannot occur: times are integers until here.
    """
    audio = narration.audio
    fields = [
        ("format", _encode(FORMAT)),
        ("text", _encode(narration.text)),
        ("language", _encode(narration.language)),
        ("source", _encode(narration.source)),
        ("audio", _encode(_Audio(audio.file, clock.to_seconds(audio.duration), audio.sample_rate, audio.format))),
        ("speech", _encode(dict(narration.speech))),
        ("words", _lines(_word(word) for word in narration.words)),
        ("cues", _lines(_cue(cue) for cue in narration.cues)),
    ]
    if narration.timeline is not None:
        fields.insert(-1, ("characters", _characters(narration.timeline)))
    return b"{\n" + b",\n".join(b'"%s": %s' % (name.encode(), value) for name, value in fields) + b"\n}\n"


def parse(data: bytes, name: str) -> Narration:
    """The narration in a timing file.

    Raises:
        TimingFileError: It is no JSON, a field is missing or of the wrong type, or what the fields say cannot be (a
            word that is not in the text, times that run backwards). Names the file and the field.
    """
    try:
        file = _decode(data.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `")
        raise _error(problem[:1].lower() + problem[1:], name, path.rstrip("`").removeprefix("$.")) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _error(f"this is not valid JSON ({error})", name, "") from None
    _check_words(file, name)
    _check_cues(file, name)
    return Narration(
        text=file.text,
        language=file.language,
        source=file.source,
        audio=AudioFile(
            file.audio.file,
            clock.from_seconds(file.audio.duration),
            file.audio.sample_rate,
            file.audio.format,
        ),
        words=tuple(Word(w.text, clock.from_seconds(w.start), clock.from_seconds(w.end), w.span) for w in file.words),
        cues=tuple(Cue(clock.from_seconds(c.start), clock.from_seconds(c.end), c.lines, c.words) for c in file.cues),
        speech=file.speech,
        timeline=_timeline(file, name),
    )


def _lines(items: Iterable[object]) -> bytes:
    rows = b",\n".join(map(_encode, items))
    return b"[\n" + rows + b"\n]" if rows else b"[]"


def _word(word: Word) -> _Word:
    return _Word(word.text, clock.to_seconds(word.start), clock.to_seconds(word.end), word.span)


def _cue(cue: Cue) -> _Cue:
    return _Cue(clock.to_seconds(cue.start), clock.to_seconds(cue.end), cue.lines, cue.words)


def _characters(timeline: Timeline) -> bytes:
    columns = (_encode(clock.all_to_seconds(column)) for column in (timeline.starts, timeline.ends))
    return b'{\n"start": %s,\n"end": %s\n}' % tuple(columns)


def _timeline(file: _File, name: str) -> Timeline | None:
    columns = file.characters
    if not isinstance(columns, _Characters):
        return None
    for field, column in (("start", columns.start), ("end", columns.end)):
        if len(column) != len(file.text):
            problem = f"{len(column)} entries for the {len(file.text)} characters of the text"
            raise _error(problem, name, f"characters.{field}")
    for i, (start, end) in enumerate(zip(columns.start, columns.end, strict=True)):
        _require("ends before it starts", name, f"characters.end[{i}]", holds=start <= end)
    starts, ends = (array("q", map(clock.from_seconds, column)) for column in (columns.start, columns.end))
    return Timeline(file.text, starts, ends)


def _check_words(file: _File, name: str) -> None:
    reached, heard = 0, 0.0
    for i, word in enumerate(file.words):
        first, stop = word.span
        if not (reached <= first < stop <= len(file.text)):
            raise _error("the spans must ascend inside the text", name, f"words[{i}].span")
        if file.text[reached:first].strip():
            raise _error(
                f"the text before it, {file.text[reached:first].strip()[:40]!r}, is in no word", name, f"words[{i}]"
            )
        if word.text.strip() != file.text[first:stop].strip():
            raise _error(f"{word.text[:40]!r} is not what stands at its span in the text", name, f"words[{i}].text")
        _require("starts before the word in front of it", name, f"words[{i}].start", holds=heard <= word.start)
        _require("ends before it starts", name, f"words[{i}].end", holds=word.start <= word.end)
        reached, heard = stop, word.start
    _require("the end of the text is in no word", name, "words", holds=not file.text[reached:].strip())


def _check_cues(file: _File, name: str) -> None:
    reached, shown = 0, 0.0
    for i, cue in enumerate(file.cues):
        first, stop = cue.words
        if not reached <= first < stop <= len(file.words):
            raise _error(f"the ranges must ascend within the {len(file.words)} words", name, f"cues[{i}].words")
        _require("starts before the cue in front of it", name, f"cues[{i}].start", holds=shown <= cue.start)
        _require("ends before it starts", name, f"cues[{i}].end", holds=cue.start <= cue.end)
        reached, shown = stop, cue.start


def _require(problem: str, name: str, field: str, *, holds: bool) -> None:
    if not holds:
        raise _error(problem, name, field)


def _error(problem: str, name: str, field: str) -> TimingFileError:
    place = f"{name}, {field}" if field else name
    return TimingFileError(problem, place, "make it again with aligner run, or mend it by timing.schema.json")
