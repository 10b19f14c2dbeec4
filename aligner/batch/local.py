"""Many documents on this machine: they share one pool of speech connections, and none stops the others.

The embedded service is started here for the run where it is the engine, and stopped with it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aligner import pipeline
from aligner.batch.options import Options
from aligner.batch.plan import formats, plan, writable
from aligner.batch.prepare import check, prepare
from aligner.batch.report import Event, Outcome, Report, Spoken, Started
from aligner.errors import AlignerError, KeyRefused
from aligner.pipeline import Speaker
from aligner.speech import service, stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aligner.batch.plan import Item
    from aligner.batch.stock import Stock
    from aligner.model import Latency, Segment, Speech
    from aligner.pipeline import Told
    from aligner.speech.engines import Engine
    from aligner.speech.stream import Call


DEFAULTS: Final = Options()


def speak(
    inputs: Sequence[str | Path],
    out: Path | str,
    options: Options = DEFAULTS,
    tell: Callable[[Event], None] = lambda _event: None,
) -> Report:
    """Speak documents and write their files below a folder.

    Args:
        inputs: files, folders (recursively), patterns, ``-`` for standard input.
        out: the output folder.
        options: the settings of the run.
        tell: called with each event as it happens.

    Returns:
        How each document ended; a document that failed never stops the others.

    Raises:
        UsageError: wrong settings or inputs; nothing was spoken.
    """
    engine = options.resolved()
    items = plan(inputs, Path(out), formats(options.formats))
    stock = check(options, engine)
    writable(Path(out))
    started = time.monotonic()
    outcomes = asyncio.run(_all(items, options, (engine, stock), tell))
    return Report(outcomes, time.monotonic() - started)


async def _all(
    items: Sequence[Item], options: Options, means: tuple[Engine, Stock], tell: Callable[[Event], None]
) -> tuple[Outcome, ...]:
    engine, stock = means
    async with service.reached(engine, stock.voices_folder, stock.dictionary_files) as reached:
        work = _Run(options, (reached, stock), tell)
        return await work.all(items)


class _Run:
    """A run under way: its pool of connections and what has to stop everybody."""

    def __init__(self, options: Options, means: tuple[Engine, Stock], tell: Callable[[Event], None]) -> None:
        self._options = options
        engine, stock = means
        self._engine = engine
        self._stock = stock
        self._tell = tell
        self._jobs = options.jobs or engine.jobs
        self._connections = asyncio.Semaphore(self._jobs)
        # One document more than connections: while one is written, the others keep all connections busy.
        self._documents = asyncio.Semaphore(self._jobs + 1)
        self._stop: AlignerError | None = None

    async def all(self, items: Sequence[Item]) -> tuple[Outcome, ...]:
        return tuple(await asyncio.gather(*map(self._one, items)))

    async def _one(self, item: Item) -> Outcome:
        async with self._documents:
            started = time.monotonic()
            try:
                outcome = await self._document(item)
            except AlignerError as error:
                if isinstance(error, KeyRefused) or self._options.fail_fast:
                    self._stop = self._stop or _stopped(error)
                outcome = Outcome(item.source, "failed", error=error)
            except Exception as bug:  # noqa: BLE001 - a fault of ours in one document must not cost the others
                internal = AlignerError(
                    f"internal error ({type(bug).__name__}: {bug})", item.source, "please report it"
                )
                outcome = Outcome(item.source, "failed", error=internal)
            outcome = replace(outcome, seconds=time.monotonic() - started)
            self._tell(outcome)
            return outcome

    async def _document(self, item: Item) -> Outcome:
        self._go_on()
        ready = await asyncio.to_thread(prepare, item, self._options, self._engine, self._stock)
        document = ready.document
        if ready.up_to_date and not self._options.force:
            return Outcome(item.source, "skipped", len(document.text))
        self._tell(Started(item.source, len(document.text)))
        heard = _Heard(item.source, self._tell)
        speaker = Speaker(
            lambda segment: self._speak(ready.call, segment),
            ready.call.address.output_format,
            ready.attribution,
            ahead=2 * self._jobs,
            segment_size=self._options.segment_size,
        )
        narration = await pipeline.run(document, speaker, ready.style, item.target, heard)
        return Outcome(
            item.source,
            "done",
            len(document.text),
            len(narration.words),
            len(narration.cues),
            narration.audio.duration,
            warnings=tuple(heard.warnings),
            latencies=tuple(heard.latencies),
        )

    def _go_on(self) -> None:
        """Nothing is begun after a stop."""
        if self._stop:
            raise self._stop

    async def _speak(self, call: Call, segment: Segment) -> Speech:
        async with self._connections:
            self._go_on()
            return await stream.speak(call, segment.text, segment.markup)


class _Heard:
    """Passes on what happens to a document's segments and collects what is told of them at the end."""

    def __init__(self, source: str, tell: Callable[[Event], None]) -> None:
        self._source = source
        self._tell = tell
        self.warnings: list[str] = []
        self.latencies: list[Latency] = []

    def __call__(self, told: Told) -> None:
        self.latencies.append(told.latency)
        if told.warning:
            self.warnings.append(f"segment {told.segment.index + 1}: {told.warning}")
        self._tell(Spoken(self._source, len(told.segment.text), told.duration))


def _stopped(error: AlignerError) -> AlignerError:
    """Why the documents after a stop were not tried; a refused key stays one, for it decides the exit code."""
    if isinstance(error, KeyRefused):
        return error
    return AlignerError("not tried: an earlier document failed", mend="leave out --fail-fast to do the others anyway")
