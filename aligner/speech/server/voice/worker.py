"""A worker: a process that speaks one utterance after the other, from standard input to standard output.

It ends when its input does, so that it never outlives the service; the library may crash it, which costs the service
one utterance. Started as ``python -m aligner.speech.server.voice.worker``. No asyncio, no numpy: it starts in a blink.

With ``--pristine`` it never speaks itself: each utterance is spoken by a child that is forked off an engine which has
only been started. What the library remembers of earlier utterances would change the next ones by up to 42 ms.
"""

from __future__ import annotations

import os
import signal
import sys
from array import array
from typing import IO, TYPE_CHECKING, Final

from aligner.errors import EngineError
from aligner.speech.server.voice import times
from aligner.speech.server.voice.espeak import Engine, Manner
from aligner.speech.server.voice.pipe import LENGTH, Crashed, Failed, Job, Reply, Spoken, decode_job, encode_reply

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE: Final = 60
"""Seconds for one utterance, which takes milliseconds."""


def utter(engine: Engine, job: Job) -> Spoken:
    """One utterance, from where its sound begins, with the times of its code points.

    Raises:
        EngineError: it cannot be spoken.
    """
    text = job.text.decode()
    if not text or text.isspace():
        return Spoken(b"", array("i", [0] * (len(text) + 1)).tobytes())
    manner = Manner(job.voice, job.rate, job.pitch, job.pitch_range, job.volume)
    sound, marks = engine.speak(text, manner, job.sounds)
    edges = times.edges(text, marks, len(sound) // 2)
    begin = edges[0]
    return Spoken(sound[2 * begin :], array("i", (edge - begin for edge in edges)).tobytes())


def serve(source: IO[bytes], sink: IO[bytes], start: Callable[[], Engine] = Engine, *, pristine: bool = False) -> None:
    """Answer every job of ``source`` in ``sink``, until ``source`` ends; ``pristine``: each by a child of its own."""
    engine: Engine | None = None
    while header := source.read(LENGTH.size):
        job = decode_job(source.read(*LENGTH.unpack(header)))
        try:
            engine = engine or start()
        except EngineError as error:
            _send(sink, Failed(str(error)))
            continue
        if not pristine:
            _send(sink, _reply(engine, job))
        elif not _delegated(engine, job, sink):
            _send(sink, Crashed())


def _reply(engine: Engine, job: Job) -> Reply:
    # One that hangs would outlive who waits for it, a service or a worker that was killed.
    _alarm(_PATIENCE)
    try:
        return utter(engine, job)
    except EngineError as error:
        return Failed(str(error))
    finally:
        _alarm(0)


def _alarm(seconds: int) -> None:
    """End this process after so many seconds; with 0 not any more. Windows has no such thing."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _send(sink: IO[bytes], reply: Reply) -> None:
    frame = encode_reply(reply)
    sink.write(LENGTH.pack(len(frame)) + frame)
    sink.flush()


def _delegated(engine: Engine, job: Job, sink: IO[bytes]) -> bool:
    """Have a child answer a job; whether it lived to do so. What it wrote by then is whole or nothing."""
    child = os.fork()
    if not child:
        status = 1
        try:
            _send(sink, _reply(engine, job))
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's is tidied up twice
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    """Serve the pipes that the process was started with."""
    # Ctrl-C reaches all processes of a terminal: the service decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the library prints must not get between the replies.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, sink, pristine="--pristine" in sys.argv[1:])


if __name__ == "__main__":
    main()
