"""An engine that can be called: the embedded service is started for whoever needs it, the others are where they are."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aligner.speech.engines import Engine


@asynccontextmanager
async def reached(
    engine: Engine, voices: Path | None = None, dictionaries: tuple[Path, ...] = ()
) -> AsyncIterator[Engine]:
    """The engine with an address: the embedded one is started on a free loopback port and stopped at the end.

    Args:
        engine: by whatever name.
        voices: a folder of own voices for the embedded one.
        dictionaries: pronunciation dictionaries for it, files or folders.
    """
    if engine.url:
        yield engine
        return
    # The service's libraries take time to load, and a run on another engine does not need them.
    from aligner.speech.server.app import serve  # noqa: PLC0415
    from aligner.speech.server.options import ServiceOptions  # noqa: PLC0415

    async with serve(ServiceOptions(voices=voices, dictionaries=dictionaries)) as service:
        yield replace(engine, url=service.url)
