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
import signal
import sys
from typing import TYPE_CHECKING, Final, Self

import msgspec

from aligner.errors import EngineError, ServiceBusy
from aligner.speech.server.voice.pipe import LENGTH, Crashed, Failed, Job, Spoken, decode_reply, encode_job
from aligner.speech.server.voice.turns import Turns

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from types import TracebackType

_COMMAND: Final = (sys.executable, "-m", "aligner.speech.server.voice.worker")
_PRISTINE: Final = "--pristine"
_FORKS: Final = hasattr(os, "fork")
_PATIENCE: Final = 60.0
"""Seconds for one utterance, which takes milliseconds: only a worker that hangs needs them."""
_GRACE: Final = 1.0
"""Seconds that an utterance may go on for which nobody waits any more."""
_PIPE_BUFFER: Final = 1 << 20
_QUEUE: Final = 1000
_EXCERPT: Final = 40
_SECRET: Final = re.compile(r"(?i)KEY|TOKEN|SECRET|PASSW|CREDENTIAL|^ALIGNER_|^ELEVENLABS_")
# Signs that no voice needs in order to speak: what crashed the library in all tests was one of them.
_SIGNS: Final = re.compile(r"[^\w\s.,!?]")
_GREETING: Final = Job(b"a", "gmw/en-US", 449, 50, 50)

_log = logging.getLogger(__name__)


class _Died(Exception):
    """The worker is gone, or does not answer; it never leaves this file."""


class _ChildDied(_Died):
    """Only a child of the worker is; the next will do."""


class Pool:
    """Workers, started as they are needed and kept warm. Use it as an async context manager, or ``close`` it.

    Jobs that must be ``pristine`` have workers of their own, which fork off a child for each; where processes cannot
    fork, each has a new worker.
    """

    def __init__(self, workers: int | None = None, command: tuple[str, ...] = _COMMAND, *, queue: int = _QUEUE) -> None:
        """``workers`` work at once, ``queue`` more jobs may wait for them.

        By default two a core: one speaks while the other waits for its next text, and the cores never do.
        """
        self.size = workers or 2 * (os.cpu_count() or 1)
        self.restarts = 0
        """Workers that died and were replaced."""
        self._command = command
        self._turns = Turns(self.size)
        self._queue = queue
        self._idle: dict[bool, list[Process]] = {False: [], True: []}
        """By whether they are pristine."""
        self._busy: set[Process] = set()
        self._under_way: set[asyncio.Task[Spoken]] = set()
        self._closed = False

    @property
    def waiting(self) -> int:
        """Utterances that wait for a worker."""
        return self._turns.waiting

    async def speak(self, job: Job, *, urgent: bool = False) -> Spoken:
        """Speak one utterance on the next worker that is free; an ``urgent`` one goes before most others.

        Who has heard nothing yet (``urgent``) is turned away where too many wait; who is in mid speech is not.

        A text that crashes a worker is tried once more, by a new one, and at last without its signs. Code points keep
        their places.

        Raises:
            ServiceBusy: it is urgent, and as many utterances as may already wait.
            EngineError: the engine is missing, has no such voice, or crashed every time on this very text.
        """
        if urgent and self._turns.all_taken and self.waiting >= self._queue:
            raise ServiceBusy(f"{self.waiting} utterances wait for a voice already", mend="try again in a moment")
        await self._turns.take(urgent=urgent)
        task = asyncio.create_task(self._stubborn(job))
        self._under_way.add(task)
        task.add_done_callback(self._over)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            # It is done in a moment, and its worker lives on: to start another would cost ten times as much.
            asyncio.get_running_loop().call_later(_GRACE, task.cancel)
            raise

    async def warm(self) -> None:
        """Start all workers and have each speak once, so that the first client waits for none of it.

        Best called when a service starts, in the background. Whatever is wrong with the engine, the first job tells.
        """
        jobs = [_GREETING] * self.size + [msgspec.structs.replace(_GREETING, pristine=True)] * _FORKS
        # More at once than have turns: each must find no idle worker, and start one.
        await asyncio.gather(*(self._greet(job) for job in jobs))

    async def close(self) -> None:
        """End all workers and wait until they are gone."""
        self._closed = True
        idle = [process for processes in self._idle.values() for process in processes]
        for processes in self._idle.values():
            processes.clear()
        for process in self._busy.copy():
            _kill(process)
        for process in idle:
            await _dismiss(process)
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _over(self, task: asyncio.Task[Spoken]) -> None:
        self._under_way.discard(task)
        self._turns.give_back()
        if not task.cancelled():
            task.exception()  # nobody may be left to hear of it

    async def _stubborn(self, job: Job) -> Spoken:
        anew = False
        for attempt in (job, job, _without_signs(job)):
            try:
                return await self._attempt(attempt, anew=anew)
            except _Died as death:
                if self._closed:
                    raise EngineError("the voice engine has been shut down") from None
                # The idle workers may be dead too, killed from outside, and the text innocent.
                anew = not isinstance(death, _ChildDied)
                self.restarts += 1
                _log.warning("a worker died on an utterance of %d bytes", len(job.text))
        problem = f"the voice engine crashed on this text: {_excerpt(job.text)!r}"
        raise EngineError(problem, mend="reword it or choose another voice")

    async def _greet(self, job: Job) -> None:
        with contextlib.suppress(EngineError, _Died):
            await self._attempt(job)

    async def _attempt(self, job: Job, *, anew: bool = False) -> Spoken:
        idle = self._idle[job.pristine]
        process = idle.pop() if idle and not anew else await self._start(pristine=job.pristine)
        self._busy.add(process)
        sound = False
        try:
            reply = await _exchange(process, job)
            sound = not self._closed and (_FORKS or not job.pristine) and len(idle) < self.size
        finally:
            # Also when the caller was cancelled: half of a reply may be in the pipe.
            self._busy.discard(process)
            if sound:
                idle.append(process)
            else:
                _kill(process)
                await asyncio.shield(process.wait())
        if isinstance(reply, Crashed):
            raise _ChildDied
        if isinstance(reply, Failed):
            raise EngineError(reply.problem)
        return reply

    async def _start(self, *, pristine: bool) -> Process:
        if self._closed:
            raise EngineError("the voice engine has been shut down")
        return await asyncio.create_subprocess_exec(
            *self._command,
            *([_PRISTINE] if pristine and _FORKS else []),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_PIPE_BUFFER,
            # The library has no business with anybody's keys.
            env={name: value for name, value in os.environ.items() if not _SECRET.search(name)},
            # A group of its own, so that its children can be ended with it.
            start_new_session=True,
        )


async def _exchange(process: Process, job: Job) -> Spoken | Failed | Crashed:
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
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        elif process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)


def _without_signs(job: Job) -> Job:
    text = _SIGNS.sub(" ", job.text.decode(errors="replace"))
    return msgspec.structs.replace(job, text=text.encode(errors="replace"))


def _excerpt(text: bytes) -> str:
    words = text.decode(errors="replace").strip()
    return words if len(words) <= _EXCERPT else f"{words[:_EXCERPT]}…"
