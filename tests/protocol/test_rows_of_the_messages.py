"""Every row of the protocol's facts, §§3 and 4, by its section and name: what the service sends, what the client bears.

The service is the embedded one; what other services were seen to do comes from `fakes.clicks`, whose sound carries the
truth of its timing: the client has to find each word where it is heard.
"""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from fakes import clicks
from fakes.click_service import click_service
from fakes.clicks import Variant
from fakes.embedded import embedded
from fakes.service import FINAL, audio, service, texts
from fakes.talk import Heard, Message, talk, target
from websockets.exceptions import InvalidStatus

from aligner import clock
from aligner.audio import measure, parse_format
from aligner.errors import (
    ConnectionFailed,
    KeyRefused,
    ProtocolError,
    ServiceBusy,
    ServiceRefused,
    SpeechError,
)
from aligner.model import Chunk, Secret, Segment
from aligner.speech.address import Address
from aligner.speech.protocol import Opening
from aligner.speech.refusals import refused, refused_upgrade
from aligner.speech.server.options import ServiceOptions
from aligner.speech.stream import Call, Limits, speak
from aligner.timeline import merge, words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from websockets.asyncio.server import ServerConnection

TEXT = "Mr. Smith paid 1,234.50 dollars. “Really?” asked his aunt, who had come by the early train. "
ONCE = Limits(stall=2, connect=2, patience=0.1, attempts=1)
KEYS = {"audio", "isFinal", "alignment", "normalizedAlignment"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with embedded() as found:
        yield found


def heard(url: str, *messages: str | Message, query: Message | None = None, **how: Any) -> Heard:
    return asyncio.run(talk(url, *messages, path=target(**(query or {})), **how))


def brought_home(script: Callable[[ServerConnection], Awaitable[None]], text: str = "Hi") -> list[Chunk]:
    """What our own client makes of a script."""

    async def run() -> list[Chunk]:
        async with service(script) as url:
            call = Call(url, Address("v", output_format="pcm_22050", sync_alignment=True), Opening(), limits=ONCE)
            return list((await speak(call, text)).chunks)

    return asyncio.run(run())


def answers(*frames: str) -> Callable[[ServerConnection], Awaitable[None]]:
    async def script(connection: ServerConnection) -> None:
        await texts(connection)
        for frame in frames:
            await connection.send(frame)

    return script


# -- §3 Server messages -----------------------------------------------------------------------------------------------


def test_3_all_four_keys_are_always_there_and_is_final_is_null(url: str) -> None:
    *spoken, final = heard(url, TEXT).messages
    assert all(set(message) == KEYS and message["isFinal"] is None for message in spoken)
    assert set(final) == KEYS


@pytest.mark.parametrize("told", [None, False])
def test_3_is_final_is_tested_for_truth(told: bool | None) -> None:  # noqa: FBT001 - a value of the wire
    assert len(brought_home(answers(audio("AAAA", "Hi ", isFinal=told), FINAL))) == 1


def test_3_the_duration_key_is_written_as_on_the_wire(url: str) -> None:
    assert all("charDurationsMs" in one and "charsDurationsMs" not in one for one in heard(url, TEXT).aligned)


def test_3_the_duration_key_is_read_in_both_spellings() -> None:
    documented = audio("AAAA", "Hi ").replace("charDurationsMs", "charsDurationsMs")
    assert brought_home(answers(documented, FINAL)) == brought_home(answers(audio("AAAA", "Hi "), FINAL))


def test_3_the_final_message_then_close_1000(url: str) -> None:
    found = heard(url, TEXT)
    assert found.messages[-1] == {"audio": None, "isFinal": True, "normalizedAlignment": None, "alignment": None}
    assert found.code == 1000


def test_3_a_flush_yields_no_is_final(url: str) -> None:
    found = heard(url, {"text": "One. ", "flush": True}, {"text": "Two. ", "flush": True})
    assert [message["isFinal"] for message in found.messages].count(True) == 1


def test_3_tail_messages_carry_audio_with_both_alignments_null(url: str) -> None:
    tail = heard(url, TEXT).messages[-2]
    assert tail["audio"]
    assert tail["alignment"] is None
    assert tail["normalizedAlignment"] is None


def test_3_audio_may_be_empty_and_alignment_without_audio_is_tolerated() -> None:
    found = brought_home(answers(audio("", "H"), audio(None, "i "), audio("AAAA"), FINAL))
    assert "".join(chunk.alignment.text for chunk in found if chunk.alignment) == "Hi "
    assert b"".join(chunk.audio for chunk in found) == bytes(3)


def test_3_an_entry_may_hold_several_characters() -> None:
    frame = json.loads(audio("AAAA", "Hi"))
    frame["alignment"] = {"chars": ["Hi", " "], "charStartTimesMs": [0, 100], "charDurationsMs": [100, 50]}
    (chunk,) = brought_home(answers(json.dumps(frame), FINAL))
    assert chunk.alignment
    assert chunk.alignment.characters == ("Hi", " ")


def test_3_arrays_of_unequal_length_drop_the_alignment_and_never_the_audio() -> None:
    frame = json.loads(audio("AAAA", "Hi"))
    frame["alignment"]["charDurationsMs"].pop()
    (chunk,) = brought_home(answers(json.dumps(frame), FINAL))
    assert (chunk.audio, chunk.alignment, chunk.damaged) == (bytes(3), None, True)


def test_3_a_message_may_be_larger_than_one_mebibyte() -> None:
    (chunk,) = brought_home(answers(audio("AAAA" * 2**19, "Hi" * 40), FINAL), "Hi" * 40)
    assert len(chunk.audio) == 3 * 2**19


def test_3_mp3_messages_are_not_cut_on_frame_boundaries(url: str) -> None:
    found = heard(url, TEXT * 3, query={"output_format": "mp3_44100_128"})
    starts = [message["audio"][:2] for message in found.messages if message.get("audio")]
    assert any(start != "//" for start in starts[1:])  # a frame begins with eleven set bits


# -- §3 Errors --------------------------------------------------------------------------------------------------------


def test_3_an_error_is_a_frame_without_audio_then_a_close_with_its_code_and_message(url: str) -> None:
    found = heard(url, {"text": 5})
    frame = found.messages[-1]
    assert set(frame) == {"message", "error", "code"}
    assert (found.code, found.reason) == (frame["code"], frame["message"][:123])


def test_3_a_reason_is_cut_to_123_bytes(url: str) -> None:
    found = heard(url, query={"voice": "ä" * 150})
    assert found.messages[-1]["message"].count("ä") == 150
    assert found.reason
    assert 121 <= len(found.reason.encode()) <= 123


def test_3_error_bad_key() -> None:
    with embedded(ServiceOptions(workers=1, api_key=Secret("right"))) as url:
        found = heard(url, first={"xi_api_key": "wrong"})
    assert found.messages == [{"message": "Invalid API key", "error": "invalid_api_key", "code": 1008}]
    assert found.code == 1008
    assert isinstance(refused("invalid_api_key", "Invalid API key"), KeyRefused)


def test_3_error_unknown_voice(url: str) -> None:
    found = heard(url, query={"voice": "nobody"})
    assert found.messages[-1]["error"] == "voice_id_does_not_exist"
    assert found.messages[-1]["message"] == "A voice with voice_id nobody does not exist."


def test_3_error_unsupported_model(url: str) -> None:
    with pytest.raises(InvalidStatus) as error:
        heard(url, query={"model_id": "eleven_v3"})
    assert error.value.response.status_code == 400


@pytest.mark.parametrize("nonsense", ["{", "[]", '"text"', "null", '{"text": 5}', '{"flush": false}', "\ufeff"])
def test_3_error_unparsable_message(url: str, nonsense: str) -> None:
    async def run() -> tuple[Message, int | None]:
        from websockets.asyncio.client import connect  # noqa: PLC0415 - used here alone

        async with connect(url + target()) as socket:
            await socket.send('{"text": " "}')
            await socket.send(nonsense)
            frame = json.loads(await socket.recv())
            await socket.wait_closed()
            return frame, socket.close_code

    frame, code = asyncio.run(run())
    assert frame["error"] == "invalid_input_message"
    assert frame["message"].startswith("Could not parse input message, make sure it is a json")
    assert code == 1008


def test_3_error_inactivity(url: str) -> None:
    found = heard(url, query={"inactivity_timeout": 0.2}, close=False)
    assert found.messages[-1]["error"] == "input_timeout_exceeded"
    assert found.messages[-1]["message"].startswith(
        "Have not received a new text input within the timeout of 0.2 seconds. Streaming input terminated."
    )


def test_3_error_quota() -> None:
    with embedded(ServiceOptions(workers=1, character_limit=30)) as url:
        found = heard(url, TEXT)
    assert found.messages[-1]["error"] == "quota_exceeded"
    assert found.messages[-1]["message"].startswith("This request exceeds your quota of 30. You have ")
    assert found.code == 1008
    assert type(refused("", found.messages[-1]["message"])) is ServiceRefused
    assert type(refused_upgrade(402, b"")) is ServiceRefused


def test_3_error_concurrency_at_the_upgrade_and_as_a_frame() -> None:
    async def run(url: str) -> tuple[list[str], int]:
        from websockets.asyncio.client import connect  # noqa: PLC0415 - used here alone

        early = await connect(url + target())  # open before anybody generates
        async with connect(url + target(), max_queue=1, max_size=None) as busy:
            await busy.send(json.dumps({"text": " "}))
            await busy.send(json.dumps({"text": TEXT * 300, "flush": True}))
            await busy.recv()
            frame = (await talk_on(early))[-1]
            with pytest.raises(InvalidStatus) as late:
                await connect(url + target())
            busy.transport.abort()
        return [frame["error"]], late.value.response.status_code

    async def talk_on(socket: Any) -> list[Message]:
        async with socket:
            await socket.send(json.dumps({"text": " "}))
            await socket.send(json.dumps({"text": TEXT, "flush": True}))
            return [json.loads(frame) async for frame in _until_closed(socket)]

    with embedded(ServiceOptions(workers=1, max_concurrent=1)) as url:
        errors, status = asyncio.run(run(url))
    assert errors == ["too_many_concurrent_requests"]
    assert status == 429


async def _until_closed(socket: Any) -> Any:
    from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - used here alone

    try:
        async for frame in socket:
            yield frame
    except ConnectionClosed:
        return


@pytest.mark.parametrize(
    "name", ["too_many_concurrent_requests", "concurrent_limit_exceeded", "rate_limit_exceeded", "system_busy"]
)
def test_3_error_concurrency_may_pass_for_the_client(name: str) -> None:
    assert isinstance(refused(name, ""), ServiceBusy)
    assert isinstance(refused_upgrade(429, json.dumps({"detail": {"status": name}}).encode()), ServiceBusy)


def test_3_error_internal_may_pass_for_the_client() -> None:
    message = "We are sorry, something went wrong. You are not charged for this request."
    assert isinstance(refused("", message), ConnectionFailed)


def test_3_some_errors_come_as_a_close_reason_alone() -> None:
    async def script(connection: ServerConnection) -> None:
        await texts(connection)
        await connection.close(1008, "A voice with voice_id v does not exist.")

    with pytest.raises(ServiceRefused, match="voice_id v does not exist"):
        brought_home(script)


@pytest.mark.parametrize("frame", ["{", '{"audio": "*"}', "[1]"])
def test_3_nonsense_is_an_error_and_no_crash(frame: str) -> None:
    with pytest.raises(ProtocolError):
        brought_home(answers(frame, FINAL))


# -- §4 Alignment, as the service sends it ----------------------------------------------------------------------------


def test_4_1_times_restart_at_0_in_every_message_that_has_an_alignment(url: str) -> None:
    aligned = heard(url, TEXT * 3).aligned
    assert len(aligned) > 3
    assert all(one["charStartTimesMs"][0] == 0 for one in aligned)


def test_4_2_within_a_message_the_arrays_are_contiguous(url: str) -> None:
    for one in heard(url, TEXT * 3).aligned:
        starts, durations = one["charStartTimesMs"], one["charDurationsMs"]
        assert all(now + lasts == then for (now, then), lasts in zip(pairwise(starts), durations, strict=False))


def test_4_2_pauses_lie_inside_the_durations_of_punctuation_and_spaces(url: str) -> None:
    timed = heard(url, "One thing. Another thing. ").timed
    assert [character for character, _ in timed[9:11]] == [".", " "]
    assert sum(duration for _, duration in timed[9:11]) > 150


def test_4_3_the_sum_of_the_spans_is_the_total_audio_though_single_messages_differ(url: str) -> None:
    found = heard(url, TEXT * 3)
    assert abs(found.span - len(found.audio) / 2 / 22.05) <= 1
    differences = [
        abs(sum(m["alignment"]["charDurationsMs"]) - len(m["audio"]) * 3 / 4 / 2 / 22.05)
        for m in found.messages
        if m.get("alignment")
    ]
    assert 5 < max(differences) < 300


def test_4_4_a_boundary_may_fall_inside_a_word(url: str) -> None:
    aligned = heard(url, "Incomprehensibilities notwithstanding. " * 12).aligned
    assert any(not "".join(one["chars"])[-1].isspace() for one in aligned)


def test_4_5_each_generation_ends_with_a_space_that_was_never_sent(url: str) -> None:
    assert heard(url, {"text": "One.", "flush": True}, "Two.").text == "One. Two. "


def test_4_5_the_initialising_space_never_appears_and_a_keep_alive_has_no_duration(url: str) -> None:
    found = heard(url, "One.", " ", " ", "Two.")
    assert found.text == "One.  Two. "
    assert found.timed[5] == (" ", 0)


def test_4_6_the_normalized_alignment_begins_with_a_space_spells_out_and_collapses(url: str) -> None:
    found = heard(url, {"text": "Pay   21\n\ndollars.", "flush": True}, "Now.")
    normalized = ["".join(m["normalizedAlignment"]["chars"]) for m in found.messages if m.get("normalizedAlignment")]
    assert "".join(normalized).replace("-", " ") == " Pay twenty one dollars.  Now. "
    assert found.text == "Pay   21\n\ndollars. Now. "


def test_4_6_the_normalized_alignment_romanises_chinese(url: str) -> None:
    found = heard(url, "你好。", query={"voice": "cmn"})
    normalized = "".join("".join(m["normalizedAlignment"]["chars"]) for m in found.messages if m.get("alignment"))
    assert found.text == "你好。 "
    assert "你" not in normalized
    assert normalized.startswith(" n")


def test_4_6_both_alignments_have_the_same_span(url: str) -> None:
    for message in heard(url, TEXT * 3).messages:
        if message.get("alignment") and message["normalizedAlignment"]:
            assert sum(message["alignment"]["charDurationsMs"]) == sum(
                message["normalizedAlignment"]["charDurationsMs"]
            )


def test_4_7_the_alignment_speaks_of_the_sound_before_encoding(url: str) -> None:
    pcm, mp3 = (heard(url, TEXT, query={"output_format": f, "seed": 1}) for f in ("pcm_22050", "mp3_44100_128"))
    assert mp3.starts == pcm.starts


# -- §4 Disputed or seen once, as the client bears it -----------------------------------------------------------------

CLICKED = (
    "The lighthouse keeper had counted many ships by noon, and not one of them had answered his lamp. Strange, he said "
    "aloud; the gulls, at least, seemed to listen. He wrote the hour into the book, twice underlined. "
) * 3


def worst(variant: Variant, name: str = "pcm_22050") -> float:
    """Milliseconds between a word's start and its click, over a socket."""
    wanted = parse_format(name)

    async def run() -> list[Chunk]:
        async with click_service(variant, seed=3) as url:
            call = Call(url, Address("v", output_format=name, sync_alignment=True), Opening(), limits=ONCE)
            return list((await speak(call, CLICKED.strip())).chunks)

    chunks = asyncio.run(run())
    merger = merge.Merger(CLICKED.strip())
    merger.place(Segment(0, 0, CLICKED.strip()), chunks, measure(wanted, [chunk.audio for chunk in chunks]), 0)
    found = words.group(merger.timeline(), "en")
    truth = clicks.speak(f"{CLICKED.strip()} ", wanted, variant, 3)
    assert len(found) == len(truth.onsets)
    return max(
        abs(word.start - clock.from_samples(onset, truth.rate)) / 1000
        for word, onset in zip(found, truth.onsets, strict=True)
    )


def test_4_disputed_relative_times() -> None:
    assert worst(Variant()) <= 2


def test_4_disputed_absolute_times_since_the_start_of_the_stream() -> None:
    assert worst(Variant(times="absolute")) <= 2


def test_4_disputed_a_partial_alignment_then_a_whole_one() -> None:
    assert worst(Variant(partial=True)) <= 2


def test_4_disputed_only_the_normalized_alignment() -> None:
    assert worst(Variant(normalized="only")) <= 95


@pytest.mark.parametrize("aligned", ["first", "last"])
def test_4_disputed_only_one_message_of_a_generation_aligned(aligned: Any) -> None:
    assert worst(Variant(aligned=aligned)) <= 2


def test_4_disputed_audio_goes_on_after_the_last_aligned_character() -> None:
    assert worst(Variant(tail=400)) <= 5


@pytest.mark.parametrize("encoders", ["session", "generation"])
def test_4_7_what_encoders_add_is_counted(encoders: Any) -> None:
    assert worst(Variant(encoders=encoders), "mp3_44100_128") <= 5


def test_4_disputed_break_tags_are_absent_from_the_alignment(url: str) -> None:
    found = heard(url, 'One. <break time="1s"/> Two. ', query={"enable_ssml_parsing": "true"})
    assert found.text == "One.  Two. "


def test_4_a_service_that_tells_nothing_true_is_an_error_at_most() -> None:
    frame = json.loads(audio("AAAA", "Something else entirely"))
    frame["alignment"]["charStartTimesMs"] = [10**7] * 23
    try:
        assert brought_home(answers(json.dumps(frame), FINAL))
    except SpeechError as error:
        assert str(error)  # noqa: PT017 - either is right
