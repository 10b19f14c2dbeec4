"""A worker without an engine: the text says what becomes of it.

Run as a program with a folder to keep notes in: ``crash`` ends the process, ``once`` only the first time, ``hang``
never answers, ``fail`` is refused, ``env`` answers with the names of its environment; anything else is "spoken" as its
own process id.
"""

from __future__ import annotations

import os
import sys
import time
from array import array
from pathlib import Path

from aligner.speech.server.pipe import LENGTH, Failed, Reply, Spoken, decode_job, encode_reply


def reply(text: str, notes: Path) -> Reply:
    if text == "crash" or (text == "once" and not (notes / "once").exists()):
        (notes / "once").touch()
        os._exit(139)
    if text == "hang":
        (notes / "hangs").touch()
        time.sleep(3600)
    if text == "fail":
        return Failed("no such voice")
    said = "\n".join(os.environ) if text == "env" else str(os.getpid())
    return Spoken(said.encode(), array("i", range(len(text) + 1)).tobytes())


def main() -> None:
    notes = Path(sys.argv[1])
    while header := sys.stdin.buffer.read(LENGTH.size):
        job = decode_job(sys.stdin.buffer.read(*LENGTH.unpack(header)))
        frame = encode_reply(reply(job.text.decode(), notes))
        sys.stdout.buffer.write(LENGTH.pack(len(frame)) + frame)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
