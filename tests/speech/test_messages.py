from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import ProtocolError
from aligner.model import Alignment, Chunk, VoiceSettings
from aligner.speech import messages
from aligner.speech.messages import ClientMessage, GenerationConfig


def chunk(**fields: Any) -> Chunk:
    return messages.to_chunk(messages.decode_server(json.dumps(fields)))


def wire(chars: list[str], starts: list[float], durations: list[float], key: str = "charDurationsMs") -> dict[str, Any]:
    return {"chars": chars, "charStartTimesMs": starts, key: durations}


HI = Alignment(("H", "i", " "), (0, 81_000, 139_000), (81_000, 58_000, 40_000))


@pytest.mark.parametrize("key", ["charDurationsMs", "charsDurationsMs"])
def test_an_audio_message_is_read_in_both_spellings(key: str) -> None:
    got = chunk(audio="AAAA", isFinal=None, alignment=wire(["H", "i", " "], [0, 81, 139], [81, 58, 40], key))
    assert got == Chunk(b"\0\0\0", HI)


def test_the_wires_spelling_wins_where_both_are_there() -> None:
    both = wire(["a"], [0], [5]) | {"charsDurationsMs": [7]}
    assert chunk(alignment=both).alignment == Alignment(("a",), (0,), (5_000,))


def test_a_tail_message_has_audio_and_no_alignment() -> None:
    assert chunk(audio="AAAA", isFinal=None, alignment=None, normalizedAlignment=None) == Chunk(b"\0\0\0")


@pytest.mark.parametrize("audio", [None, ""])
def test_an_alignment_without_audio_is_kept(audio: str | None) -> None:
    assert chunk(audio=audio, alignment=wire(["a"], [0], [5])).alignment is not None


def test_absent_keys_are_nulls() -> None:
    assert chunk() == Chunk()


def test_entries_of_several_characters_stay_together() -> None:
    got = chunk(alignment=wire(["Hel", "lo"], [0, 30], [30, 20])).alignment
    assert got is not None
    assert (got.text, got.span) == ("Hello", 50_000)


def test_fractions_of_a_millisecond_are_kept() -> None:
    got = chunk(alignment=wire(["a"], [0.25], [1.5])).alignment
    assert got == Alignment(("a",), (250,), (1_500,))


@pytest.mark.parametrize(
    "broken",
    [
        wire(["a", "b"], [0], [5, 5]),
        wire(["a"], [0], [5, 5]),
        wire(["a"], [0], [5], "durations"),
        wire(["a"], [-1], [5]),
        wire(["a"], [0], [-5]),
        wire(["a", "b"], [10, 0], [5, 5]),
        wire(["a"], [1e300], [5]),
        {"chars": "abc"},
        {},
        [],
        "nonsense",
        7,
    ],
)
def test_an_unusable_alignment_is_dropped_and_marked_never_the_audio(broken: object) -> None:
    assert chunk(audio="AAAA", alignment=broken) == Chunk(b"\0\0\0", damaged=True)


def test_an_empty_alignment_is_none() -> None:
    assert chunk(audio="AAAA", alignment=wire([], [], [])) == Chunk(b"\0\0\0")


def test_a_usable_normalized_alignment_makes_up_for_a_broken_one() -> None:
    got = chunk(audio="AAAA", alignment={}, normalizedAlignment=wire([" ", "a"], [0, 5], [5, 5]))
    assert (got.alignment, got.damaged) == (None, False)
    assert got.normalized is not None


@pytest.mark.parametrize(
    "frame", ["", "{", "null", "[]", '"text"', "7", b"\xff\xfe", '{"audio": 7}', '{"audio": "*not base64*"}']
)
def test_what_is_no_message_is_a_protocol_error(frame: str | bytes) -> None:
    with pytest.raises(ProtocolError, match="cannot be read"):
        messages.decode_server(frame)


@given(st.text() | st.binary())
def test_nothing_but_protocol_errors_comes_out(frame: str | bytes) -> None:
    for decode in (messages.decode_server, messages.decode_client):
        try:
            decode(frame)
        except ProtocolError:
            continue


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(json_values, json_values)
def test_any_alignment_gives_a_chunk(alignment: object, normalized: object) -> None:
    try:
        got = chunk(audio="AAAA", alignment=alignment, normalizedAlignment=normalized)
    except ProtocolError:  # NaN and infinity are no JSON
        return
    assert got.audio == b"\0\0\0"


@given(st.binary(max_size=50), st.lists(st.tuples(st.text(max_size=2), st.integers(0, 500)), min_size=1, max_size=20))
def test_what_the_service_writes_the_client_reads(sound: bytes, timed: list[tuple[str, int]]) -> None:
    starts = [sum(duration for _, duration in timed[:index]) for index in range(len(timed))]
    alignment = Alignment(
        tuple(text for text, _ in timed),
        tuple(1_000 * start for start in starts),
        tuple(1_000 * duration for _, duration in timed),
    )
    read = messages.to_chunk(messages.decode_server(messages.encode_audio(sound, alignment, None)))
    assert read == Chunk(sound, alignment)


def test_the_services_message_is_spelt_as_on_the_wire() -> None:
    message = json.loads(messages.encode_audio(b"\0\0\0", HI, None))
    assert message == {
        "audio": base64.b64encode(b"\0\0\0").decode(),
        "isFinal": None,
        "normalizedAlignment": None,
        "alignment": wire(["H", "i", " "], [0, 81, 139], [81, 58, 40]),
    }


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=50))
def test_rounded_times_stay_contiguous_and_their_sum_exact(durations: list[int]) -> None:
    starts = tuple(sum(durations[:index]) for index in range(len(durations)))
    alignment = Alignment(("x",) * len(durations), starts, tuple(durations))
    wired = json.loads(messages.encode_audio(b"", alignment, None))["alignment"]
    ends = [
        start + duration for start, duration in zip(wired["charStartTimesMs"], wired["charDurationsMs"], strict=True)
    ]
    assert wired["charStartTimesMs"][1:] == ends[:-1]
    assert abs(ends[-1] * 1_000 - sum(durations)) <= 500


def test_the_final_and_the_error_message_are_spelt_as_on_the_wire() -> None:
    assert json.loads(messages.encode_final()) == {
        "audio": None,
        "isFinal": True,
        "normalizedAlignment": None,
        "alignment": None,
    }
    assert json.loads(messages.encode_error("No", "no", 1008)) == {"message": "No", "error": "no", "code": 1008}


def test_a_client_message_leaves_out_what_is_not_said() -> None:
    assert json.loads(messages.encode_client(ClientMessage(text="Hi "))) == {"text": "Hi "}


def test_every_field_of_a_client_message_may_be_null_or_unknown() -> None:
    nulls = dict.fromkeys(["text", "flush", "voice_settings", "generation_config", "xi_api_key"])
    assert messages.decode_client(json.dumps({**nulls, "new_field": {"a": [1]}})) == ClientMessage()


@pytest.mark.parametrize("name", ["xi_api_key", "xi-api-key", "authorization"])
def test_the_key_comes_under_any_of_its_names(name: str) -> None:
    assert messages.decode_client(json.dumps({"text": " ", name: "k"})).key == "k"


@pytest.mark.parametrize("name", ["generation_config", "generator_config"])
def test_the_schedule_comes_under_any_of_its_names(name: str) -> None:
    message = messages.decode_client(json.dumps({"text": " ", name: {"chunk_length_schedule": [50, 500]}}))
    assert message.generation == GenerationConfig([50, 500])


@pytest.mark.parametrize(
    "fields",
    [
        {"text": 7},
        {"voice_settings": {"stability": 1.1}},
        {"voice_settings": {"speed": 0.6}},
        {"generation_config": {"chunk_length_schedule": [49]}},
        {"generation_config": {"chunk_length_schedule": [501]}},
        {"generation_config": {"chunk_length_schedule": []}},
        {"pronunciation_dictionary_locators": [{"pronunciation_dictionary_id": "d"}] * 4},
    ],
)
def test_values_out_of_range_are_protocol_errors(fields: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        messages.decode_client(json.dumps(fields))


def test_voice_settings_survive_the_way() -> None:
    settings = VoiceSettings(stability=0.4, speed=1.1)
    assert messages.from_wire_settings(messages.to_wire_settings(settings)) == settings
    assert messages.to_wire_settings(VoiceSettings()) is None
    assert messages.from_wire_settings(None) == VoiceSettings()
