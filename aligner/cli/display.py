"""What people see: progress on standard error while it goes on, a table on standard output at the end, a log.

A progress bar where standard error is a terminal, plain lines where it is none.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Self

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from aligner import clock
from aligner.batch.report import Outcome, Spoken, Started
from aligner.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import BufferedWriter
    from pathlib import Path
    from types import TracebackType

    from aligner.batch.estimate import Estimate
    from aligner.batch.report import Event, Report
    from aligner.speech.pace import Figures

# The retries' own log would go to the terminal as bare words where nobody asked for a log.
logging.getLogger("stamina").addHandler(logging.NullHandler())

_STYLES = {"done": "green", "skipped": "dim", "failed": "red"}


class Display:
    """Shows a run as it goes on; a context manager."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._errors = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[audio]} of speech"),
            TimeElapsedColumn(),
            console=self._errors,
            transient=True,
            disable=quiet or not self._errors.is_terminal,
        )
        self._task = self._bar.add_task("speaking", total=None, audio="0 s")
        self._characters = 0
        self._duration = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, event: Event) -> None:
        """One event of the run."""
        match event:
            case Started():
                self._characters += event.characters
                self._bar.update(self._task, total=self._characters)
            case Spoken():
                self._duration += event.duration
                self._bar.update(self._task, advance=event.characters, audio=clock.spell(self._duration))
            case Outcome():
                self._ended(event)

    def _ended(self, outcome: Outcome) -> None:
        if outcome.status == "failed":
            self._errors.print(f"[red]failed[/] {escape(_sentence(outcome))}")
        elif not self._quiet:
            self._errors.print(f"[{_STYLES[outcome.status]}]{outcome.status}[/] {escape(outcome.source)}")

    def summary(self, report: Report, out: Path) -> None:
        """The table at the end, on standard output."""
        if self._quiet:
            return
        table = Table(title=f"{escape(str(out))}", title_justify="left", box=None, pad_edge=False)
        table.add_column("document", overflow="fold")
        table.add_column("")
        for name in ("words", "cues", "audio", "warnings", "time"):
            table.add_column(name, justify="right")
        for outcome in report.outcomes:
            table.add_row(
                escape(outcome.source),
                f"[{_STYLES[outcome.status]}]{outcome.status}[/]",
                *_figures(outcome),
            )
        if len(report.outcomes) > 1:
            table.add_section()
            table.add_row(f"{len(report.outcomes)} documents", "", *_totals(report))
        console = Console(highlight=False)
        console.print(table)
        if report.latency:
            console.print(_speed(report.latency), soft_wrap=True)
        for outcome in report.outcomes:
            for warning in outcome.warnings:
                console.print(f"[yellow]warning[/] {escape(outcome.source)}: {escape(warning)}", soft_wrap=True)


class Log:
    """Appends events to a file, one JSON object a line; does nothing without one. A context manager."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BufferedWriter | None = None

    def __enter__(self) -> Self:
        if self._path:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._path.open("ab")
            except OSError as error:
                raise OutputError(f"the log cannot be written ({error.strerror})", str(self._path)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()

    def write(self, event: Event) -> None:
        """One event as a line, with the time of day."""
        if self._file:
            self._file.write(msgspec.json.encode(_record(event)) + b"\n")
            self._file.flush()


def print_estimates(estimates: Sequence[Estimate]) -> None:
    """The table of ``--dry-run``, on standard output."""
    table = Table(title="nothing was spoken (--dry-run)", title_justify="left", box=None, pad_edge=False)
    table.add_column("document", overflow="fold")
    for name in ("characters", "segments", "audio, about", "a paid engine bills"):
        table.add_column(name, justify="right")
    for one in estimates:
        row = (f"{one.characters:,}", str(one.segments), clock.spell(one.duration), f"{one.credits:,} credits")
        table.add_row(escape(one.source), *(("[red]failed[/]",) if one.error else row))
    if len(estimates) > 1:
        table.add_section()
        table.add_row(
            f"{len(estimates)} documents",
            f"{sum(one.characters for one in estimates):,}",
            str(sum(one.segments for one in estimates)),
            clock.spell(sum(one.duration for one in estimates)),
            f"{sum(one.credits for one in estimates):,} credits",
        )
    Console(highlight=False).print(table)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    for one in estimates:
        if one.error:
            errors.print(f"[red]failed[/] {escape(str(one.error))}")


def _figures(outcome: Outcome) -> tuple[str, ...]:
    if outcome.status != "done":
        return ("", "", "", "", "")
    return (
        f"{outcome.words:,}",
        f"{outcome.cues:,}",
        clock.spell(outcome.duration),
        str(len(outcome.warnings)),
        f"{outcome.seconds:.1f} s",
    )


def _totals(report: Report) -> tuple[str, ...]:
    done = report.outcomes
    return (
        f"{sum(one.words for one in done):,}",
        f"{sum(one.cues for one in done):,}",
        clock.spell(sum(one.duration for one in done)),
        str(sum(len(one.warnings) for one in done)),
        f"{report.seconds:.1f} s",
    )


def _speed(figures: Figures) -> str:
    """How fast the service was, in a sentence."""
    if figures.first_byte is None or figures.first_byte_p95 is None:
        return f"{figures.sessions} sessions, no sound"
    first = clock.spell_short(figures.first_byte)
    if figures.sessions > 1:
        first += f" (p95 {clock.spell_short(figures.first_byte_p95)}, {figures.sessions} sessions)"
    connect = clock.spell_short(figures.connect)
    return f"first sound after {first}, connected in {connect}, {figures.real_time_factor:.3g} times real time"


def _sentence(outcome: Outcome) -> str:
    """The error's sentence; it names the document, and does so once."""
    sentence = str(outcome.error)
    return sentence if outcome.source in sentence else f"{outcome.source}: {sentence}"


def _record(event: Event) -> dict[str, object]:
    record: dict[str, object] = {"time": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "event": type(event).__name__.lower()}
    for name in event.__slots__:
        value = getattr(event, name)
        record[name] = str(value) if isinstance(value, BaseException) else value
    return record
