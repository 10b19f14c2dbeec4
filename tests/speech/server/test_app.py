from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fakes.talk import say, talk, target
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from aligner.errors import UsageError
from aligner.model import Secret
from aligner.speech.server import app
from aligner.speech.server.app import Service, serve
from aligner.speech.server.limits import Limits
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from websockets.datastructures import HeadersLike

ONE = ServiceOptions(workers=1)


async def get(service: Service, path: str) -> tuple[int, Any]:
    reader, writer = await asyncio.open_connection(service.host, service.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {service.host}\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    assert b"application/json" in head
    return int(head.split()[1]), json.loads(body)


async def drain(client: ClientConnection) -> None:
    while True:
        await client.recv()


def answered(path: str) -> tuple[int, Any]:
    async def run() -> tuple[int, Any]:
        async with serve(ONE) as service:
            return await get(service, path)

    return asyncio.run(run())


async def refused(service: Service, path: str, headers: HeadersLike | None = None) -> tuple[int, Any]:
    with pytest.raises(InvalidStatus) as error:
        async with connect(service.url + path, additional_headers=headers):
            pass
    return error.value.response.status_code, json.loads(error.value.response.body)


def test_it_listens_on_loopback_and_a_free_port() -> None:
    async def run() -> None:
        async with serve(ONE) as first, serve(ONE) as second:
            assert first.host == second.host == "127.0.0.1"
            assert first.port != second.port
            assert first.url == f"ws://127.0.0.1:{first.port}"

    asyncio.run(run())


def test_an_address_in_brackets_is_an_ipv6_one() -> None:
    assert Service("::1", 8080).url == "ws://[::1]:8080"


def test_a_port_that_is_taken_is_wrong_usage() -> None:
    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port}"):
                async with serve(ServiceOptions(port=port, workers=1)):
                    pass

    asyncio.run(run())


def test_health_and_voices_are_plain_http() -> None:
    assert answered("/health") == (200, {"status": "ok"})
    status, body = answered("/v1/voices")
    assert status == 200
    german = next(voice for voice in body["voices"] if voice["voice_id"] == "de")
    assert (german["name"], german["category"], german["labels"]["language"]) == ("German", "premade", "de")


@pytest.mark.parametrize("path", ["/", "/v1/text-to-speech/en-us", "/v1/text-to-speech//stream-input", "/v1/voices/de"])
def test_elsewhere_there_is_no_websocket(path: str) -> None:
    async def run() -> None:
        async with serve(ONE) as service:
            status, body = await refused(service, path)
            assert (status, body["detail"]["status"]) == (404, "not_found")

    asyncio.run(run())


def test_a_web_page_from_elsewhere_is_refused_unless_it_was_named() -> None:
    async def run() -> None:
        options = ServiceOptions(workers=1, allow_origins=("https://example.org",))
        async with serve(options) as service:
            for origin in ("http://localhost:3000", "https://example.org"):
                assert (await talk(service.url, "Hi. ", headers={"Origin": origin})).code == 1000
            twice = [("Origin", "https://example.org"), ("Origin", "https://example.com")]
            for headers in ({"Origin": "https://example.com"}, twice):
                status, body = await refused(service, target(), headers)
                assert (status, body["detail"]["status"]) == (403, "origin_not_allowed")

    asyncio.run(run())


def test_while_as_many_generate_as_may_no_other_gets_in() -> None:
    async def run() -> None:
        async with serve(ServiceOptions(workers=1, max_concurrent=1)) as service:
            first = await connect(service.url + target(), max_size=None)
            await say(first, " ")
            await (await connect(service.url + target())).close()  # a socket that is merely open does not count
            await say(first, {"text": "A long text, over and over again. " * 500, "flush": True})
            await first.recv()
            status, body = await refused(service, target())
            assert (status, body["detail"]["status"]) == (429, "too_many_concurrent_requests")
            first.transport.abort()
            await first.wait_closed()

    asyncio.run(run())


def test_the_key_may_come_as_a_bearer() -> None:
    async def run() -> None:
        async with serve(ServiceOptions(workers=1, api_key=Secret("k1"))) as service:
            for headers, code in (({"Authorization": "Bearer k1"}, 1000), ({"Authorization": "Bearer k2"}, 1008)):
                assert (await talk(service.url, "Hi. ", headers=headers)).code == code

    asyncio.run(run())


def test_a_model_that_cannot_stream_is_refused_before_the_upgrade() -> None:
    async def run() -> None:
        async with serve(ONE) as service:
            for model in ("eleven_v3", "eleven_v3_conversational"):
                status, body = await refused(service, target(model_id=model))
                assert (status, body["detail"]["status"]) == (400, "unsupported_model")
                assert model in body["detail"]["message"]
            for model in ("eleven_multilingual_v2", "eleven_flash_v2_5", "anything"):
                assert (await talk(service.url, "Hi. ", path=target(model_id=model))).code == 1000

    asyncio.run(run())


def test_a_parameter_that_cannot_be_is_refused_and_an_unknown_one_is_not() -> None:
    async def run() -> None:
        async with serve(ONE) as service:
            status, body = await refused(service, target(inactivity_timeout="1000"))
            assert (status, body["detail"]["status"]) == (400, "invalid_parameters")
            assert "inactivity_timeout" in body["detail"]["message"]
            assert (await talk(service.url, "Hi. ", path=target(optimize_streaming_latency="3"))).code == 1000

    asyncio.run(run())


@pytest.mark.parametrize("voice", ["de%2Bf3", "de+f3", "en-gb-x-rp"])
def test_the_voice_stands_in_the_path(voice: str) -> None:
    async def run() -> None:
        async with serve(ONE) as service:
            found = await talk(service.url, "Hallo. ", path=target(voice))
            assert (found.text, found.code) == ("Hallo. ", 1000)

    asyncio.run(run())


def test_several_sessions_at_once_are_kept_apart() -> None:
    texts = [f"This is the session with number {i}, and no other one. " for i in range(8)]

    async def run() -> None:
        async with serve(ServiceOptions(workers=2)) as service:
            found = await asyncio.gather(*(talk(service.url, text) for text in texts))
            assert [one.text for one in found] == texts

    asyncio.run(run())


def test_at_the_end_sessions_are_told_and_nothing_is_left() -> None:
    async def run() -> None:
        before = asyncio.all_tasks()
        async with serve(ONE) as service:
            client = await connect(service.url + target(), max_size=None)
            await say(client, " ", {"text": "Hello. ", "flush": True})
            await client.recv()
        with pytest.raises(ConnectionClosed) as closed:
            await drain(client)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        await client.wait_closed()
        await asyncio.sleep(0)
        assert not {task for task in asyncio.all_tasks() - before if not task.done()}

    asyncio.run(run())


def test_a_client_that_does_not_listen_cannot_hold_the_end_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "SHUTDOWN_PATIENCE", 0.2)

    async def run() -> None:
        async with serve(replace(ONE, limits=Limits(grace_seconds=0.2))) as service:
            client = await connect(service.url + target(), max_size=None, max_queue=1)
            await say(client, " ", "A long text, over and over again. " * 1000, "")
            await client.recv()
            client.transport.pause_reading()
        client.transport.abort()

    asyncio.run(run())


def test_no_process_is_left_when_it_ends() -> None:
    def children() -> set[str]:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as listed:  # noqa: PTH123 - no real file
            return set(listed.read().split())

    async def run() -> None:
        async with serve(ONE) as service:
            await talk(service.url, "Hello. ")
            assert children() - before

    if not os.path.exists(f"/proc/self/task/{os.getpid()}/children"):  # noqa: PTH110 - as above
        pytest.skip("only Linux lists a process's children")
    before = children()
    asyncio.run(run())
    assert children() <= before


def test_the_options_do_not_show_the_key() -> None:
    assert "k1" not in repr(ServiceOptions(api_key=Secret("k1")))


def test_a_session_does_not_pay_for_what_only_http_needs() -> None:
    program = (
        "import asyncio, sys\n"
        "from fakes.talk import talk\n"
        "from aligner.speech.server.app import ServiceOptions, serve\n"
        "async def run():\n"
        "    async with serve(ServiceOptions(workers=1)) as service:\n"
        "        assert (await talk(service.url, 'Hello. ')).code == 1000\n"
        "asyncio.run(run())\n"
        "print({'aiohttp', 'prometheus_client', 'av'} & set(sys.modules))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
