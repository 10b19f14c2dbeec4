"""`aligner serve`: the embedded speech service by itself."""

from __future__ import annotations

import contextlib

import click

from aligner.cli import settings


@click.command("serve", cls=settings.Command)
@settings.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@settings.option("--port", type=click.IntRange(0, 65_535), default=8_080, show_default=True, help="0: any free port.")
@settings.option("--api-key", metavar="KEY", help="Ask clients for this key; better set as ALIGNER_API_KEY.")
def command(host: str, port: int, api_key: str | None) -> None:
    """Run the embedded speech service for your own programs, until Ctrl-C.

    It speaks the stream-input protocol on ws://HOST:PORT/v1/text-to-speech/VOICE/stream-input.
    """
    if host not in {"127.0.0.1", "localhost", "::1"} and not api_key:
        click.echo(f"Warning: everybody who reaches {host} can use this service; set --api-key.", err=True)
    # Loaded here: `aligner --help` must not wait for it.
    import asyncio  # noqa: PLC0415

    asyncio.run(_serve(host, port, api_key))


async def _serve(host: str, port: int, api_key: str | None) -> None:
    """Serve until the process is told to end; SIGTERM ends it as politely as Ctrl-C."""
    import asyncio  # noqa: PLC0415 - as above
    import signal  # noqa: PLC0415 - as above

    from aligner.speech.server.app import ServiceOptions, serve  # noqa: PLC0415 - as above

    ended = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in its loop
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with serve(ServiceOptions(host, port, api_key)) as service:
        click.echo(f"listening on {service.url}")
        await ended.wait()
