"""`aligner run`: speak documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli import settings
from aligner.cli.values import FRAME_RATE, NAMES, NUMBERS, PAIRS, Within
from aligner.errors import EXIT_DONE, EXIT_FAILED
from aligner.model import VoiceSettings

if TYPE_CHECKING:
    from aligner.batch.options import Options
    from aligner.batch.report import Event


@click.command("run", cls=settings.Command)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where the files go.")
@settings.option(
    "--engine", default="local", metavar="NAME|URL", help="local (the default), elevenlabs, or ws(s)://HOST."
)
@settings.option("--voice", metavar="ID", help="Who speaks; `aligner voices` lists them. Default: by language.")
@settings.option("--model", metavar="ID", help="The service's model.")
@settings.option(
    "--language", metavar="TAG", help="The language of documents that do not say theirs, such as de or pt-BR."
)
@settings.option("--speech-format", metavar="FORMAT", help="What is asked of the service, such as mp3_44100_128.")
@settings.option("--stability", type=Within(0, 1), help="Voice setting, 0 to 1.")
@settings.option("--similarity-boost", type=Within(0, 1), help="Voice setting, 0 to 1.")
@settings.option("--style", type=Within(0, 1), help="Voice setting, 0 to 1.")
@settings.option(
    "--speaker-boost/--no-speaker-boost", default=None, help="Voice setting: nearer to the original speaker."
)
@settings.option("--speed", type=Within(0.7, 1.2), help="Voice setting, 0.7 to 1.2.")
@settings.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), help="For the same speech again, as far as the service can."
)
@settings.option(
    "--chunk-length-schedule", type=NUMBERS, metavar="N,…", help="Characters before each generation, 50 to 500."
)
@settings.option(
    "--normalize", type=click.Choice(["auto", "on", "off"]), default="auto", help="Spell out numbers and such."
)
@settings.option("--ssml", is_flag=True, help="The documents hold SSML tags; those named .ssml do anyway.")
@settings.option(
    "--dictionary",
    type=PAIRS,
    metavar="ID[:VERSION],…",
    help="Pronunciation dictionaries, at most 3: ids, or files (.pls, .json) for the embedded engine.",
)
@settings.option(
    "--dictionaries",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the embedded engine finds dictionaries by id. Default: ./dictionaries.",
)
@settings.option(
    "--voices",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Own voices of the embedded engine. Default: ./voices.",
)
@settings.option(
    "--format",
    type=NAMES,
    default="mp3,srt,vtt,json",
    show_default=True,
    metavar="LIST",
    help="What to write.",
)
@settings.option("--profile", default="netflix", show_default=True, metavar="NAME", help="The caption style.")
@settings.option("--fps", type=FRAME_RATE, metavar="RATE", help="The video's frames a second, such as 25 or 29.97.")
@settings.option("--jobs", type=int, metavar="N", help="Speech connections at once.")
@settings.option(
    "--segment-size",
    type=click.IntRange(200, 10_000),
    default=2_500,
    metavar="N",
    help="Characters a connection, at most.",
)
@settings.option(
    "--stall",
    type=Within(min=0.1),
    default=20.0,
    metavar="SECONDS",
    help="Silence of the service that counts as a fault.",
)
@click.option("--send-key", is_flag=True, help="Send ELEVENLABS_API_KEY to an engine URL on another machine.")
@click.option("--force", is_flag=True, help="Speak again what is up to date.")
@click.option("--dry-run", is_flag=True, help="Show what would be done and what it would cost.")
@settings.option("--fail-fast", is_flag=True, help="Stop at the first document that fails.")
@settings.option("--quiet", is_flag=True, help="No progress and no summary, only errors.")
@settings.option("--log", type=click.Path(path_type=Path), metavar="FILE", help="Append what happens as JSON lines.")
def command(inputs: tuple[str, ...], out: Path, *, dry_run: bool, quiet: bool, log: Path | None, **given: Any) -> int:
    """Speak documents and write mp3, SRT, VTT and word timings below DIR.

    INPUT is a file (.txt, .md, .ssml), a folder, a pattern, or - for standard input.
    """
    # The whole machinery is loaded here and not above: `aligner --help` must not wait for it.
    from aligner.batch import local  # noqa: PLC0415
    from aligner.cli.display import Display, Log  # noqa: PLC0415

    options = _options(given)
    if dry_run:
        return _dry_run(inputs, out, options)
    display = Display(quiet=quiet)
    with display, Log(log) as record:

        def tell(event: Event) -> None:
            display.show(event)
            record.write(event)

        report = local.speak(inputs, out, options, tell)
    display.summary(report, out)
    return report.exit_code


def _options(given: dict[str, Any]) -> Options:
    """The options of a run from what was typed; names differ only where Python's own names are in the way."""
    from aligner.batch.options import Options  # noqa: PLC0415 - as above

    voice_settings = VoiceSettings(
        **{name: given.pop(name) for name in ("stability", "similarity_boost", "style", "speed")},
        use_speaker_boost=given.pop("speaker_boost"),
    )
    return Options(
        **settings.secrets(),
        voice_settings=voice_settings,
        formats=given.pop("format"),
        dictionaries=given.pop("dictionary") or (),
        dictionary_folder=given.pop("dictionaries"),
        **given,
    )


def _dry_run(inputs: tuple[str, ...], out: Path, options: Options) -> int:
    from aligner.batch import estimate  # noqa: PLC0415 - as above
    from aligner.cli.display import print_estimates  # noqa: PLC0415 - as above

    estimates = estimate.estimate(inputs, out, options)
    print_estimates(estimates)
    return EXIT_FAILED if any(one.error for one in estimates) else EXIT_DONE
