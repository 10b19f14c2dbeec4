"""The worker processes, as the service sees them: utterances in, sound with times out, whatever happens to a worker.

A worker serves one utterance at a time. One that crashed, hangs, or was left in the middle of an utterance is thrown
away: its pipes can no longer be trusted, and a new one is there in a moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
from typing import TYPE_CHECKING, Final, Self

from aligner.errors import EngineError
from aligner.speech.server.pipe import LENGTH, Failed, Job, Spoken, decode_reply, encode_job

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from types import TracebackType

_COMMAND: Final = (sys.executable, "-m", "aligner.speech.server.worker")
_PATIENCE: Final = 60.0
"""Seconds for one utterance, which takes milliseconds: only a worker that hangs needs them."""
_PIPE_BUFFER: Final = 1 << 20
_EXCERPT: Final = 40
_SECRET: Final = re.compile(r"(?i)KEY|TOKEN|SECRET|PASSW|CREDENTIAL|^ALIGNER_|^ELEVENLABS_")

_log = logging.getLogger(__name__)


class _Died(Exception):
    """The worker is gone, or does not answer; it never leaves this file."""


class Pool:
    """Workers, started as they are needed and kept warm. Use it as an async context manager, or ``close`` it."""

    def __init__(self, workers: int | None = None, command: tuple[str, ...] = _COMMAND) -> None:
        self.size = workers or os.cpu_count() or 1
        self._command = command
        self._turns = asyncio.Semaphore(self.size)  # first come, first served
        self._idle: list[Process] = []
        self._busy: set[Process] = set()
        self._closed = False

    async def speak(self, job: Job) -> Spoken:
        """Speak one utterance on the next worker that is free.

        Raises:
            EngineError: the engine is missing, has no such voice, or crashed twice on this very text.
        """
        async with self._turns:
            try:
                return await self._attempt(job)
            except _Died:
                _log.warning("a worker died on an utterance of %d bytes; trying it once more", len(job.text))
            try:
                return await self._attempt(job)
            except _Died:
                problem = f"the voice engine crashed on this text: {_excerpt(job.text)!r}"
                raise EngineError(problem, mend="reword it or choose another voice") from None

    async def close(self) -> None:
        """End all workers and wait until they are gone."""
        self._closed = True
        idle, self._idle = self._idle, []
        for process in self._busy.copy():
            _kill(process)
        for process in idle:
            await _dismiss(process)
        for process in self._busy.copy():
            await process.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _attempt(self, job: Job) -> Spoken:
        process = self._idle.pop() if self._idle else await self._start()
        self._busy.add(process)
        sound = False
        try:
            reply = await _exchange(process, job)
            sound = not self._closed
        finally:
            # Also when the caller was cancelled: half of a reply may be in the pipe.
            self._busy.discard(process)
            if sound:
                self._idle.append(process)
            else:
                _kill(process)
                await asyncio.shield(process.wait())
        if isinstance(reply, Failed):
            raise EngineError(reply.problem)
        return reply

    async def _start(self) -> Process:
        if self._closed:
            raise EngineError("the voice engine has been shut down")
        return await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_PIPE_BUFFER,
            # The library has no business with anybody's keys.
            env={name: value for name, value in os.environ.items() if not _SECRET.search(name)},
        )


async def _exchange(process: Process, job: Job) -> Spoken | Failed:
    assert process.stdin is not None  # noqa: S101 - both are pipes, see _start; for mypy
    assert process.stdout is not None  # noqa: S101 - as above
    frame = encode_job(job)
    try:
        async with asyncio.timeout(_PATIENCE):
            process.stdin.write(LENGTH.pack(len(frame)) + frame)
            await process.stdin.drain()
            (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
            return decode_reply(await process.stdout.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
        raise _Died from None


async def _dismiss(process: Process) -> None:
    """A worker ends by itself when its input does; one that does not is killed."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(1):
            await process.wait()
    except TimeoutError:
        _kill(process)
        await process.wait()


def _kill(process: Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(ProcessLookupError):
        process.kill()


def _excerpt(text: bytes) -> str:
    words = text.decode(errors="replace").strip()
    return words if len(words) <= _EXCERPT else f"{words[:_EXCERPT]}…"
