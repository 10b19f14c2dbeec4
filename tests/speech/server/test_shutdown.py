"""How a service ends: what is under way is heard to its end, everybody else is told."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fakes.talk import Heard, say, talk, target
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from aligner.speech.server.app import Service, serve
from aligner.speech.server.limits import Limits
from aligner.speech.server.options import ServiceOptions

PATIENT = ServiceOptions(workers=1, limits=Limits(grace_seconds=600))
TEXT = "A sentence that is being spoken while the service is told to end. "


async def to_the_end(client: ClientConnection, heard: Heard | None = None) -> Heard:
    heard = heard or Heard()
    try:
        while True:
            heard.messages.append(json.loads(await client.recv()))
    except ConnectionClosed:
        heard.code, heard.reason = client.close_code, client.close_reason
    return heard


async def begun(service: Service, *messages: Any) -> tuple[ClientConnection, Heard]:
    """A session that has sound."""
    client = await connect(service.url + target(), max_size=None)
    await say(client, " ", *messages)
    return client, Heard([json.loads(await client.recv())])


def test_a_generation_that_runs_is_heard_to_its_end() -> None:
    async def run() -> Heard:
        async with serve(PATIENT) as service:
            client, heard = await begun(service, TEXT * 60, "")
            ending = asyncio.create_task(to_the_end(client, heard))
        return await ending

    heard = asyncio.run(run())
    assert heard.code == 1000
    assert heard.messages[-1]["isFinal"]
    assert heard.text == TEXT * 60


def test_a_session_that_waits_for_more_text_hears_its_generation_and_is_told() -> None:
    async def run() -> Heard:
        async with serve(PATIENT) as service:
            client, heard = await begun(service, {"text": TEXT * 50, "flush": True})
            ending = asyncio.create_task(to_the_end(client, heard))
        return await ending

    heard = asyncio.run(run())
    assert heard.text == TEXT * 50
    assert (heard.code, heard.reason) == (1012, "The service is shutting down, please try again.")


@pytest.mark.parametrize("said", [[], [" "], [" ", "Not enough to be spoken. "]])
def test_idle_sessions_are_told_at_once(said: list[str]) -> None:
    async def run() -> Heard:
        async with serve(PATIENT) as service:
            client = await connect(service.url + target())
            await say(client, *said)
            await asyncio.sleep(0.05)
        return await to_the_end(client)

    heard = asyncio.run(run())
    assert (heard.messages, heard.code) == ([], 1012)


def test_what_takes_longer_than_the_grace_is_cut() -> None:
    options = ServiceOptions(workers=1, limits=Limits(grace_seconds=0.2))

    async def run() -> Heard:
        async with serve(options) as service:
            client, heard = await begun(service, TEXT * 5_000, "")
            ending = asyncio.create_task(to_the_end(client, heard))
        return await ending

    heard = asyncio.run(run())
    assert heard.code == 1012
    assert 0 < len(heard.text) < len(TEXT * 5_000)


def test_nobody_new_is_let_in_while_the_last_ones_are_heard() -> None:
    async def run() -> str:
        context = serve(PATIENT)
        service = await context.__aenter__()
        client, heard = await begun(service, TEXT * 100, "")
        closing = asyncio.create_task(context.__aexit__(None, None, None))
        await asyncio.sleep(0.05)
        assert not closing.done()
        with pytest.raises(OSError, match="onnect"):
            await talk(service.url, TEXT)
        heard = await to_the_end(client, heard)
        await closing
        return heard.text

    assert asyncio.run(run()) == TEXT * 100


def test_nothing_is_left_behind() -> None:
    async def run() -> None:
        before = asyncio.all_tasks()
        async with serve(ServiceOptions(workers=1, ready=True)) as service:
            clients = [await connect(service.url + target()) for _ in range(5)]
            for client in clients[1:]:
                await say(client, " ", TEXT)
            clients[4].transport.abort()
        for client in clients:
            await client.wait_closed()
        await asyncio.sleep(0.01)
        assert not {task for task in asyncio.all_tasks() - before if not task.done()}

    asyncio.run(run())
