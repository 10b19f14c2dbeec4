"""The voices of an engine: the embedded ones from the engine's own files, others from the service's list over HTTP."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from aligner.errors import ConnectionFailed, ProtocolError
from aligner.speech.refusals import refused_upgrade
from aligner.speech.server.voice import voices as embedded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aligner.speech.engines import Engine

_TIMEOUT: Final = 20.0
_MAX_BODY: Final = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice as it is listed."""

    voice_id: str
    name: str
    language: str
    """BCP 47; empty where the service does not say."""


class _Listed(msgspec.Struct):
    """A voice in the service's answer; ``labels`` may tell its language."""

    voice_id: str
    name: str | None = None
    labels: dict[str, str | None] | None = None


class _Answer(msgspec.Struct):
    voices: list[_Listed]


_answer: Final = msgspec.json.Decoder(_Answer)


def voices(
    engine: Engine, language: str | None = None, own: Mapping[str, embedded.Voice] = MappingProxyType({})
) -> tuple[Voice, ...]:
    """What the engine can speak with, of one language or all.

    Args:
        engine: whose voices.
        language: a tag; ``en`` is every English.
        own: presets of one's own, which the embedded engine has beside its own voices.

    Raises:
        SpeechError: the service cannot be reached, refuses, or answers with something else.
    """
    found = _listed(engine) if engine.url else _embedded(own)
    wanted = language.lower() if language else ""
    return tuple(voice for voice in found if _matches(voice.language.lower(), wanted))


def _embedded(own: Mapping[str, embedded.Voice]) -> tuple[Voice, ...]:
    return tuple(Voice(voice.voice_id, voice.name, voice.language) for voice in embedded.catalogue(own))


def _matches(language: str, wanted: str) -> bool:
    """``en`` asks for every English, ``en-GB`` for that one."""
    return language == wanted or language.startswith(f"{wanted}-") or not wanted


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Never follows a redirect: the key would follow it."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _listed(engine: Engine) -> tuple[Voice, ...]:
    request = urllib.request.Request(f"http{engine.url.removeprefix('ws')}/v1/voices")  # noqa: S310 - ws(s): by the engine's URL
    if engine.secrets.key:
        request.add_header("xi-api-key", engine.secrets.key.reveal())
    if engine.secrets.authorization:
        token = engine.secrets.authorization.reveal().removeprefix("Bearer ")
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT) as answer:
            body = answer.read(_MAX_BODY)
    except urllib.error.HTTPError as error:
        raise refused_upgrade(error.code, error.read(_MAX_BODY)) from None
    except OSError as error:
        raise ConnectionFailed(
            f"{engine.url} cannot be reached ({error})", mend="check the address and that the service is running"
        ) from None
    try:
        listed = _answer.decode(body).voices
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ProtocolError(f"{engine.url} answered with no list of voices ({error})") from None
    return tuple(Voice(one.voice_id, one.name or "", (one.labels or {}).get("language") or "") for one in listed)
