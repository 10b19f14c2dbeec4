"""The plainest client there is: it sends messages, and keeps all that comes back."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Message = dict[str, Any]


@dataclass
class Heard:
    """What a service said in one session."""

    messages: list[Message] = field(default_factory=list)
    code: int | None = None
    reason: str | None = None

    @property
    def aligned(self) -> list[Message]:
        return [message["alignment"] for message in self.messages if message.get("alignment")]

    @property
    def text(self) -> str:
        return "".join("".join(alignment["chars"]) for alignment in self.aligned)

    @property
    def audio(self) -> bytes:
        return b"".join(base64.b64decode(message["audio"]) for message in self.messages if message.get("audio"))

    @property
    def span(self) -> int:
        """Milliseconds: all messages' spans together."""
        return sum(alignment["charStartTimesMs"][-1] + alignment["charDurationsMs"][-1] for alignment in self.aligned)

    @property
    def starts(self) -> list[int]:
        """Milliseconds since the session began, one a character."""
        found: list[int] = []
        base = 0
        for alignment in self.aligned:
            found.extend(base + start for start in alignment["charStartTimesMs"])
            base += alignment["charStartTimesMs"][-1] + alignment["charDurationsMs"][-1]
        return found

    @property
    def timed(self) -> list[tuple[str, int]]:
        """All characters with their milliseconds."""
        return [pair for one in self.aligned for pair in zip(one["chars"], one["charDurationsMs"], strict=True)]


def target(voice: str = "en-us", **query: object) -> str:
    settings = {"output_format": "pcm_22050", "sync_alignment": "true", **query}
    spelled = "&".join(f"{name}={value}" for name, value in settings.items())
    return f"/v1/text-to-speech/{voice}/stream-input?{spelled}"


async def talk(
    url: str,
    *messages: str | Message,
    path: str | None = None,
    first: Message | None = None,
    headers: Mapping[str, str] | None = None,
    close: bool = True,
) -> Heard:
    """One session: the first message, the others, the closing one; then everything until the service closes."""
    heard = Heard()
    async with connect(url + (path or target()), max_size=None, compression=None, additional_headers=headers) as socket:
        try:
            await say(socket, {"text": " ", **(first or {})}, *messages)
            if close:
                await say(socket, "")
            async for frame in socket:
                heard.messages.append(json.loads(frame))
        except ConnectionClosed:
            pass
    heard.code, heard.reason = socket.close_code, socket.close_reason
    return heard


async def say(socket: Any, *messages: str | Message) -> None:
    """A text is a message with nothing else."""
    for message in messages:
        await socket.send(json.dumps({"text": message} if isinstance(message, str) else message))


def final_index(messages: Sequence[Message]) -> list[int]:
    return [index for index, message in enumerate(messages) if message.get("isFinal")]
