"""The engines by name: where a service is reached, what is asked of it by default, and whether it costs money.

`local` is the embedded service, started for the run by whoever runs the batch; nothing is opened here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import cpu_count
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aligner.errors import UsageError
from aligner.speech.address import LOOPBACK

if TYPE_CHECKING:
    from aligner.model import Secret

LOCAL: Final = "local"
ELEVENLABS: Final = "elevenlabs"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a service may ask for before it speaks; nothing of it is ever shown."""

    key: Secret | None = None
    authorization: Secret | None = None
    """A bearer token."""
    single_use_token: Secret | None = None
    """Good for one connection."""

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING: Final = Secrets()


@dataclass(frozen=True, slots=True)
class Engine:
    """A speech service as a run sees it."""

    name: str
    url: str
    """``ws://`` or ``wss://`` HOST[:PORT]; empty for the embedded service until it listens."""
    speech_format: str
    """The output_format to ask for where nobody names one."""
    jobs: int
    """Connections at once where nobody says how many."""
    voice: str | None = None
    """The voice where nobody names one; ``None``: the document's language chooses among the embedded voices."""
    model: str | None = None
    paid: bool = False
    secrets: Secrets = NOTHING

    @property
    def key(self) -> Secret | None:
        """The key, where it may have one."""
        return self.secrets.key

    @property
    def loopback(self) -> bool:
        """Whether the service runs on this machine."""
        return not self.url or urlsplit(self.url).hostname in LOOPBACK


def resolve(name: str, secrets: Secrets | Secret | None = None, *, send_key: bool = False) -> Engine:
    """The engine of a name or URL, with the secrets where it may have them.

    Secrets (a key, or a key and tokens) go to ElevenLabs and to this machine; to another URL only where ``send_key``
    says so.

    Raises:
        UsageError: neither a known name nor a ws:// or wss:// URL; no secret for a paid engine, or one that no header
            can hold.
    """
    given = secrets if isinstance(secrets, Secrets) else Secrets(secrets)
    if name == LOCAL:
        return Engine(LOCAL, "", "pcm_22050", cpu_count() or 1)
    _refuse_unsendable(given)
    if name == ELEVENLABS:
        return _elevenlabs(given)
    engine = _url(name)
    if given and not (engine.loopback or send_key):
        return engine
    if given and not engine.loopback and engine.url.startswith("ws:"):
        raise UsageError(
            "a key is not sent over an unencrypted connection",
            f"--engine {name}",
            "use wss://, or leave out --send-key",
        )
    return replace(engine, secrets=given)


def _refuse_unsendable(secrets: Secrets) -> None:
    """Here and not where it is sent: the libraries quote a header that they refuse, key and all."""
    for name, secret in (
        ("ELEVENLABS_API_KEY", secrets.key),
        ("ALIGNER_AUTHORIZATION", secrets.authorization),
        ("ALIGNER_SINGLE_USE_TOKEN", secrets.single_use_token),
    ):
        if secret and not (secret.reveal().isascii() and secret.reveal().isprintable()):
            raise UsageError("the key holds characters that no key has", name, "set it again as it was given to you")


def _elevenlabs(secrets: Secrets) -> Engine:
    if not secrets:
        raise UsageError(
            "the engine needs a key", f"--engine {ELEVENLABS}", "set ELEVENLABS_API_KEY, also in a .env file"
        )
    return Engine(
        ELEVENLABS,
        "wss://api.elevenlabs.io",
        "mp3_44100_128",
        2,  # every plan allows two connections
        voice="JBFqnCBsd6RMkjVDRZzb",  # "George", the voice of the service's own examples
        model="eleven_multilingual_v2",
        paid=True,
        secrets=secrets,
    )


def _url(name: str) -> Engine:
    try:
        parts = urlsplit(name)
        usable = parts.scheme in {"ws", "wss"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise UsageError(
            f"unknown engine {name!r}", "--engine", "choose local, elevenlabs, or a URL such as ws://127.0.0.1:8080"
        )
    if parts.path.strip("/") or parts.query or parts.username:
        raise UsageError("an engine's URL is ws:// or wss:// HOST[:PORT] and no more", f"--engine {parts.hostname}")
    return Engine(name, f"{parts.scheme}://{parts.netloc}", "mp3_44100_128", 4)
