"""`aligner serve`: the embedded speech service by itself."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from aligner.cli import settings
from aligner.cli.values import NAMES, Within
from aligner.errors import EXIT_DONE, EXIT_INTERRUPTED
from aligner.model import Secret

if TYPE_CHECKING:
    from aligner.speech.server.limits import Limits
    from aligner.speech.server.operation.faults import Faults
    from aligner.speech.server.options import ServiceOptions

_LOOPBACK: Final = re.compile(r"127(\.\d+){3}|localhost|::1")
_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_COUNT: Final = click.IntRange(min=1)
_LOG_FORMATS: Final = ("text", "json")
_LOG_LEVELS: Final = ("debug", "info", "warning", "error")


@click.command("serve", cls=settings.Command)
@settings.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@settings.option("--port", type=click.IntRange(0, 65_535), default=8_080, show_default=True, help="0: any free port.")
@settings.option("--api-key", metavar="KEY", help="Ask clients for this key; better set as ALIGNER_API_KEY.")
@settings.option(
    "--allow-origin", type=NAMES, metavar="URL,…", help="Web pages that may use the service; those on loopback may."
)
@settings.option("--voices", type=_FOLDER, metavar="DIR", help="Own presets (*.toml); ./voices if there is one.")
@settings.option(
    "--dictionaries", type=_FOLDER, metavar="DIR", help="Pronunciation dictionaries; ./dictionaries if there is one."
)
@settings.option("--workers", type=_COUNT, metavar="N", help="Voice processes; two a core if not given.")
@settings.option("--max-concurrent", type=_COUNT, metavar="N", help="Sessions that generate at a time.")
@settings.option("--max-characters", type=_COUNT, metavar="N", help="Characters of one session; 1,000,000.")
@settings.option("--character-limit", type=_COUNT, metavar="N", help="Characters of all clients while it runs.")
@settings.option("--grace", type=Within(min=0), metavar="SECONDS", help="For what runs at the end; 10.")
@settings.option(
    "--log-format", type=click.Choice(_LOG_FORMATS), default="text", show_default=True, help="For eyes, or JSON."
)
@settings.option(
    "--log-level", type=click.Choice(_LOG_LEVELS), default="info", show_default=True, help="Only debug shows any text."
)
@settings.option("--fault", type=NAMES, metavar="MODE,…", help="Misbehave on purpose, to test a client.")
@settings.option("--fault-seed", type=int, default=0, show_default=True, help="Which sessions and messages are hit.")
@settings.option(
    "--fault-rate", type=Within(0, 1), default=1.0, show_default=True, help="The share of them that are hit."
)
def command(**given: Any) -> int:
    """Run the embedded speech service for your own programs, until Ctrl-C.

    It speaks the stream-input protocol on ws://HOST:PORT/v1/text-to-speech/VOICE/stream-input.
    """
    if not (_LOOPBACK.fullmatch(given["host"]) or given["api_key"]):
        click.echo(f"Warning: everybody who reaches {given['host']} can use this service; set --api-key.", err=True)
    # Loaded here: `aligner --help` must not wait for it.
    import asyncio  # noqa: PLC0415

    from aligner.speech.server.operation import logs  # noqa: PLC0415 - as above

    logs.configure(sys.stderr, given.pop("log_format"), given.pop("log_level"))
    return asyncio.run(_serve(_options(given)))


def _options(given: dict[str, Any]) -> ServiceOptions:
    """The options of the service from what was typed."""
    from aligner.speech.server.options import ServiceOptions  # noqa: PLC0415 - as above
    from aligner.speech.server.text.lexicon import SUFFIXES  # noqa: PLC0415 - as above

    key = given.pop("api_key")
    dictionaries = given.pop("dictionaries") or _here("dictionaries", SUFFIXES)
    return ServiceOptions(
        api_key=Secret(key) if key else None,
        allow_origins=given.pop("allow_origin") or (),
        voices=given.pop("voices") or _here("voices", (".toml",)),
        dictionaries=(dictionaries,) if dictionaries else (),
        limits=_limits(given.pop("max_characters"), given.pop("grace")),
        faults=_faults(given.pop("fault"), given.pop("fault_seed"), given.pop("fault_rate")),
        ready=True,
        **given,
    )


def _here(name: str, suffixes: tuple[str, ...]) -> Path | None:
    """A folder of that name in the current one, if it holds what it should."""
    folder = Path(name)
    fitting = folder.is_dir() and any(path.suffix.lower() in suffixes for path in folder.iterdir())
    return folder if fitting else None


def _limits(characters: int | None, grace: float | None) -> Limits:
    from aligner.speech.server.limits import Limits  # noqa: PLC0415 - as above

    usual = Limits()
    return replace(
        usual,
        session_characters=characters or usual.session_characters,
        grace_seconds=usual.grace_seconds if grace is None else grace,
    )


def _faults(modes: tuple[str, ...] | None, seed: int, rate: float) -> Faults | None:
    if not modes:
        return None
    from aligner.speech.server.operation.faults import Faults  # noqa: PLC0415 - as above

    return Faults(modes, seed, rate)


async def _serve(options: ServiceOptions) -> int:
    """Serve until the process is told to end, and end politely; told twice, at once. The exit code."""
    import asyncio  # noqa: PLC0415 - as above
    import signal  # noqa: PLC0415 - as above

    from aligner.speech.server.app import serve  # noqa: PLC0415 - as above

    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def end(code: int) -> None:
        if ended.done():
            os._exit(EXIT_INTERRUPTED)  # nothing is lost: workers end with their input, clients see a lost connection
        ended.set_result(code)

    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in its loop: Ctrl-C cancels there
        loop.add_signal_handler(signal.SIGTERM, end, EXIT_DONE)
        loop.add_signal_handler(signal.SIGINT, end, EXIT_INTERRUPTED)
    async with serve(options) as service:
        click.echo(f"listening on {service.url}")
        return await ended
