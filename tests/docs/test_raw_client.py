"""What the page has somebody type into a raw client is typed here, and answered as the page says."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from typing import Final

from docs.pages import DOCS, blocks

PAGE: Final = DOCS / "howto" / "serve.md"
SERVICE: Final = "ws://127.0.0.1:8080"


def test_what_is_typed_is_answered(served: str) -> None:
    place, command = next(
        (place, block.text) for place, block in enumerate(blocks(PAGE)) if "-m websockets" in block.text
    )
    typed = blocks(PAGE)[place + 1].text
    assert len(typed.splitlines()) == 3
    python, *arguments = shlex.split(command.replace(SERVICE, served))
    assert python == "python"
    with subprocess.Popen(  # noqa: S603 - our own page
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdin
        assert client.stdout
        client.stdin.write(typed)
        client.stdin.flush()
        # It stays open, as somebody's keyboard does: the service ends the session.
        said = client.stdout.read()
    messages = [json.loads(line.partition("< ")[2]) for line in said.splitlines() if "< {" in line]
    chars = [char for message in messages if message["alignment"] for char in message["alignment"]["chars"]]
    assert "".join(chars) == "Hello there. "
    assert any(message["audio"] for message in messages)
    assert messages[-1]["isFinal"]
    assert "Connection closed: 1000 (OK)." in said
