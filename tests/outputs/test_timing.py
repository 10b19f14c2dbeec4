from __future__ import annotations

import json
from array import array
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner import clock
from aligner.errors import TimingFileError
from aligner.model import AudioFile, Cue, Narration, Timeline, Word
from aligner.outputs import timing

SCHEMA = json.loads(files("aligner.outputs").joinpath("timing.schema.json").read_text())
LETTERS = st.text(st.characters(exclude_categories=["Z", "Cc", "Cs"]), min_size=1, max_size=8).filter(str.strip)


@st.composite
def narrations(draw: st.DrawFn) -> Narration:
    """Any narration whose times are whole milliseconds, so that nothing is rounded on its way."""
    tokens = draw(st.lists(LETTERS.filter(lambda t: not any(map(str.isspace, t))), max_size=12))
    text = " ".join(tokens)
    words: list[Word] = []
    place = now = 0
    for token in tokens:
        now += draw(st.integers(0, 5_000)) * 1_000
        length = draw(st.integers(0, 900)) * 1_000
        words.append(Word(token, now, now + length, (place, place + len(token))))
        place += len(token) + 1
    cues = tuple(Cue(w.start, w.end, (w.text, "line"), (i, i + 1)) for i, w in enumerate(words))
    starts = array("q", [1_000 * i for i in range(len(text))])
    timeline = Timeline(text, starts, array("q", [us + 500_000 for us in starts])) if draw(st.booleans()) else None
    audio = AudioFile(draw(st.none() | LETTERS), draw(st.integers(0, 10**7)) * 1_000, 44_100)
    return Narration(text, "en", draw(st.none() | LETTERS), audio, tuple(words), cues, {"engine": "local"}, timeline)


@given(narrations())
def test_what_is_written_is_read_and_keeps_to_the_schema(narration: Narration) -> None:
    data = timing.render(narration)
    jsonschema.validate(json.loads(data), SCHEMA, jsonschema.Draft202012Validator)
    assert timing.parse(data, "a.json") == narration


@given(st.integers(0, 10**12), st.integers(0, 10**7))
def test_times_are_rounded_to_the_millisecond(start: int, length: int) -> None:
    word = Word("x", start, start + length, (0, 1))
    narration = Narration("x", "en", None, AudioFile(None, start, 8_000), (word,))
    read = timing.parse(timing.render(narration), "a.json").words[0]
    assert clock.to_milliseconds(read.start) == clock.to_milliseconds(start)
    assert clock.to_milliseconds(read.end) == clock.to_milliseconds(start + length)
    assert read.start % 1_000 == read.end % 1_000 == 0


NARRATION = Narration(
    "Hé, you.",
    "en",
    "a.md",
    AudioFile("a.mp3", 2_000_000, 44_100),
    (Word("Hé,", 0, 400_499, (0, 3)), Word("you.", 500_500, 1_000_000, (4, 8))),
    (Cue(0, 1_250_000, ("Hé, you.",), (0, 2)),),
    {"engine": "local", "voice": "en"},
)


def test_one_word_a_line() -> None:
    assert timing.render(NARRATION).decode() == (
        '{\n"format": "aligner.timing/1",\n"text": "Hé, you.",\n"language": "en",\n"source": "a.md",\n'
        '"audio": {"file":"a.mp3","duration":2.0,"sample_rate":44100,"format":"mp3"},\n'
        '"speech": {"engine":"local","voice":"en"},\n'
        '"words": [\n{"text":"Hé,","start":0.0,"end":0.4,"span":[0,3]},\n'
        '{"text":"you.","start":0.501,"end":1.0,"span":[4,8]}\n],\n'
        '"cues": [\n{"start":0.0,"end":1.25,"lines":["Hé, you."],"words":[0,2]}\n]\n}\n'
    )


def edited(**changes: object) -> bytes:
    fields = json.loads(timing.render(NARRATION))
    for path, value in changes.items():
        target = fields
        *parents, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        for step in parents:
            target = target[step]
        if value is None:
            del target[last]
        else:
            target[last] = value
    return json.dumps(fields).encode()


def test_what_may_be_missing_or_more() -> None:
    read = timing.parse(edited(source=None, speech=None, audio__format=None, extra={"a": 1}), "a.json")
    assert (read.source, read.speech, read.audio.format) == (None, {}, "mp3")
    assert timing.parse(b"\xef\xbb\xbf" + edited(), "a.json").words[0].text == "Hé,"
    assert timing.parse(edited(words__0__speaker="A"), "a.json").words[0].span == (0, 3)


def test_a_span_may_hold_white_space_around_its_word() -> None:
    assert timing.parse(edited(words__1__span=[3, 8]), "a.json").words[1].text == "you."


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"format": "other/1"}, "format", "invalid"),
        ({"text": 3}, "text", "expected `str`"),
        ({"words": None}, "", "missing required field `words`"),
        ({"audio__sample_rate": "x"}, "audio.sample_rate", "expected `int`"),
        ({"audio__duration": -1}, "audio.duration", ">= 0"),
        ({"words__0__start": "0"}, "words[...].start", "expected `float`"),
        ({"words__0__start": -0.1}, "words[...].start", ">= 0"),
        ({"words__0__end": 1e10}, "words[...].end", "<= 1"),
        ({"words__0__span": [0]}, "words[...].span", "length 2"),
        ({"words__0__span": [0, 1.5]}, "words[...].span[1]", "expected `int`"),
        ({"words__1__span": [2, 8]}, "words[1].span", "ascend"),
        ({"words__1__span": [4, 9]}, "words[1].span", "inside the text"),
        ({"words__1__span": [8, 8]}, "words[1].span", "ascend"),
        ({"words__1__span": [5, 8]}, "words[1]", "'y', is in no word"),
        ({"words__1__text": "me"}, "words[1].text", "is not what stands"),
        ({"words__1__start": 0, "words__0__start": 0.1}, "words[1].start", "starts before"),
        ({"words__1__end": 0.1}, "words[1].end", "ends before"),
        ({"text": "Hé, you. More"}, "words", "the end of the text"),
        ({"cues__0__words": [0, 3]}, "cues[0].words", "within the 2 words"),
        ({"cues__0__words": [1, 1]}, "cues[0].words", "ascend"),
        ({"cues__0__start": 2}, "cues[0].end", "ends before"),
        ({"cues": [{"start": 1, "end": 1, "lines": [], "words": [0, 1]},
                   {"start": 0, "end": 1, "lines": [], "words": [1, 2]}]},
         "cues[1].start", "starts before"),
        ({"cues__0__lines": "x"}, "cues[...].lines", "expected `array`"),
        ({"characters": {"start": [0], "end": [0]}}, "characters.start", "1 entries for the 8 characters"),
        ({"characters": {"start": [0] * 8, "end": [0]}}, "characters.end", "1 entries"),
        ({"characters": {"start": [1] * 8, "end": [0] * 8}}, "characters.end[0]", "ends before"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_field(changes: dict[str, object], field: str, problem: str) -> None:
    with pytest.raises(TimingFileError) as caught:
        timing.parse(edited(**changes), "a.json")
    wanted = f"a.json, {field}" if field else "a.json"
    assert caught.value.place == wanted or "[...]" in field
    assert all(part in caught.value.place for part in wanted.split("[...]"))
    assert problem in caught.value.problem
    assert caught.value.mend


@pytest.mark.parametrize("data", [b"", b"{", b"WEBVTT", b"\xff\xfe", b"[" * 100_000, b'{"a": NaN}', b'"\\ud800"'])
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(TimingFileError, match=r"^a\.json: "):
        timing.parse(data, "a.json")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_a_narration_or_a_timing_file_error(value: object) -> None:
    with pytest.raises(TimingFileError):
        timing.parse(json.dumps(value).encode(), "a.json")
