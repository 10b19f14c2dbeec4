"""A worker: a process that speaks one utterance after the other, from standard input to standard output.

It ends when its input does, so that it never outlives the service; the library may crash it, which costs the service
one utterance. Started as ``python -m aligner.speech.server.worker``. No asyncio, no numpy: it starts in a blink.
"""

from __future__ import annotations

import os
import signal
import sys
from array import array
from typing import IO, TYPE_CHECKING

from aligner.errors import EngineError
from aligner.speech.server import times
from aligner.speech.server.espeak import Engine, Manner
from aligner.speech.server.pipe import LENGTH, Failed, Job, Reply, Spoken, decode_job, encode_reply

if TYPE_CHECKING:
    from collections.abc import Callable


def utter(engine: Engine, job: Job) -> Spoken:
    """One utterance, from where its sound begins, with the times of its code points.

    Raises:
        EngineError: it cannot be spoken.
    """
    text = job.text.decode()
    if not text or text.isspace():
        return Spoken(b"", array("i", [0] * (len(text) + 1)).tobytes())
    sound, marks = engine.speak(text, Manner(job.voice, job.rate, job.pitch, job.pitch_range))
    edges = times.edges(text, marks, len(sound) // 2)
    begin = edges[0]
    return Spoken(sound[2 * begin :], array("i", (edge - begin for edge in edges)).tobytes())


def serve(source: IO[bytes], sink: IO[bytes], start: Callable[[], Engine] = Engine) -> None:
    """Answer every job of ``source`` in ``sink``, until ``source`` ends."""
    engine: Engine | None = None
    while header := source.read(LENGTH.size):
        job = decode_job(source.read(*LENGTH.unpack(header)))
        try:
            engine = engine or start()
            reply: Reply = utter(engine, job)
        except EngineError as error:
            reply = Failed(str(error))
        frame = encode_reply(reply)
        sink.write(LENGTH.pack(len(frame)))
        sink.write(frame)
        sink.flush()


def main() -> None:
    """Serve the pipes that the process was started with."""
    # Ctrl-C reaches all processes of a terminal: the service decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What the library prints must not get between the replies.
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
