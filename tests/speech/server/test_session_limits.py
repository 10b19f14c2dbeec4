"""The limits of a service as a client meets them on the socket."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from fakes.talk import Heard, say, talk, target
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from aligner.speech.server.app import Service, serve
from aligner.speech.server.limits import Limits
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TEXT = "A sentence for the voice, long enough to take a moment. "


def with_service(use: Callable[[Service], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        async with serve(ServiceOptions(workers=1, **options)) as service:
            return await use(service)

    return asyncio.run(run())


def refused(heard: Heard) -> tuple[str, int | None]:
    return heard.messages[-1]["error"], heard.code


def test_no_more_sessions_generate_than_may() -> None:
    async def use(service: Service) -> None:
        async with (
            connect(service.url + target(), max_size=None, max_queue=1) as busy,
            connect(service.url + target()) as idle,
        ):
            await say(busy, " ", {"text": TEXT * 2_000, "flush": True})
            await busy.recv()
            await say(idle, " ", {"text": TEXT, "flush": True})
            assert json.loads(await idle.recv())["error"] == "too_many_concurrent_requests"
            with pytest.raises(InvalidStatus) as upgrade:
                await talk(service.url, TEXT)
            assert upgrade.value.response.status_code == 429
            busy.transport.abort()

    with_service(use, max_concurrent=1)


def test_a_socket_that_is_merely_open_does_not_count() -> None:
    async def use(service: Service) -> list[Heard]:
        async with connect(service.url + target()) as one, connect(service.url + target()) as other:
            for socket in (one, other):
                await say(socket, " ", {"text": TEXT, "flush": True})
                await socket.recv()
                while json.loads(await socket.recv())["alignment"]:
                    pass
            return [await talk(service.url, TEXT) for _ in range(3)]

    assert [heard.text for heard in with_service(use, max_concurrent=1)] == [TEXT] * 3


def test_a_session_is_not_refused_between_two_of_its_own_generations() -> None:
    parts = [{"text": TEXT, "flush": True}] * 30
    heard = with_service(lambda service: talk(service.url, *parts), max_concurrent=1)
    assert (heard.text, heard.code) == (TEXT * 30, 1000)


def test_a_session_may_send_so_many_characters() -> None:
    limits = Limits(session_characters=100)
    assert with_service(lambda service: talk(service.url, TEXT), limits=limits).code == 1000
    heard = with_service(lambda service: talk(service.url, TEXT, TEXT, close=False), limits=limits)
    assert refused(heard) == ("max_character_limit_exceeded", 1008)


def test_all_sessions_share_a_quota() -> None:
    async def use(service: Service) -> list[Heard]:
        return [await talk(service.url, TEXT) for _ in range(3)]

    first, second, third = with_service(use, character_limit=2 * len(TEXT) + 1)
    assert (first.code, second.code) == (1000, 1000)
    assert refused(third) == ("quota_exceeded", 1008)
    assert "You have 1 credits remaining" in (third.reason or "")


def test_a_message_may_be_so_long() -> None:
    heard = with_service(lambda service: talk(service.url, TEXT * 100, close=False), limits=Limits(message_bytes=4_096))
    assert (heard.messages, heard.code) == ([], 1009)


def test_a_flood_of_frames_is_slowed_down_and_not_refused() -> None:
    async def use(service: Service) -> float:
        began = asyncio.get_running_loop().time()
        heard = await talk(service.url, *[" "] * 150)
        assert heard.code == 1000
        return asyncio.get_running_loop().time() - began

    assert with_service(use, limits=Limits(frames_per_second=100)) >= 0.5


def test_reading_stops_while_too_much_is_due_and_goes_on() -> None:
    limits = Limits(waiting_characters=50)
    heard = with_service(lambda service: talk(service.url, *[{"text": TEXT, "flush": True}] * 20), limits=limits)
    assert (heard.text, heard.code) == (TEXT * 20, 1000)


def test_with_too_many_utterances_waiting_the_service_is_busy() -> None:
    async def use(service: Service) -> list[str]:
        heard = await asyncio.gather(*(talk(service.url, TEXT * 40) for _ in range(12)))
        return [str(one.messages[-1].get("error")) for one in heard if one.code != 1000]

    errors = with_service(use, limits=Limits(queue=1))
    assert errors
    assert set(errors) == {"system_busy"}


def test_with_too_many_connections_the_next_is_refused() -> None:
    async def use(service: Service) -> None:
        async with connect(service.url + target()), connect(service.url + target()):
            with pytest.raises(InvalidStatus) as upgrade:
                await talk(service.url, TEXT)
            assert upgrade.value.response.status_code == 503
        assert (await talk(service.url, TEXT)).code == 1000

    with_service(use, limits=Limits(connections=2))


def test_an_idle_session_is_ended_by_its_inactivity_time_out() -> None:
    async def use(service: Service) -> None:
        async with connect(service.url + target(inactivity_timeout="0.2")) as socket:
            assert json.loads(await socket.recv())["error"] == "input_timeout_exceeded"
            with pytest.raises(ConnectionClosed):
                await socket.recv()

    with_service(use)
