"""A worker without an engine: the text says what becomes of it.

Run as a program with a folder to keep notes in: ``crash`` ends the process, ``once`` only the first time, ``hang``
never answers, ``fork`` has a child that never does, ``slow`` takes a while, ``fail`` is refused, ``child`` says the
first time that its child died, ``signs#`` ends the process until it has none, ``env`` answers with the names of its
environment; anything else is "spoken" as its own process id. It notes that it has started as ``worker-`` and its id.
"""

from __future__ import annotations

import os
import sys
import time
from array import array
from pathlib import Path

from aligner.speech.server.voice.pipe import LENGTH, Crashed, Failed, Reply, Spoken, decode_job, encode_reply


def first(note: Path) -> bool:
    """Whether this is the first time."""
    known = note.exists()
    note.touch()
    return not known


def reply(text: str, notes: Path) -> Reply:
    if text in {"crash", "signs#"} or (text == "once" and first(notes / "once")):
        os._exit(139)
    if text == "fork":
        child = os.fork()
        if child:
            (notes / "child").write_text(str(child))
            (notes / "hangs").touch()
        time.sleep(3600)
    if text == "hang":
        (notes / "hangs").touch()
        time.sleep(3600)
    if text == "slow":
        (notes / "hangs").touch()
        time.sleep(0.3)
    if text == "child" and first(notes / "child"):
        return Crashed()
    if text == "fail":
        return Failed("no such voice")
    said = "\n".join(os.environ) if text == "env" else str(os.getpid())
    return Spoken(said.encode(), array("i", range(len(text) + 1)).tobytes())


def main() -> None:
    notes = Path(sys.argv[1])
    (notes / f"worker-{os.getpid()}{''.join(sys.argv[2:])}").touch()
    while header := sys.stdin.buffer.read(LENGTH.size):
        job = decode_job(sys.stdin.buffer.read(*LENGTH.unpack(header)))
        frame = encode_reply(reply(job.text.decode(), notes))
        sys.stdout.buffer.write(LENGTH.pack(len(frame)) + frame)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
