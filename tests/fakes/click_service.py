"""`fakes.clicks` behind a WebSocket: a service whose sound carries the truth of its timing, for the whole pipeline."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from fakes.clicks import Variant, speak
from fakes.service import FINAL, service, texts

from aligner.audio import parse_format
from aligner.speech import messages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.server import ServerConnection

    from aligner.model import Chunk


@asynccontextmanager
async def click_service(variant: Variant | None = None, seed: int = 0) -> AsyncIterator[str]:
    """The URL of a service that speaks each session in clicks; it answers once it has all of the text."""

    async def answer(connection: ServerConnection) -> None:
        assert connection.request is not None
        query = parse_qs(urlsplit(connection.request.path).query)
        text = "".join((await texts(connection))[1:])
        session = speak(text, parse_format(query["output_format"][0]), variant, seed)
        for chunk in session.chunks:
            await connection.send(_frame(chunk))
        await connection.send(FINAL)

    async with service(answer) as url:
        yield url


def _frame(chunk: Chunk) -> str:
    """The chunk as on the wire; a damaged one gets arrays of unequal length."""
    frame = messages.encode_audio(chunk.audio, chunk.alignment, chunk.normalized).decode()
    if not chunk.damaged:
        return frame
    unequal = {"chars": ["a", "b"], "charStartTimesMs": [0], "charDurationsMs": [5, 5]}
    return json.dumps({**json.loads(frame), "alignment": unequal})
