"""`aligner caption`: new captions from timing files, without speaking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli import settings
from aligner.cli.values import FRAME_RATE, NAMES

if TYPE_CHECKING:
    from fractions import Fraction


@click.command("caption", cls=settings.Command)
@click.argument("inputs", nargs=-1, required=True, metavar="TIMING.json…")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where the files go.")
@click.option(
    "--format", "names", type=NAMES, default="srt,vtt,json", show_default=True, metavar="LIST", help="What to write."
)
@settings.option("--profile", default="netflix", show_default=True, metavar="NAME", help="The caption style.")
@settings.option("--fps", type=FRAME_RATE, metavar="RATE", help="The video's frames a second, such as 25 or 29.97.")
@settings.option("--quiet", is_flag=True, help="No summary, only errors.")
def command(
    inputs: tuple[str, ...], out: Path, names: tuple[str, ...], profile: str, fps: Fraction | None, *, quiet: bool
) -> int:
    """Make new captions from timing files that `aligner run` wrote. Nothing is spoken.

    TIMING.json is a timing file, a folder of them, a pattern, or - for standard input.
    """
    # Loaded here: `aligner --help` must not wait for it.
    from aligner.batch.captions import caption  # noqa: PLC0415
    from aligner.cli.display import Display  # noqa: PLC0415
    from aligner.pipeline import Style  # noqa: PLC0415

    report = caption(inputs, out, Style(profile, fps), names)
    display = Display(quiet=quiet)
    for outcome in report.outcomes:
        display.show(outcome)
    display.summary(report, out)
    return report.exit_code
