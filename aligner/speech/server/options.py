"""How a service is started: one frozen value for the command line, the Python API and the tests alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aligner.speech.server.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from aligner.model import Secret
    from aligner.speech.server.operation.faults import Faults


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """How the service is started."""

    host: str = "127.0.0.1"
    """Loopback unless somebody asks for more."""
    port: int = 0
    """0: any free one."""
    api_key: Secret | None = None
    """What every client must offer; ``None``: nothing."""
    workers: int | None = None
    """Voice processes; ``None``: two a core."""
    max_concurrent: int | None = None
    """Sessions and requests that generate at a time; ``None``: any number."""
    character_limit: int | None = None
    """Characters that all clients together may have spoken; ``None``: any number."""
    allow_origins: tuple[str, ...] = ()
    """Web pages elsewhere that may use the service from a browser, as scheme://host[:port], or ``*``."""
    voices: Path | None = None
    """A folder with own presets."""
    dictionaries: tuple[Path, ...] = ()
    """Pronunciation dictionaries: files, or folders of them."""
    limits: Limits = Limits()  # noqa: RUF009 - frozen
    faults: Faults | None = None
    """What to do wrong, for those who test their clients."""
    ready: bool = False
    """Start the workers and load what plain HTTP needs at once, not with the first request (0.3 s)."""

    def __repr__(self) -> str:
        """Without the key: it must not reach a log."""
        return f"ServiceOptions({self.host!r}, {self.port})"
