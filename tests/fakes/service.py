"""A speech service by script, on loopback: tests say what it answers, message by message."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from websockets.http11 import Request, Response


@asynccontextmanager
async def service(
    script: Callable[[ServerConnection], Awaitable[None]],
    process_request: Callable[[ServerConnection, Request], Response | None] | None = None,
) -> AsyncIterator[str]:
    """The URL of a service whose every connection is handled by ``script``."""

    async def handle(connection: ServerConnection) -> None:
        try:
            await script(connection)
        except ConnectionClosed:
            return

    async with serve(
        handle, "127.0.0.1", 0, compression=None, max_size=None, process_request=process_request
    ) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def texts(connection: ServerConnection) -> list[str]:
    """All that the client says, from the first message to the empty one, text by text."""
    found: list[str] = []
    while True:
        message: dict[str, Any] = json.loads(await connection.recv())
        if message["text"] == "" and not message.get("flush"):
            return found
        found.append(message["text"])


def audio(sound: str | None, characters: str = "", step: int = 100, **more: object) -> str:
    """An audio message with evenly timed characters; ``sound`` is base64."""
    alignment = {
        "chars": list(characters),
        "charStartTimesMs": [step * index for index in range(len(characters))],
        "charDurationsMs": [step] * len(characters),
    }
    message = {
        "audio": sound,
        "isFinal": None,
        "normalizedAlignment": None,
        "alignment": alignment if characters else None,
    }
    return json.dumps({**message, **more})


FINAL = json.dumps({"audio": None, "isFinal": True, "normalizedAlignment": None, "alignment": None})
