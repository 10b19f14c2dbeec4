"""A fuzzer on all that reads what comes from outside: nothing but the errors that it promises comes out."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.errors import ProtocolError, SpeechError
from aligner.model import Chunk
from aligner.speech import address, messages
from aligner.speech.protocol import ClientSession, Ended, Opened, Opening, ServerSession, TextReceived
from aligner.speech.refusals import Refused, refused_upgrade

# Values as strange as JSON can hold, with the wire's own words among them so that they are met in the wrong places.
WORDS = [
    *("text", "flush", "try_trigger_generation", "voice_settings", "generation_config", "generator_config"),
    *("chunk_length_schedule", "stability", "similarity_boost", "style", "use_speaker_boost", "speed", "xi_api_key"),
    *("xi-api-key", "authorization", "pronunciation_dictionary_locators", "pronunciation_dictionary_id", "version_id"),
    *("audio", "isFinal", "alignment", "normalizedAlignment", "chars", "charStartTimesMs", "charDurationsMs"),
    *("charsDurationsMs", "error", "message", "code"),
]
KEYS = st.sampled_from(WORDS) | st.text(max_size=5)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", " ", "AAAA", "=", "A", 50, 500, 0.7, 1.2])
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=20
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=8)


def _mutated(data: st.DataObject, frame: str) -> bytes:
    """A frame with a byte changed, taken out or put in here and there."""
    found = bytearray(frame.encode())
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, max(len(found) - 1, 0)))
        found[place : place + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    return bytes(found)


@st.composite
def frames(draw: st.DrawFn) -> str | bytes:
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return draw(st.binary(max_size=60))
    if kind == 1:
        return draw(st.text(max_size=60))
    text = json.dumps(draw(OBJECTS))
    return text if kind == 2 else _mutated(draw(st.data()), text)


@settings(deadline=None, max_examples=150)
@given(frames())
@example(b"[" * 5_000)
@example('{"voice_settings": {"stability": NaN}}')
@example('{"text": "\\ud800"}')
def test_a_clients_frame_is_a_message_or_a_protocol_error(frame: str | bytes) -> None:
    try:
        found = messages.decode_client(frame)
    except ProtocolError:
        return
    assert isinstance(found, messages.ClientMessage)


@settings(deadline=None, max_examples=150)
@given(frames())
@example(b'{"audio": "' + b"A" * 999 + b'"}')
@example(b'{"alignment": {"chars": ["a"], "charStartTimesMs": [1e300], "charDurationsMs": [-1]}}')
@example(b'{"alignment": ' + b"[" * 5_000)
def test_a_services_frame_is_a_chunk_or_a_protocol_error(frame: str | bytes) -> None:
    try:
        chunk = messages.to_chunk(messages.decode_server(frame))
    except ProtocolError:
        return
    assert isinstance(chunk, Chunk)
    for alignment in filter(None, (chunk.alignment, chunk.normalized)):
        assert len(alignment.characters) == len(alignment.starts) == len(alignment.durations)
        assert alignment.span >= 0


@settings(deadline=None, max_examples=100)
@given(st.lists(frames() | OBJECTS.map(json.dumps), max_size=8))
def test_a_session_of_the_service_answers_anything_with_events_or_a_refusal(said: list[str | bytes]) -> None:
    session = ServerSession()
    for number, frame in enumerate(said):
        try:
            events = session.receive(frame)
        except Refused as refused:
            refusal = refused.refusal
            break
        assert all(isinstance(event, Opened | TextReceived | Ended) for event in events)
        assert isinstance(events[0], Opened) == (number == 0) if events else number
    else:
        return
    assert refusal.code == 1008
    assert len(refusal.reason.encode()) <= 123


@settings(deadline=None, max_examples=100)
@given(st.lists(frames() | OBJECTS.map(json.dumps), max_size=8), st.integers(1000, 4999), st.text(max_size=40))
def test_a_session_of_the_client_takes_anything_as_events_or_an_error(
    said: list[str | bytes], code: int, reason: str
) -> None:
    session = ClientSession(Opening())
    session.open()
    try:
        for frame in said:
            assert all(isinstance(event, Chunk | Ended) for event in session.receive(frame))
        session.closed(code, reason)
    except SpeechError as error:
        sentence = str(error)
    else:
        return
    assert sentence


@settings(deadline=None, max_examples=100)
@given(
    st.text(max_size=60)
    | st.builds(
        "/v1/text-to-speech/{}/stream-input?{}={}&{}={}".format,
        st.text(max_size=8),
        *(st.sampled_from([*address._READERS, "other"]) | st.text(max_size=4), st.text(max_size=8)) * 2,  # noqa: SLF001 - all parameters there are
    )
)
@example("//[::1/v1")
@example("/v1/text-to-speech/%ff/stream-input?seed=1e9&inactivity_timeout=nan")
def test_an_address_is_one_or_none_or_a_protocol_error(target: str) -> None:
    try:
        found = address.parse(target)
    except ProtocolError:
        return
    assert found is None or address.parse(found.target) is not None


@given(st.integers(300, 599), st.binary(max_size=200) | OBJECTS.map(lambda body: json.dumps(body).encode()))
def test_any_answer_to_the_upgrade_is_an_error_with_a_sentence(status: int, body: bytes) -> None:
    assert str(status) in str(refused_upgrade(status, body))


@given(VALUES)
def test_any_detail_of_a_refusal_is_read(value: Any) -> None:
    assert isinstance(refused_upgrade(400, json.dumps({"detail": value}).encode()), SpeechError)


def test_a_refusal_nested_too_deep_is_one_all_the_same() -> None:
    assert isinstance(refused_upgrade(400, b'{"detail": ' + b"[" * 5_000), SpeechError)
