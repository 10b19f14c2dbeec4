"""`aligner voices`: what an engine can speak with."""

from __future__ import annotations

from pathlib import Path

import click

from aligner.cli import settings


@click.command("voices", cls=settings.Command)
@settings.option(
    "--engine", default="local", metavar="NAME|URL", help="local (the default), elevenlabs, or ws(s)://HOST."
)
@settings.option("--language", metavar="TAG", help="Only voices of this language, such as de or pt-BR.")
@settings.option(
    "--voices",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Own voices of the embedded engine. Default: ./voices.",
)
@click.option("--json", "as_json", is_flag=True, help="A JSON list of objects with voice_id, name, language.")
@click.option("--send-key", is_flag=True, help="Send ELEVENLABS_API_KEY to an engine URL on another machine.")
def command(engine: str, language: str | None, voices: Path | None, *, as_json: bool, send_key: bool) -> None:
    """List the voices that an engine can speak with."""
    # Loaded here: `aligner --help` must not wait for it.
    import msgspec  # noqa: PLC0415

    from aligner.batch.options import Options  # noqa: PLC0415
    from aligner.batch.stock import gather  # noqa: PLC0415
    from aligner.speech import catalogue  # noqa: PLC0415

    options = Options(engine, **settings.secrets(), send_key=send_key, voices=voices)
    resolved = options.resolved()
    found = catalogue.voices(resolved, language, gather(options, resolved).voices)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)))
        return
    width = max((len(voice.voice_id) for voice in found), default=0)
    for voice in found:
        click.echo(f"{voice.voice_id:<{width}}  {voice.language:<8}  {voice.name}")
