"""A pristine worker whose engine dies of some texts; run as a program. It ends with 7 if no child is left unburied."""

from __future__ import annotations

import os
import signal
import sys

from aligner.errors import EngineError
from aligner.speech.server.voice import worker


class Fragile:
    """``die`` crashes the process, ``refuse`` is refused, ``bug`` raises; anything else is silence."""

    def speak(self, text: str, *_: object) -> tuple[bytes, list[object]]:
        if text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if text == "refuse":
            raise EngineError("not this")
        if text == "bug":
            raise ZeroDivisionError
        return b"\0\0" * len(text), []


def main() -> int:
    worker.serve(sys.stdin.buffer, sys.stdout.buffer, Fragile, pristine=True)  # type: ignore[arg-type]  # as much of an engine as is used
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return 7
    return 0


if __name__ == "__main__":
    sys.exit(main())
