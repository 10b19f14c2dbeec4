from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.service import FINAL, audio
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import (
    ConnectionFailed,
    KeyRefused,
    ProtocolError,
    ServiceBusy,
    ServiceRefused,
    SpeechError,
)
from aligner.model import Chunk, Secret, VoiceSettings
from aligner.speech.protocol import ClientSession, Ended, Opened, Opening, ServerSession, State, TextReceived
from aligner.speech.refusals import GENERATION_CHANGED, INVALID_MESSAGE, SETTINGS_CHANGED, Refused


def opened_client() -> ClientSession:
    session = ClientSession(Opening())
    session.open()
    return session


def opened_server(**first: object) -> ServerSession:
    session = ServerSession()
    session.receive(json.dumps({"text": " ", **first}))
    return session


# -- the client's side


def test_the_first_message_is_one_space_with_everything_that_holds_for_the_session() -> None:
    opening = Opening(VoiceSettings(stability=0.3), (120, 160), (("d", "v"), ("e", None)), Secret("k"))
    assert json.loads(ClientSession(opening).open()) == {
        "text": " ",
        "voice_settings": {"stability": 0.3},
        "generation_config": {"chunk_length_schedule": [120, 160]},
        "pronunciation_dictionary_locators": [
            {"pronunciation_dictionary_id": "d", "version_id": "v"},
            {"pronunciation_dictionary_id": "e", "version_id": None},
        ],
        "xi_api_key": "k",
    }


def test_a_bare_first_message_is_one_space() -> None:
    assert json.loads(ClientSession(Opening()).open()) == {"text": " "}


def test_text_flush_keep_alive_and_the_end_are_spelt_as_on_the_wire() -> None:
    session = opened_client()
    assert json.loads(session.text("Hello ")) == {"text": "Hello "}
    assert json.loads(session.text("Hello ", flush=True)) == {"text": "Hello ", "flush": True}
    assert json.loads(session.keep_alive()) == {"text": " "}
    assert json.loads(session.finish()) == {"text": ""}
    assert session.state is State.CLOSING


def test_an_empty_text_would_close_and_is_refused_here() -> None:
    with pytest.raises(ValueError, match="finish"):
        opened_client().text("")


def test_nothing_is_said_out_of_order() -> None:
    session = ClientSession(Opening())
    with pytest.raises(ValueError, match="new"):
        session.text("a")
    session.open()
    with pytest.raises(ValueError, match="open"):
        session.open()
    session.finish()
    with pytest.raises(ValueError, match="closing"):
        session.text("a")


def test_a_session_brings_chunks_and_ends_with_the_final_message() -> None:
    session = opened_client()
    (chunk,) = session.receive(audio("AAAA", "Hi"))
    assert isinstance(chunk, Chunk)
    session.finish()
    assert session.receive(FINAL) == (Ended(),)
    session.closed(1000, "")
    assert session.state is State.ENDED


def test_audio_in_the_final_message_is_kept() -> None:
    chunk, end = opened_client().receive(audio("AAAA", "Hi", isFinal=True))
    assert isinstance(chunk, Chunk)
    assert end == Ended()


@pytest.mark.parametrize("final", [None, False])
def test_a_final_flag_that_is_not_true_ends_nothing(final: bool | None) -> None:  # noqa: FBT001 - the wire's values
    (chunk,) = opened_client().receive(audio("AAAA", isFinal=final))
    assert chunk == Chunk(b"\0\0\0")


def test_an_empty_message_brings_nothing() -> None:
    assert opened_client().receive(audio("")) == ()


def test_a_normal_close_once_all_was_sent_is_an_end() -> None:
    session = opened_client()
    session.finish()
    session.closed(1000, "")


@pytest.mark.parametrize("code", [1000, 1001, 1005, 1006, 1009, 1011, 1012])
def test_a_close_before_all_was_sent_is_a_failure_worth_another_try(code: int) -> None:
    with pytest.raises(ConnectionFailed, match=f"code {code}: gone"):
        opened_client().closed(code, "gone")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"error": "invalid_api_key", "message": "Invalid API key"}, KeyRefused),
        ({"error": "voice_id_does_not_exist", "message": "A voice with voice_id X does not exist."}, ServiceRefused),
        ({"error": "quota_exceeded", "message": "This request exceeds your quota of 10."}, ServiceRefused),
        ({"error": "too_many_concurrent_requests", "message": "Too many"}, ServiceBusy),
        ({"error": "system_busy", "message": "The system is busy"}, ServiceBusy),
        ({"error": "input_timeout_exceeded", "message": "Have not received a new text input"}, ConnectionFailed),
        ({"error": "unsupported_model", "message": "No such model"}, ServiceRefused),
        ({"error": "something_new", "message": "Because"}, ServiceRefused),
        ({"message": "Because"}, ServiceRefused),
    ],
)
def test_an_error_frame_says_whether_another_try_makes_sense(said: dict[str, str], kind: type[SpeechError]) -> None:
    session = opened_client()
    with pytest.raises(SpeechError) as caught:
        session.receive(json.dumps({**said, "code": 1008}))
    assert type(caught.value) is kind
    assert said["message"].removesuffix(".") in str(caught.value)  # a mend may follow in the same sentence
    assert session.state is State.ENDED


def test_a_refusal_may_come_as_a_close_reason_alone() -> None:
    reason = "This request exceeds your quota of 10. You have 3 credits remaining"
    with pytest.raises(ServiceRefused, match="quota of 10"):
        opened_client().closed(1008, reason)


def test_what_is_no_message_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError):
        opened_client().receive("no json")


# -- the service's side


def test_the_first_message_opens_and_its_space_is_not_voiced() -> None:
    events = ServerSession().receive(json.dumps({"text": " ", "voice_settings": {"speed": 1.1}, "xi_api_key": "k"}))
    (opened,) = events
    assert isinstance(opened, Opened)
    assert opened.opening.voice_settings == VoiceSettings(speed=1.1)
    assert opened.opening.key is not None
    assert opened.opening.key.reveal() == "k"
    assert "'k'" not in repr(opened)


def test_text_in_the_first_message_is_meant_to_be_spoken() -> None:
    events = ServerSession().receive(json.dumps({"text": "Hello "}))
    assert events[1:] == (TextReceived("Hello "),)


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ({"text": "Hel"}, TextReceived("Hel")),
        ({"text": " "}, TextReceived(" ")),
        ({"text": "Hi ", "flush": True}, TextReceived("Hi ", flush=True)),
        ({"text": "", "flush": True}, TextReceived("", flush=True)),
        ({"flush": True}, TextReceived("", flush=True)),
        ({"text": None, "flush": True}, TextReceived("", flush=True)),
        ({"text": "Hi ", "try_trigger_generation": True}, TextReceived("Hi ", trigger=True)),
        ({"text": ""}, Ended()),
    ],
)
def test_what_a_client_may_say(message: dict[str, object], event: object) -> None:
    assert opened_server().receive(json.dumps(message)) == (event,)


def test_after_the_end_nothing_is_heard() -> None:
    session = opened_server()
    session.receive('{"text": ""}')
    assert session.receive('{"text": "more "}') == ()


@pytest.mark.parametrize("frame", ["", "nonsense", "{}", '{"text": 7}', '{"try_trigger_generation": true}'])
def test_what_is_no_message_is_refused(frame: str) -> None:
    with pytest.raises(Refused) as caught:
        opened_server().receive(frame)
    assert caught.value.refusal == INVALID_MESSAGE


def test_settings_hold_for_the_session() -> None:
    settings = {"stability": 0.5, "speed": 1.1}
    session = opened_server(voice_settings=settings, generation_config={"chunk_length_schedule": [50]})
    same: dict[str, Any] = {"voice_settings": settings, "generator_config": {"chunk_length_schedule": [50]}}
    assert session.receive(json.dumps({"text": "a ", **same})) == (TextReceived("a "),)
    for field, value, refusal in [
        ("voice_settings", {"speed": 1.2}, SETTINGS_CHANGED),
        ("generation_config", {"chunk_length_schedule": [60]}, GENERATION_CHANGED),
    ]:
        with pytest.raises(Refused) as caught:
            session.receive(json.dumps({"text": "a ", field: value}))
        assert caught.value.refusal == refusal


@pytest.mark.parametrize(
    "later",
    [
        {"voice_settings": {}},
        {"voice_settings": {"stability": 0.5, "similarity_boost": 0.75, "style": 0.0, "use_speaker_boost": True}},
        {"voice_settings": {"speed": None, "stability": 0.5}},
        {"generation_config": {}},
        {"generation_config": {"chunk_length_schedule": [120, 160, 250, 290]}},
    ],
)
def test_what_is_left_out_or_at_its_default_is_no_change(later: dict[str, Any]) -> None:
    session = opened_server(voice_settings={"speed": 1.1})
    assert session.receive(json.dumps({"text": "a ", **later})) == (TextReceived("a "),)


def test_back_to_the_default_is_a_change() -> None:
    with pytest.raises(Refused, match="first message"):
        opened_server(voice_settings={"speed": 1.1}).receive(json.dumps({"text": "a ", "voice_settings": {"speed": 1}}))


def test_settings_that_come_late_are_refused() -> None:
    with pytest.raises(Refused, match="first message"):
        opened_server().receive(json.dumps({"text": "a ", "voice_settings": {"speed": 1.2}}))


def test_null_settings_are_none() -> None:
    events = opened_server().receive(json.dumps({"text": "a ", "voice_settings": None, "generation_config": None}))
    assert events == (TextReceived("a "),)


def test_what_the_service_says_the_client_hears() -> None:
    server, client = opened_server(), opened_client()
    client.finish()
    assert client.receive(server.audio(b"\0\0", None, None)) == (Chunk(b"\0\0"),)
    assert client.receive(server.final()) == (Ended(),)


@given(st.lists(st.text(min_size=1, max_size=30), max_size=10))
def test_what_the_client_says_the_service_hears(texts: list[str]) -> None:
    client, server = ClientSession(Opening()), ServerSession()
    server.receive(client.open())
    heard = [server.receive(client.text(text)) for text in texts]
    assert heard == [(TextReceived(text),) for text in texts]
    assert server.receive(client.finish()) == (Ended(),)
