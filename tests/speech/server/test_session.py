# ruff: noqa: RUF001 - phones and the scripts of many languages are the point
from __future__ import annotations

import asyncio
import json
import logging
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from fakes.talk import Heard, Message, final_index, say, talk, target
from websockets.asyncio.client import connect

from aligner.errors import EngineError
from aligner.model import Secret
from aligner.speech.server import session
from aligner.speech.server.app import Service, serve
from aligner.speech.server.options import ServiceOptions
from aligner.speech.server.voice.espeak import RATE
from aligner.speech.server.voice.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TEXT = "Mr. Smith paid 1,234.50 dollars. “Really?” asked (quietly) his aunt – and I <3 it. "


def with_service(use: Callable[[Service], Awaitable[Any]], options: ServiceOptions | None = None) -> Any:
    async def run() -> Any:
        async with serve(options or ServiceOptions(workers=1)) as service:
            return await use(service)

    return asyncio.run(run())


def heard(*messages: str | Message, **settings: Any) -> Heard:
    found = with_service(lambda service: talk(service.url, *messages, **settings))
    assert isinstance(found, Heard)
    return found


def test_what_is_sent_is_spoken_and_aligned() -> None:
    found = heard(TEXT)
    assert found.text == TEXT
    assert found.code == 1000
    assert len(found.audio) > 4 * 44_100
    assert abs(found.span - len(found.audio) / 44.1) <= 1


def test_every_message_is_as_on_the_wire() -> None:
    found = heard(TEXT)
    for message in found.messages:
        assert set(message) == {"audio", "isFinal", "alignment", "normalizedAlignment"}
    *audio, final = found.messages
    assert final == {"audio": None, "isFinal": True, "alignment": None, "normalizedAlignment": None}
    assert all(message["isFinal"] is None for message in audio)
    assert audio[-1]["alignment"] is None
    for alignment in found.aligned:
        starts, durations = alignment["charStartTimesMs"], alignment["charDurationsMs"]
        assert len(alignment["chars"]) == len(starts) == len(durations)
        assert starts[0] == 0
        assert all(a + d == b for (a, b), d in zip(pairwise(starts), durations, strict=False))


def test_audio_and_alignment_are_cut_at_different_places() -> None:
    found = heard(TEXT)
    differences = [
        abs(sum(message["alignment"]["charDurationsMs"]) - len(message["audio"]) * 3 / 4 / 2 * 1000 / RATE)
        for message in found.messages
        if message["alignment"]
    ]
    assert any(differences)
    assert max(differences) < 250


def test_a_generation_ends_with_a_space_that_was_never_sent() -> None:
    found = heard("One.", {"text": "Two", "flush": True}, "Three")
    assert found.text == "One.Two Three "
    normalized = [message["normalizedAlignment"] for message in found.messages if message["normalizedAlignment"]]
    assert "".join("".join(alignment["chars"]) for alignment in normalized) == " One.Two  Three "


def test_a_flush_speaks_at_once_and_ends_nothing() -> None:
    async def use(service: Service) -> None:
        async with connect(service.url + target(), max_size=None) as socket:
            for text in ("Hello there. ", "And again. "):
                await say(socket, *([" "] if text.startswith("H") else []), {"text": text, "flush": True})
                chars = ""
                while chars != text:
                    message = json.loads(await socket.recv())
                    assert not message["isFinal"]
                    chars += "".join((message["alignment"] or {"chars": []})["chars"])

    with_service(use)


@pytest.mark.parametrize(
    "flush", [{"text": "", "flush": True}, {"flush": True}, {"text": None, "flush": True}, {"text": " ", "flush": True}]
)
def test_every_spelling_of_a_flush_is_one(flush: Message) -> None:
    found = heard("One", flush, "Two")
    assert found.text.split() == ["One", "Two"]
    assert found.code == 1000


def test_without_a_word_there_is_only_the_final_message() -> None:
    found = heard()
    assert len(found.messages) == 1
    assert final_index(found.messages) == [0]
    assert found.code == 1000


def test_a_keep_alive_is_a_space_without_time() -> None:
    found = heard("One. ", " ", "Two. ")
    assert found.text == "One.  Two. "
    assert found.timed[3][1] + found.timed[4][1] > 100
    assert found.timed[5] == (" ", 0)


def test_text_is_joined_raw_over_messages() -> None:
    assert heard("Hel", "lo.", "World").text == "Hello.World "


def test_in_auto_mode_every_message_is_a_generation() -> None:
    assert heard("Hel", "lo. ", path=target(auto_mode="true")).text == "Hel lo. "


def test_the_schedule_decides_when_the_voice_begins() -> None:
    first: Message = {"generation_config": {"chunk_length_schedule": [50]}}
    text = "This sentence has exactly fifty characters in it. "

    async def use(service: Service) -> None:
        async with connect(service.url + target(), max_size=None) as socket:
            await say(socket, {"text": " ", **first}, text)
            assert json.loads(await socket.recv())["alignment"]["chars"][0] == "T"

    with_service(use)


def test_unsynced_all_characters_of_a_generation_come_with_its_first_message() -> None:
    found = heard(TEXT, {"text": "", "flush": True}, "The end.", path=target(sync_alignment="false"))
    assert ["".join(alignment["chars"]) for alignment in found.aligned] == [TEXT, "The end. "]
    assert abs(found.span - len(found.audio) / 44.1) <= 1


def test_the_speed_is_spoken() -> None:
    slow, fast = (heard(TEXT, first={"voice_settings": {"speed": speed}}) for speed in (0.7, 1.2))
    assert len(slow.audio) / len(fast.audio) == pytest.approx(1.2 / 0.7, rel=0.1)


@pytest.mark.parametrize("output_format", ["pcm_8000", "pcm_44100", "mp3_22050_32", "mp3_44100_128"])
def test_other_formats_have_the_same_times(output_format: str) -> None:
    found = heard(TEXT, path=target(output_format=output_format))
    assert found.text == TEXT
    assert found.code == 1000
    if output_format.startswith("pcm"):
        assert abs(found.span - len(found.audio) * 500 / int(output_format[4:])) <= 1
    else:
        kilobits = int(output_format.rpartition("_")[2])
        assert found.span <= len(found.audio) * 8 / kilobits <= found.span + 150


def test_many_generations_do_not_drift() -> None:
    found = heard(*[{"text": f"Sentence number {i}. ", "flush": True} for i in range(40)])
    assert found.text == "".join(f"Sentence number {i}. " for i in range(40))
    assert abs(found.span - len(found.audio) / 44.1) <= 1
    assert found.starts == sorted(found.starts)


def test_a_long_document_in_one_message_comes_back_whole() -> None:
    text = TEXT * 60
    found = heard(text)
    assert found.text == text
    assert abs(found.span - len(found.audio) / 44.1) <= 1


# -- refusals


@pytest.mark.parametrize(
    ("path", "first", "messages", "error"),
    [
        (target("nobody"), {}, [], "voice_id_does_not_exist"),
        (target(output_format="wav_44100"), {}, [], "unsupported_output_format"),
        (target("ja"), {}, ["日本", ""], "unsupported_text"),
        (target(), {"voice_settings": {"speed": 3}}, [], "invalid_input_message"),
        (target(), {}, [{"text": 5}], "invalid_input_message"),
        (target(), {}, [{"words": "none"}], "invalid_input_message"),
        (target(), {}, [{"text": "a", "voice_settings": {"speed": 1.1}}], "invalid_input_message"),
        (target(inactivity_timeout="0.2"), {}, ["Hello. "], "input_timeout_exceeded"),
    ],
)
def test_a_rule_that_is_broken_ends_the_session_with_a_reason(
    path: str, first: Message, messages: list[Message | str], error: str
) -> None:
    found = heard(*messages, path=path, first=first, close=False)
    last = found.messages[-1]
    assert set(last) == {"message", "error", "code"}
    assert (last["error"], last["code"], found.code) == (error, 1008, 1008)
    assert found.reason
    assert last["message"].startswith(found.reason)
    assert len(found.reason.encode()) <= 123


def test_what_is_no_json_is_refused() -> None:
    async def use(service: Service) -> list[Any]:
        async with connect(service.url + target()) as socket:
            await socket.send("hello")
            return [json.loads(frame) async for frame in socket]

    with pytest.raises(Exception, match="Could not parse input message"):
        with_service(use)


def test_equal_settings_may_be_repeated() -> None:
    settings = {"voice_settings": {"speed": 1.1, "stability": 0.4}}
    assert heard({"text": "One. ", **settings}, first=settings).text == "One. "


def test_sound_that_was_due_before_an_error_is_still_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    speak = Pool.speak

    async def fails(pool: Pool, job: Any, **how: Any) -> Any:
        if b"bad" in job.text:
            raise EngineError("the voice engine crashed on this text: 'bad'")
        return await speak(pool, job, **how)

    monkeypatch.setattr(Pool, "speak", fails)
    found = heard({"text": "Good words first. ", "flush": True}, {"text": "Then bad ones. ", "flush": True})
    assert found.text == "Good words first. "
    assert found.messages[-1]["error"] == "speech_failed"
    assert "'bad'" in found.messages[-1]["message"]
    assert found.code == 1008


# -- keys


@pytest.mark.parametrize(
    "offer",
    [
        {"headers": {"xi-api-key": "k1"}},
        {"headers": [("Authorization", "Basic a"), ("Authorization", "Bearer k1")]},
        {"first": {"xi_api_key": "k1"}},
        {"first": {"xi-api-key": "k1"}},
        {"first": {"authorization": "Bearer k1"}},
        {"path": target(authorization="Bearer%20k1")},
    ],
)
def test_the_key_is_accepted_wherever_it_comes(offer: dict[str, Any]) -> None:
    options = ServiceOptions(api_key=Secret("k1"), workers=1)
    found = with_service(lambda service: talk(service.url, "Hello. ", **offer), options)
    assert (found.text, found.code) == ("Hello. ", 1000)


@pytest.mark.parametrize("offer", [{}, {"headers": {"xi-api-key": "k2"}}, {"first": {"xi_api_key": "K1"}}])
def test_a_missing_or_wrong_key_is_refused(offer: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    options = ServiceOptions(api_key=Secret("k1"), workers=1)
    with caplog.at_level(logging.DEBUG, "aligner"):
        found = with_service(lambda service: talk(service.url, "Hello. ", close=False, **offer), options)
    assert found.messages == [{"message": "Invalid API key", "error": "invalid_api_key", "code": 1008}]
    assert (found.code, found.reason) == (1008, "Invalid API key")
    assert "k2" not in caplog.text


def ended(caplog: pytest.LogCaptureFixture, outcome: str) -> bool:
    return any(getattr(record, "fields", {}).get("outcome") == outcome for record in caplog.records)


def test_neither_text_nor_keys_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "aligner"):
        heard("A confidential sentence. ", first={"xi_api_key": "hidden"}, close=True)
        heard({"text": "confidential", "flush": 5}, close=False)
    ends = [vars(record)["fields"] for record in caplog.records if record.getMessage() == "session_ended"]
    assert [end["outcome"] for end in ends] == ["done", "refused"]
    assert ends[1]["error"] == "invalid_input_message"
    said = [str(vars(record)) for record in caplog.records]
    assert not any("hidden" in line for line in said)
    # At debug level, for those who look for a fault on their own machine, and there alone.
    assert [record.levelname for record, line in zip(caplog.records, said, strict=True) if "confidential" in line] == [
        "DEBUG"
    ]


def test_a_client_can_forbid_that_its_text_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "aligner"):
        heard("A confidential sentence. ", path=target(enable_logging="false"))
    assert [record.getMessage() for record in caplog.records].count("generation") == 1
    assert not any("confidential" in str(vars(record)) for record in caplog.records)


# -- side by side


def test_text_is_taken_while_speech_goes_out() -> None:
    async def use(service: Service) -> None:
        async with connect(service.url + target(), max_size=None, max_queue=1) as socket:
            await say(socket, " ")
            # Nothing is read here: the service must not wait with reading until its own messages are.
            for _ in range(50):
                await asyncio.wait_for(say(socket, TEXT), 20)
            await say(socket, "")
            chars = 0
            async for frame in socket:
                chars += len((json.loads(frame)["alignment"] or {"chars": []})["chars"])
            assert chars == 50 * len(TEXT)

    with_service(use)


def test_a_slow_reader_holds_back_only_itself() -> None:
    async def use(service: Service) -> None:
        async with connect(service.url + target(), max_size=None, max_queue=1) as slow:
            await say(slow, " ", TEXT * 100, "")
            quick = await asyncio.gather(*(talk(service.url, TEXT) for _ in range(3)))
            assert [found.text for found in quick] == [TEXT] * 3
            slow.transport.abort()

    with_service(use)


def test_a_client_that_goes_away_leaves_the_service_well() -> None:
    async def use(service: Service) -> None:
        for _ in range(3):
            async with connect(service.url + target(), max_size=None) as socket:
                await say(socket, " ", TEXT * 20)
                await socket.recv()
        for _ in range(2):
            socket = await connect(service.url + target(), max_size=None)
            await say(socket, " ", TEXT * 20)
            socket.transport.abort()
        assert (await talk(service.url, TEXT)).text == TEXT

    with_service(use)


def test_a_client_that_never_reads_is_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(session, "SEND_PATIENCE", 0.3)

    async def use(service: Service) -> None:
        async with connect(service.url + target(), max_size=None, max_queue=1, close_timeout=0.1) as socket:
            await say(socket, " ", TEXT * 300, "")
            while not ended(caplog, "stalled"):  # noqa: ASYNC110 - a log has no event to wait for
                await asyncio.sleep(0.05)

    with caplog.at_level(logging.INFO, "aligner"):
        with_service(use)
