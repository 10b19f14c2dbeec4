from __future__ import annotations

import base64
import json
import struct
import time
from typing import TYPE_CHECKING, Any

import pytest
from fakes.http import ONE, Answer, ask, connected, raw, rest, served
from hypothesis import given
from hypothesis import strategies as st

from aligner.audio import measure, parse_format
from aligner.model import Alignment
from aligner.speech.server.options import ServiceOptions
from aligner.speech.server.relatives import speech
from aligner.speech.server.relatives.speech import Columns, Times

if TYPE_CHECKING:
    import http.client
    import socket
    from collections.abc import Iterator

TEXT = "Hello world, this is the first sentence. And here, after it, is the second one, which is a little longer."
SPEECH = "/v1/text-to-speech/en-us"
ENDPOINTS = [SPEECH, f"{SPEECH}/stream", f"{SPEECH}/with-timestamps", f"{SPEECH}/stream/with-timestamps"]
LONG = "A sentence that goes on and on, and that nobody listens to. " * 160


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(ONE) as url:
        yield url


def spoken(
    url: str, endpoint: str = "", text: str = TEXT, query: str = "output_format=pcm_22050", **more: Any
) -> Answer:
    answer = ask(url, f"{SPEECH}{endpoint}?{query}", {"text": text, **more})
    assert answer.status == 200, answer.body[:500]
    return answer


def seconds(answer: Answer, output_format: str = "pcm_22050") -> float:
    sound = measure(parse_format(output_format), [answer.body])
    return sound.samples / sound.rate


def lines(answer: Answer) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.body.splitlines()]


# -- the sound --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("endpoint", ["", "/stream"])
def test_a_text_becomes_sound(url: str, endpoint: str) -> None:
    assert 5 <= seconds(spoken(url, endpoint)) <= 10


def test_whole_and_streamed_it_is_the_same(url: str) -> None:
    whole, streamed = spoken(url, seed=1), spoken(url, "/stream", seed=1)
    assert whole.body == streamed.body
    assert "content-length" in whole.headers
    assert streamed.headers["transfer-encoding"] == "chunked"


@pytest.mark.parametrize(
    ("output_format", "content_type"),
    [
        ("mp3_44100_128", "audio/mpeg"),
        ("mp3_22050_32", "audio/mpeg"),
        ("pcm_16000", "audio/pcm"),
        ("ulaw_8000", "audio/basic"),
        ("alaw_8000", "audio/x-alaw-basic"),
        ("opus_48000_64", "audio/ogg"),
    ],
)
def test_every_format_has_its_content_type(url: str, output_format: str, content_type: str) -> None:
    for endpoint in ("", "/stream"):
        answer = spoken(url, endpoint, "Hello there.", f"output_format={output_format}")
        assert answer.headers["content-type"] == content_type
        assert 0.5 <= seconds(answer, output_format) <= 2


def test_it_is_mp3_where_nobody_says(url: str) -> None:
    answer = spoken(url, "", "Hello there.", "")
    assert answer.headers["content-type"] == "audio/mpeg"
    assert measure(parse_format("mp3_44100_128"), [answer.body]).rate == 44_100


def test_wav_is_a_file_of_the_right_length(url: str) -> None:
    answer = spoken(url, "", "Hello there.", "output_format=wav_16000")
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.body[:4] + answer.body[8:12] == b"RIFFWAVE"
    assert struct.unpack_from("<I", answer.body, 4)[0] == len(answer.body) - 8
    streamed = spoken(url, "/stream", "Hello there.", "output_format=wav_16000")
    assert streamed.body[:4] + streamed.body[8:12] == b"RIFFWAVE"


def test_settings_are_obeyed(url: str) -> None:
    slow = seconds(spoken(url, voice_settings={"speed": 0.7}))
    fast = seconds(spoken(url, voice_settings={"speed": 1.2}))
    assert slow > 1.4 * fast


def test_a_language_is_obeyed(url: str) -> None:
    german, english = (spoken(url, text="Die Zahl ist 12.", language_code=code, seed=1) for code in ("de", "en"))
    assert german.body != english.body


def test_the_same_seed_gives_the_same_bytes_whatever_was_spoken_before(url: str) -> None:
    first = spoken(url, seed=7).body
    spoken(url, text="Something else in between.")
    assert spoken(url, seed=7).body == first


@pytest.mark.parametrize("field", ["previous_text", "next_text"])
def test_what_stands_around_is_taken_and_not_spoken(url: str, field: str) -> None:
    assert spoken(url, seed=1, **{field: "Not to be heard. " * 9}).body == spoken(url, seed=1).body


# -- the times --------------------------------------------------------------------------------------------------------


def test_every_character_has_its_time(url: str) -> None:
    answer = spoken(url, "/with-timestamps").json
    alignment = answer["alignment"]
    assert "".join(alignment["characters"]) == f"{TEXT} "
    starts, ends = alignment["character_start_times_seconds"], alignment["character_end_times_seconds"]
    assert starts[0] == 0
    assert starts[1:] == ends[:-1]
    assert ends == sorted(ends)
    sound = base64.b64decode(answer["audio_base64"])
    assert ends[-1] == pytest.approx(len(sound) / 2 / 22_050, abs=0.002)


def test_what_is_said_has_its_times_too(url: str) -> None:
    answer = spoken(url, "/with-timestamps", "I am 21.").json
    said = answer["normalized_alignment"]
    assert "".join(said["characters"]).startswith(" I am twenty")
    assert "".join(answer["alignment"]["characters"]) == "I am 21. "
    ends = [answer[name]["character_end_times_seconds"][-1] for name in ("alignment", "normalized_alignment")]
    assert ends[0] == ends[1]


def test_lines_tell_times_since_the_beginning_of_the_answer(url: str) -> None:
    whole = spoken(url, "/with-timestamps", seed=1).json
    answer = spoken(url, "/stream/with-timestamps", seed=1)
    assert answer.headers["content-type"] == "application/json"
    pieces = lines(answer)
    assert len(pieces) > 2
    assert b"".join(base64.b64decode(one["audio_base64"]) for one in pieces) == base64.b64decode(whole["audio_base64"])
    for name in ("alignment", "normalized_alignment"):
        for field in ("characters", "character_start_times_seconds", "character_end_times_seconds"):
            joined = [value for one in pieces if one[name] for value in one[name][field]]
            assert joined == whole[name][field]


def test_a_line_may_be_sound_alone(url: str) -> None:
    last = lines(spoken(url, "/stream/with-timestamps"))[-1]
    assert last["audio_base64"]
    assert (last["alignment"], last["normalized_alignment"]) == (None, None)


@given(
    st.lists(
        st.none() | st.lists(st.integers(0, 500), min_size=1, max_size=6),
        max_size=6,
    )
)
def test_times_go_on_from_message_to_message(messages: list[list[int] | None]) -> None:
    times, whole = Times(), Columns()
    at = 0
    expected: list[tuple[float, float]] = []
    for durations in messages:
        if durations is None:
            assert times.add(None, whole) is whole
            continue
        starts = [sum(durations[:index]) for index in range(len(durations))]
        alignment = Alignment(
            ("a",) * len(durations), tuple(1000 * start for start in starts), tuple(1000 * one for one in durations)
        )
        times.add(alignment, whole)
        expected += [
            ((at + start) / 1000, (at + start + one) / 1000) for start, one in zip(starts, durations, strict=True)
        ]
        at += sum(durations)
    found = zip(whole.character_start_times_seconds, whole.character_end_times_seconds, strict=True)
    assert list(found) == expected
    assert len(whole.characters) == len(expected)


# -- tags and dictionaries --------------------------------------------------------------------------------------------


def test_tags_are_text_unless_they_are_asked_for(url: str) -> None:
    text = 'One. <break time="2s"/> Two.'
    plain = seconds(spoken(url, text=text))
    answer = spoken(url, "/with-timestamps", text, "output_format=pcm_22050&enable_ssml_parsing=true").json
    assert "break" not in "".join(answer["alignment"]["characters"])
    parsed = len(base64.b64decode(answer["audio_base64"])) / 2 / 22_050
    assert 2.5 < parsed < plain


# -- what is told with it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ENDPOINTS)
def test_the_headers_tell_the_cost_and_the_company(url: str, path: str) -> None:
    answer = ask(url, f"{path}?output_format=pcm_8000", {"text": "Eleven ch. ", "model_id": "eleven_flash_v2_5"})
    assert answer.headers["character-cost"] == "6"
    assert answer.headers["current-concurrent-requests"] == "1"
    assert "maximum-concurrent-requests" not in answer.headers
    assert len(answer.headers["request-id"]) == 32


def test_a_model_that_the_socket_refuses_speaks_here(url: str) -> None:
    assert spoken(url, text="Hello.", model_id="eleven_v3").headers["character-cost"] == "6"


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ENDPOINTS)
def test_an_unknown_voice_is_not_found(url: str, path: str) -> None:
    assert ask(url, path.replace("en-us", "nobody"), {"text": "Hi."}).error == (404, "voice_not_found")


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize(
    ("query", "body", "error"),
    [
        ("", {"text": ""}, (400, "input_text_empty")),
        ("", {"text": " \n"}, (400, "input_text_empty")),
        ("output_format=ogg", {"text": "Hi."}, (400, "unsupported_output_format")),
        ("output_format=wav_1", {"text": "Hi."}, (400, "unsupported_output_format")),
        ("enable_ssml_parsing=true", {"text": '<phoneme alphabet="zz" ph="a">b</phoneme>'}, (400, "invalid_ssml")),
    ],
)
def test_what_cannot_be_spoken_is_refused(
    url: str, path: str, query: str, body: dict[str, Any], error: tuple[int, str]
) -> None:
    assert ask(url, f"{path}?{query}", body).error == error


def test_an_unknown_dictionary_is_not_found(url: str) -> None:
    locators = [{"pronunciation_dictionary_id": "nothing"}]
    answer = ask(url, SPEECH, {"text": "Hi.", "pronunciation_dictionary_locators": locators})
    assert answer.error == (404, "pronunciation_dictionary_not_found")


def test_a_query_that_cannot_be_is_told_with_its_place(url: str) -> None:
    answer = ask(url, f"{SPEECH}?enable_logging=perhaps", {"text": "Hi."})
    assert (answer.status, answer.json["detail"][0]["loc"]) == (422, ["query", "enable_logging"])


def test_parameters_that_are_only_tolerated_are(url: str) -> None:
    spoken(
        url, text="Hi.", query="output_format=pcm_8000&optimize_streaming_latency=9&seed=x&new=1&enable_logging=false"
    )


def test_the_longest_text_depends_on_the_model(url: str) -> None:
    answer = ask(url, SPEECH, {"text": "a" * 10_001})
    assert answer.error == (400, "max_character_limit_exceeded")
    assert ask(url, SPEECH, {"text": "a" * 10_001, "model_id": "x"}).status == 400
    # It passes this check, and fails the next one: nothing need be spoken to see that.
    flash = {"text": "a" * 10_001, "model_id": "eleven_flash_v2"}
    assert ask(url, SPEECH.replace("en-us", "ja"), {**flash, "text": "漢" * 10_001}).error[1] == "unsupported_text"


def test_one_generation_too_many_is_told_to_wait() -> None:
    with served(ServiceOptions(workers=1, max_concurrent=1)) as url:
        first = begun(url)
        try:
            answer = ask(url, f"{SPEECH}?output_format=pcm_8000", {"text": "Me, too."})
            assert answer.error == (429, "too_many_concurrent_requests")
        finally:
            first.close()


# -- clients that are slow, and those that leave ----------------------------------------------------------------------


def begun(url: str, endpoint: str = "/stream") -> http.client.HTTPConnection:
    """A connection on which speech has begun that takes long."""
    connection = connected(url)
    body = json.dumps({"text": LONG}).encode()
    connection.request("POST", f"{SPEECH}{endpoint}?output_format=pcm_44100", body)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read(1000)
    return connection


def waited_for(url: str, ended: str) -> None:
    """Wait until a session has ended so; only a fault makes this long."""
    for _ in range(1_000):
        if f'aligner_sessions_total{{outcome="{ended}"}} 1.0' in ask(url, "/metrics").body.decode():
            return
        time.sleep(0.02)
    raise AssertionError(ask(url, "/metrics").body.decode())


@pytest.mark.parametrize("endpoint", ["/stream", "/stream/with-timestamps"])
def test_who_leaves_gets_nothing_more_spoken(endpoint: str) -> None:
    with served(ServiceOptions(workers=1, max_concurrent=1)) as url:
        begun(url, endpoint).close()
        waited_for(url, "left")
        # Neither the place among those who generate nor the only worker is taken.
        assert spoken(url, text="Free again.").status == 200


@pytest.mark.parametrize("endpoint", ["", "/with-timestamps"])
def test_nor_does_who_leaves_before_the_answer(endpoint: str) -> None:
    body = json.dumps({"text": LONG}).encode()
    head = f"POST {SPEECH}{endpoint} HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with served(ServiceOptions(workers=1, max_concurrent=1)) as url:
        with raw(url) as client:
            client.sendall(head + body)
            assert any(ask(url, SPEECH, {"text": "Is it speaking?"}).status == 429 for _ in range(1_000))
        waited_for(url, "left")
        assert spoken(url, text="Free again.").status == 200


def test_a_slow_reader_holds_back_itself_alone(url: str) -> None:
    slow = [begun(url) for _ in range(4)]
    try:
        assert seconds(spoken(url)) > 5
    finally:
        for connection in slow:
            connection.close()


def test_a_reader_that_stops_for_good_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "SEND_PATIENCE", 0.3)
    with served(ServiceOptions(workers=1)) as url:
        connection = begun(url)
        sock: socket.socket = connection.sock
        waited_for(url, "stalled")
        received = 0
        while data := sock.recv(65536):
            received += len(data)
            assert b"\r\n0\r\n\r\n" not in data[-16:]
        connection.close()


def test_an_answer_that_breaks_off_has_no_end(url: str) -> None:
    """Kanji after a sentence that can be read: the sound of that has been sent when it is found out."""
    body = json.dumps({"text": "わたしは ここに います。 " * 12 + "漢字。"}).encode()
    head = (
        "POST /v1/text-to-speech/ja/stream?output_format=pcm_8000 HTTP/1.1\r\nHost: here\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with raw(url) as client:
        client.sendall(head.encode() + body)
        answer = rest(client)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert len(answer) > 1000
    assert not answer.endswith(b"0\r\n\r\n")
