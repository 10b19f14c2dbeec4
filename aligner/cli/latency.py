"""`aligner latency`: how fast an engine answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import click

from aligner import clock
from aligner.cli import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aligner.speech.latency import Measurement, Sample, Trial

_BARS: Final = "▁▂▃▄▅▆▇█"
_WIDEST: Final = 40
_NAMES: Final = {"connect": "connected", "first_byte": "first sound", "real_time_factor": "times real time"}
_KEYS: Final = {"connect": "connect_ms", "first_byte": "first_byte_ms", "real_time_factor": "real_time_factor"}


@click.command("latency", cls=settings.Command)
@settings.option(
    "--engine", default="local", metavar="NAME|URL", help="local (the default), elevenlabs, or ws(s)://HOST."
)
@settings.option("--voice", metavar="ID", help="Who speaks; `aligner voices` lists them. Default: by language.")
@settings.option("--model", metavar="ID", help="The service's model.")
@settings.option("--language", default="en", show_default=True, metavar="TAG", help="The text's language.")
@settings.option("--speech-format", metavar="FORMAT", help="What is asked of the service, such as mp3_44100_128.")
@settings.option("--count", type=click.IntRange(1, 1_000), default=10, show_default=True, help="Sessions for a text.")
@settings.option("--text", metavar="TEXT", help="Your own text; else a short and a long one in English.")
@settings.option(
    "--voices",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Own voices of the embedded engine. Default: ./voices.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON, in milliseconds.")
@click.option("--send-key", is_flag=True, help="Send ELEVENLABS_API_KEY to an engine URL on another machine.")
def command(engine: str, text: str | None, voices: Path | None, *, as_json: bool, send_key: bool, **given: Any) -> None:
    """Measure how fast an engine connects, begins to speak and speaks.

    Sessions are opened one after the other, each with the whole text; the engine's own settings hold.
    """
    # Loaded here: `aligner --help` must not wait for it.
    import asyncio  # noqa: PLC0415

    from aligner.batch.options import Options  # noqa: PLC0415
    from aligner.batch.stock import gather  # noqa: PLC0415
    from aligner.speech.latency import Trial, measure  # noqa: PLC0415

    options = Options(engine, **settings.secrets(), send_key=send_key, voices=voices)
    resolved = options.resolved()
    own = gather(options, resolved).voices_folder
    trial = Trial(resolved, **given, texts=None if text is None else {"text": text}, voices=own)
    if trial.engine.paid:
        click.echo(f"{engine} will bill {trial.characters:,} characters", err=True)
    with _Progress(trial) as progress:
        measurements = asyncio.run(measure(trial, progress.show))
    if as_json:
        _print_json(trial, measurements)
    else:
        _print(measurements)


class _Progress:
    """A bar on standard error where that is a terminal, a line for each session where it is none."""

    def __init__(self, trial: Trial) -> None:
        from rich.console import Console  # noqa: PLC0415 - as above
        from rich.progress import Progress  # noqa: PLC0415 - as above

        console = Console(stderr=True, highlight=False)
        self._bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("measuring", total=trial.sessions)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, name: str, sample: Sample) -> None:
        """One session."""
        self._bar.advance(self._task)
        if self._bar.disable:
            connect, first = clock.spell_short(sample.connect), clock.spell_short(sample.first_byte)
            told = f"connected in {connect}, first sound after {first}, {sample.real_time_factor:.3g} times real time"
            click.echo(f"{name}: {told}", err=True)


def _print(measurements: Sequence[Measurement]) -> None:
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table(box=None, pad_edge=False)
    for name in ("text", "figure"):
        table.add_column(name)
    for name in ("median", "p95"):
        table.add_column(name, justify="right")
    table.add_column("sessions, from best to worst")
    for measurement in measurements:
        title = f"{measurement.name} ({measurement.characters} characters)"
        for figure, (median, tail) in measurement.summary().items():
            values = sorted((getattr(one, figure) for one in measurement.samples), reverse=figure == "real_time_factor")
            table.add_row(escape(title), _NAMES[figure], _spelt(figure, median), _spelt(figure, tail), bars(values))
            title = ""
        table.add_section()
    Console(highlight=False).print(table)


def _spelt(figure: str, value: float) -> str:
    return f"{value:.3g}" if figure == "real_time_factor" else clock.spell_short(round(value))


def bars(values: Sequence[float]) -> str:
    """A small chart: a bar of one to eight eighths for each value, the highest one full; at most 40 of them."""
    step = -(-len(values) // _WIDEST) or 1
    shown = values[::step]
    highest = max(shown, default=0) or 1
    return "".join(_BARS[min(len(_BARS) - 1, int(value / highest * len(_BARS)))] for value in shown)


def _print_json(trial: Trial, measurements: Sequence[Measurement]) -> None:
    import msgspec  # noqa: PLC0415 - as above

    told = {
        "engine": trial.engine.name,
        "texts": [
            {
                "name": measurement.name,
                "characters": measurement.characters,
                "sessions": len(measurement.samples),
                **{
                    _KEYS[figure]: {"median": _number(figure, median), "p95": _number(figure, tail)}
                    for figure, (median, tail) in measurement.summary().items()
                },
                "samples": [
                    {key: _number(figure, getattr(one, figure)) for figure, key in _KEYS.items()}
                    for one in measurement.samples
                ],
            }
            for measurement in measurements
        ],
    }
    click.echo(msgspec.json.format(msgspec.json.encode(told)))


def _number(figure: str, value: float) -> float:
    return round(value, 2) if figure == "real_time_factor" else round(value / clock.MILLISECOND, 3)
