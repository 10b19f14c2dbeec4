from __future__ import annotations

import asyncio
import json
import logging
import re
import traceback
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fakes.service import FINAL, audio, service, texts

from aligner.errors import (
    AlignerError,
    ConnectionFailed,
    KeyRefused,
    ProtocolError,
    ServiceBusy,
    ServiceRefused,
    ServiceStalled,
    UsageError,
)
from aligner.model import Chunk, Latency, Secret, Speech, Tag
from aligner.speech import stream
from aligner.speech.address import Address
from aligner.speech.engines import NOTHING, Secrets
from aligner.speech.protocol import Opening
from aligner.speech.stream import Call, Limits, chunks, speak

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request, Response

ONCE = Limits(stall=0.3, connect=1, patience=0.1, attempts=1)
TEXT = "One sentence. Another one.\nA new paragraph.\n"


def talk(
    script: Callable[[ServerConnection], Awaitable[None]],
    text: str = TEXT,
    limits: Limits = ONCE,
    key: Secret | None = None,
    answer: Callable[[ServerConnection, Request], Response | None] | None = None,
) -> tuple[Chunk, ...]:
    """One session against a script."""

    async def run() -> tuple[Chunk, ...]:
        async with service(script, answer) as url:
            address = Address("v", "m", "en", "pcm_22050", sync_alignment=True)
            return (await speak(Call(url, address, Opening(), Secrets(key), limits), text)).chunks

    return asyncio.run(run())


async def polite(connection: ServerConnection) -> None:
    """Say back every text with its timing once all is there."""
    for text in (await texts(connection))[1:]:
        await connection.send(audio("AAAA", text))
    await connection.send(FINAL)


def test_every_chunk_comes_home_in_order() -> None:
    chunks = talk(polite)
    assert "".join(chunk.alignment.text for chunk in chunks if chunk.alignment) == TEXT
    assert all(chunk.audio == b"\0\0\0" for chunk in chunks)


def test_the_session_is_opened_as_asked() -> None:
    seen: dict[str, Any] = {}

    async def look(connection: ServerConnection) -> None:
        assert connection.request is not None
        seen.update(path=connection.request.path, headers=dict(connection.request.headers))
        seen["first"] = json.loads(await connection.recv())
        await texts(connection)
        await connection.send(FINAL)

    talk(look, key=Secret("k3y"))
    assert seen["path"].startswith("/v1/text-to-speech/v/stream-input?")
    assert {"model_id=m", "sync_alignment=true", "output_format=pcm_22050"} <= set(
        seen["path"].split("?")[1].split("&")
    )
    assert seen["headers"]["xi-api-key"] == "k3y"
    assert "sec-websocket-extensions" not in {name.lower() for name in seen["headers"]}
    assert seen["first"] == {"text": " "}


def test_frames_of_many_megabytes_are_taken() -> None:
    async def huge(connection: ServerConnection) -> None:
        await texts(connection)
        await connection.send(audio("A" * (12 * 2**20)))
        await connection.send(FINAL)

    (chunk,) = talk(huge)
    assert len(chunk.audio) == 9 * 2**20


def test_sound_is_taken_while_text_is_sent() -> None:
    long = "A sentence of some length to be spoken. " * 60

    async def as_it_comes(connection: ServerConnection) -> None:
        while (text := json.loads(await connection.recv())["text"]) != "":
            if text.strip():
                await connection.send(audio("AAAA", text))
        await connection.send(FINAL)

    chunks = talk(as_it_comes, long)
    assert "".join(chunk.alignment.text for chunk in chunks if chunk.alignment) == long


def test_text_is_sent_hardly_more_than_two_generations_ahead() -> None:
    """A service that answers nothing has not been given much more than twice 290 characters while patience lasts."""
    sent: list[int] = []
    long = "A sentence of some length to be spoken. " * 60

    async def silent(connection: ServerConnection) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                while True:
                    sent.append(len(json.loads(await connection.recv())["text"]))

    with pytest.raises(ConnectionFailed):
        talk(silent, long, Limits(stall=120, connect=1, patience=30, attempts=1))
    assert 290 <= sum(sent) <= 2 * 290 + 1


def test_a_service_that_buffers_all_gets_all() -> None:
    long = "A sentence of some length to be spoken. " * 60
    chunks = talk(polite, long, Limits(stall=5, connect=1, patience=0.05, attempts=1))
    assert "".join(chunk.alignment.text for chunk in chunks if chunk.alignment) == long


def test_a_normal_close_without_a_final_message_is_an_end() -> None:
    async def curt(connection: ServerConnection) -> None:
        await texts(connection)
        await connection.send(audio("AAAA", "Hi"))

    assert len(talk(curt)) == 1


def test_silence_is_a_stall() -> None:
    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    with pytest.raises(ServiceStalled, match=r"nothing for 0\.3 s"):
        talk(silent)


def test_empty_messages_without_end_are_a_stall() -> None:
    async def chatter(connection: ServerConnection) -> None:
        while True:
            await connection.send("{}")
            await asyncio.sleep(0.01)

    with pytest.raises(ServiceStalled):
        talk(chatter)


def test_sound_without_end_is_cut_off() -> None:
    async def flood(connection: ServerConnection) -> None:
        while True:
            await connection.send(audio("A" * 2**22))

    with pytest.raises(ProtocolError, match="far more sound"):
        talk(flood)


@pytest.mark.parametrize("nonsense", ["no json", b"\x00\xff", '{"audio": 12}', '{"audio": "**"}', "[]"])
def test_nonsense_is_a_protocol_error(nonsense: str | bytes) -> None:
    async def babble(connection: ServerConnection) -> None:
        await connection.send(nonsense)
        await connection.wait_closed()

    with pytest.raises(ProtocolError):
        talk(babble)


def test_a_refusal_in_a_frame_reaches_the_caller() -> None:
    async def refuse(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.send(
            json.dumps(
                {"message": "A voice with voice_id v does not exist.", "error": "voice_id_does_not_exist", "code": 1008}
            )
        )
        await connection.close(1008, "A voice")

    with pytest.raises(ServiceRefused, match="aligner voices"):
        talk(refuse)


def test_a_refusal_as_a_close_reason_reaches_the_caller() -> None:
    async def refuse(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.close(1008, "Invalid API key")

    with pytest.raises(KeyRefused):
        talk(refuse)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, ServiceRefused), (401, KeyRefused), (429, ServiceBusy), (500, ConnectionFailed), (302, ServiceRefused)],
)
def test_a_refused_upgrade_reaches_the_caller(status: int, kind: type[Exception]) -> None:
    def refuse(connection: ServerConnection, _request: Request) -> Response:
        response = connection.respond(200, "no")
        response.status_code = status
        response.headers["Location"] = "ws://127.0.0.1:1/"
        return response

    with pytest.raises(kind, match=f"HTTP {status}"):
        talk(polite, answer=refuse)


def test_a_connection_that_dies_is_tried_again() -> None:
    tries: list[int] = []

    async def dies_twice(connection: ServerConnection) -> None:
        tries.append(1)
        if len(tries) < 3:
            await connection.recv()
            connection.transport.abort()
            return
        await polite(connection)

    chunks = talk(dies_twice, limits=Limits(stall=1, connect=1, patience=0.1, attempts=3))
    assert len(tries) == 3
    assert "".join(chunk.alignment.text for chunk in chunks if chunk.alignment) == TEXT


def test_what_is_permanent_is_not_tried_again() -> None:
    tries: list[int] = []

    async def refuse(connection: ServerConnection) -> None:
        tries.append(1)
        await connection.recv()
        await connection.close(1008, "Invalid API key")

    with pytest.raises(KeyRefused):
        talk(refuse, limits=Limits(attempts=3))
    assert len(tries) == 1


def test_nobody_there_is_said_plainly() -> None:
    call = Call("ws://127.0.0.1:1", Address("v"), Opening(), NOTHING, ONCE)
    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        asyncio.run(speak(call, TEXT))


def test_a_server_that_never_answers_the_handshake_times_out() -> None:
    async def run() -> None:
        async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await asyncio.sleep(2)
            finally:
                writer.close()

        server = await asyncio.start_server(hold, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            await speak(Call(url, Address("v"), Opening(), NOTHING, Limits(connect=0.2, attempts=1)), TEXT)

    with pytest.raises(ServiceStalled, match="did not answer"):
        asyncio.run(run())


def test_a_server_that_speaks_no_http_is_said_plainly() -> None:
    async def run() -> None:
        async def babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 smtp ready\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(babble, "127.0.0.1", 0)
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            await speak(Call(url, Address("v"), Opening(), NOTHING, ONCE), TEXT)

    with pytest.raises(ConnectionFailed, match="cannot be reached"):
        asyncio.run(run())


def test_an_address_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(UsageError):
        asyncio.run(speak(Call("http://127.0.0.1", Address("v"), Opening(), NOTHING, ONCE), TEXT))


def test_no_task_outlives_a_session() -> None:
    async def run() -> set[asyncio.Task[Any]]:
        async def silent(connection: ServerConnection) -> None:
            await connection.wait_closed()

        async with service(silent) as url:
            with pytest.raises(ServiceStalled):
                await speak(Call(url, Address("v"), Opening(), NOTHING, ONCE), TEXT)
        return asyncio.all_tasks() - {asyncio.current_task()}

    assert asyncio.run(run()) == set()


def test_the_key_reaches_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    talk(polite, key=Secret("k3y-of-gold"))
    own = [record for record in caplog.records if "server" not in record.name]
    assert "k3y-of-gold" not in "".join(record.getMessage() for record in own)


def test_the_frame_limit_is_the_protocols() -> None:
    assert stream.MAX_FRAME == 16 * 2**20


@pytest.mark.parametrize("text", ["Hello there.", "Hello there. ", "Hello there.\n\n"])
def test_the_last_text_ends_with_white_space(text: str) -> None:
    (chunk,) = talk(polite, text)
    assert chunk.alignment is not None
    assert chunk.alignment.text == (text if text[-1].isspace() else f"{text} ")


# -- texts that come one by one


async def heard(
    script: Callable[[ServerConnection], Awaitable[None]],
    texts: AsyncIterable[str],
    limits: Limits = ONCE,
    *,
    ssml: bool = False,
) -> list[Chunk]:
    async with service(script) as url:
        address = Address("v", "m", "en", "pcm_22050", sync_alignment=True, enable_ssml_parsing=ssml)
        return [chunk async for chunk in chunks(Call(url, address, Opening(), NOTHING, limits), texts)]


async def one_by_one(*texts: str, wait: float = 0.0) -> AsyncIterator[str]:
    for text in texts:
        await asyncio.sleep(wait)
        yield text


def test_chunks_are_handed_over_while_texts_still_come() -> None:
    order: list[str] = []

    async def echo(connection: ServerConnection) -> None:
        while (text := json.loads(await connection.recv())["text"]) != "":
            if text.strip():
                await connection.send(audio("AAAA", text))
        await connection.send(FINAL)

    async def run() -> None:
        arrived = asyncio.Event()

        async def texts() -> AsyncIterator[str]:
            for text in ("One. ", "Two. "):
                order.append(f"said {text}")
                yield text
                await arrived.wait()
                arrived.clear()

        async with service(echo) as url:
            call = Call(url, Address("v"), Opening(), NOTHING, ONCE)
            async for chunk in chunks(call, texts()):
                assert chunk.alignment is not None
                order.append(f"heard {chunk.alignment.text}")
                arrived.set()

    asyncio.run(run())
    assert order == ["said One. ", "heard One. ", "said Two. ", "heard Two. "]


def test_an_empty_text_flushes_and_does_not_close() -> None:
    seen: list[dict[str, Any]] = []

    async def look(connection: ServerConnection) -> None:
        while (message := json.loads(await connection.recv())) != {"text": ""}:
            seen.append(message)
        await connection.send(audio("AAAA", "One. Two. "))
        await connection.send(FINAL)

    asyncio.run(heard(look, one_by_one("One. ", "", "Two. ")))
    assert seen == [{"text": " "}, {"text": "One. "}, {"text": "", "flush": True}, {"text": "Two. "}]


def test_while_no_text_comes_the_connection_is_kept_alive() -> None:
    """The texts take longer than the service's silence may: spaces go out, and nothing is a stall."""
    found: list[str] = []

    async def look(connection: ServerConnection) -> None:
        found.extend(await texts(connection))
        await connection.send(audio("AAAA", "One. Two. "))
        await connection.send(FINAL)

    asyncio.run(heard(look, one_by_one("One. ", "Two. ", wait=0.7)))
    assert "".join(found).split() == ["One.", "Two."]
    assert found.count(" ") > 3


def test_whoever_takes_the_chunks_may_take_his_time() -> None:
    async def run() -> int:
        async with service(polite) as url:
            call = Call(url, Address("v"), Opening(), NOTHING, ONCE)
            count = 0
            async for _ in chunks(call, one_by_one("One. ", "Two. ", "Three. ")):
                count += 1
                await asyncio.sleep(2 * ONCE.stall)
            return count

    assert asyncio.run(run()) == 3


def test_what_the_texts_raise_comes_through_at_once() -> None:
    async def broken() -> AsyncIterator[str]:
        yield "One. "
        raise LookupError("no more")

    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    with pytest.raises(LookupError, match="no more"):
        asyncio.run(heard(silent, broken(), Limits(stall=60, attempts=1)))


def test_leaving_early_ends_the_session_and_every_task() -> None:
    async def run() -> tuple[set[asyncio.Task[Any]], bool]:
        closed = asyncio.Event()

        async def talkative(connection: ServerConnection) -> None:
            await connection.recv()
            await connection.send(audio("AAAA", "One. "))
            await connection.wait_closed()
            closed.set()

        async def endless() -> AsyncIterator[str]:
            while True:
                yield "One. "
                await asyncio.sleep(0.01)

        async with service(talkative) as url:
            call = Call(url, Address("v"), Opening(), NOTHING, ONCE)
            async with aclosing(chunks(call, endless())) as spoken:
                async for _ in spoken:
                    break
            await closed.wait()
        return asyncio.all_tasks() - {asyncio.current_task()}, closed.is_set()

    assert asyncio.run(run()) == (set(), True)


# -- SSML


def test_tags_go_where_they_stand_and_the_text_is_escaped() -> None:
    found: list[str] = []

    async def look(connection: ServerConnection) -> None:
        found.extend(await texts(connection))
        await connection.send(audio("AAAA", "x"))
        await connection.send(FINAL)

    text = "R&D is here. " + "It was very late in the evening by then. " * 12
    markup = (
        Tag(0, "<p>", "p", "open"),
        Tag(13, '<break time="1s"/>', "break", "empty"),
        Tag(len(text), "</p>", "p", "close"),
    )

    async def run() -> None:
        async with service(look) as url:
            address = Address("v", output_format="pcm_22050", enable_ssml_parsing=True)
            await speak(Call(url, address, Opening(), NOTHING, ONCE), text, markup)

    asyncio.run(run())
    sent = "".join(found[1:])
    assert sent == f'<p>R&amp;D is here. <break time="1s"/>{text[13:]}</p>'
    assert len(found) > 3
    assert all(message.count("<") == message.count(">") for message in found), "a tag lies wholly in one message"


def test_without_ssml_nothing_is_escaped() -> None:
    (chunk,) = talk(polite, "R&D: 3 < 4 ")
    assert chunk.alignment is not None
    assert chunk.alignment.text == "R&D: 3 < 4 "


def test_a_text_full_of_tags_waits_for_nobody() -> None:
    """Tags never come back as characters: counted as such, the sender would wait for them."""
    text = "Word. " * 400
    markup = tuple(Tag(place, '<break strength="x-weak"/>', "break", "empty") for place in range(0, len(text), 6))

    async def as_it_comes(connection: ServerConnection) -> None:
        while (said := json.loads(await connection.recv())["text"]) != "":
            plain = re.sub("<[^>]*>", "", said)
            if plain.strip():
                await connection.send(audio("AAAA", plain))
        await connection.send(FINAL)

    async def run() -> Speech:
        async with service(as_it_comes) as url:
            address = Address("v", output_format="pcm_22050", enable_ssml_parsing=True)
            limits = Limits(stall=300, patience=60, attempts=1)
            return await speak(Call(url, address, Opening(), NOTHING, limits), text, markup)

    chunks_ = asyncio.run(asyncio.wait_for(run(), 30)).chunks
    assert "".join(chunk.alignment.text for chunk in chunks_ if chunk.alignment) == text


# -- tokens


TOKENS = Secrets(None, Secret("Bearer t0ken-of-gold"), Secret("once-of-gold"))


def test_tokens_travel_in_the_address_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "websockets.client")
    asked: list[str] = []

    async def look(connection: ServerConnection) -> None:
        assert connection.request is not None
        asked.append(connection.request.path)
        await polite(connection)

    async def run() -> Call:
        async with service(look) as url:
            call = Call(url, Address("v"), Opening(), TOKENS, ONCE)
            await speak(call, TEXT)
            return call

    call = asyncio.run(run())
    query = parse_qs(urlsplit(asked[0]).query)
    assert query["authorization"] == ["Bearer t0ken-of-gold"]
    assert query["single_use_token"] == ["once-of-gold"]
    assert "of-gold" not in repr(call)
    assert "of-gold" not in call.address.target
    assert "of-gold" not in "".join(record.getMessage() for record in caplog.records if "server" not in record.name)


@pytest.mark.parametrize("url", ["http://127.0.0.1", "ws://127.0.0.1:1", "ws://[", "ws://127.0.0.1:99999"])
def test_no_error_shows_a_token(url: str) -> None:
    with pytest.raises(AlignerError) as caught:
        asyncio.run(speak(Call(url, Address("v"), Opening(), TOKENS, ONCE), TEXT))
    assert "of-gold" not in "".join(traceback.format_exception(caught.value))


# -- how fast


def test_the_first_sound_is_counted_from_the_message_that_lets_the_service_begin() -> None:
    async def late(connection: ServerConnection) -> None:
        await texts(connection)
        await asyncio.sleep(0.2)
        await connection.send(audio("AAAA", "Hi"))
        await asyncio.sleep(0.1)
        await connection.send(audio("AAAA", "Ho"))
        await connection.send(FINAL)

    async def run() -> Latency:
        async with service(late) as url:
            return (await speak(Call(url, Address("v"), Opening(), NOTHING, ONCE), TEXT)).latency

    latency = asyncio.run(run())
    assert latency.first_byte is not None
    assert latency.connect > 0
    assert latency.first_byte >= 200_000
    assert latency.elapsed >= latency.first_byte + 100_000


def test_without_sound_there_is_no_first_byte() -> None:
    async def mute(connection: ServerConnection) -> None:
        await texts(connection)
        await connection.send(FINAL)

    async def run() -> Speech:
        async with service(mute) as url:
            return await speak(Call(url, Address("v"), Opening(), NOTHING, ONCE), TEXT)

    speech = asyncio.run(run())
    assert (speech.chunks, speech.latency.first_byte, speech.latency.elapsed) == ((), None, 0)
