"""The address of a session: path and query of the upgrade request, for both sides. No socket, no state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, unquote, urlencode

from aligner.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""The host names of this machine."""

_PREFIX: Final = "/v1/text-to-speech/"
_SUFFIX: Final = "/stream-input"
_TRUE: Final = frozenset({"true", "1", "yes", "on"})
_FALSE: Final = frozenset({"false", "0", "no", "off", ""})
_MAX_SEED: Final = 2**32 - 1
_MAX_TIMEOUT: Final = 180.0
_MAX_PARAMETERS: Final = 100


@dataclass(frozen=True, slots=True)
class Address:
    """Everything a client settles before the first message, with the service's documented defaults."""

    voice_id: str
    model_id: str | None = None
    language_code: str | None = None
    output_format: str = "mp3_44100_128"
    sync_alignment: bool = False
    auto_mode: bool = False
    inactivity_timeout: float = 20.0
    """Seconds without a text message after which the service gives up; at most 180."""
    apply_text_normalization: str = "auto"
    enable_ssml_parsing: bool = False
    enable_logging: bool = True
    seed: int | None = None
    authorization: str | None = None
    single_use_token: str | None = None

    def __repr__(self) -> str:
        """Without the token: it must not reach a log."""
        return f"Address({self.voice_id!r}, {self.model_id!r}, {self.output_format!r})"

    @property
    def target(self) -> str:
        """Path and query of the upgrade; what stands at its default is left out."""
        default = Address(self.voice_id)
        query = {
            name: _spell(value)
            for name in _READERS
            if (value := getattr(self, name)) is not None and value != getattr(default, name)
        }
        query.setdefault("output_format", self.output_format)
        return f"{_PREFIX}{quote(self.voice_id, safe='')}{_SUFFIX}?{urlencode(query)}"


def parse(target: str) -> Address | None:
    """The address in a request's path and query; ``None`` where the path is another one. Unknown parameters pass.

    Raises:
        ProtocolError: a parameter has a value that it cannot have.
    """
    # By hand: a request's target is no URL, and what looks like a host in it must not be read as one.
    path, _, query_string = target.partition("#")[0].partition("?")
    voice = path.removeprefix(_PREFIX).removesuffix(_SUFFIX)
    if not voice or "/" in voice or path != f"{_PREFIX}{voice}{_SUFFIX}":
        return None
    query = {name: values[-1] for name, values in _pairs(query_string).items()}
    settled = {name: read(name, query[name]) for name in _READERS if name in query}
    return Address(unquote(voice), **settled)  # type: ignore[arg-type]  # each reader gives its field's type


def _pairs(query: str) -> dict[str, list[str]]:
    try:
        return parse_qs(query, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        raise ProtocolError(f"the query has more than {_MAX_PARAMETERS} parameters") from None


def _spell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def read(name: str, value: str) -> object:
    """The value of a field of `Address` as a query spells it.

    Raises:
        ProtocolError: the field cannot have it.
    """
    try:
        return _READERS[name](value)
    except ValueError:
        raise ProtocolError(f"the query parameter {name} cannot be {value!r}") from None


def _boolean(value: str) -> bool:
    if value.lower() not in _TRUE | _FALSE:
        raise ValueError(value)
    return value.lower() in _TRUE


def _timeout(value: str) -> float:
    seconds = float(value)
    if not 0 < seconds <= _MAX_TIMEOUT:
        raise ValueError(value)
    return seconds


def _seed(value: str) -> int:
    seed = int(value)
    if not 0 <= seed <= _MAX_SEED:
        raise ValueError(value)
    return seed


def _normalization(value: str) -> str:
    if value not in {"auto", "on", "off"}:
        raise ValueError(value)
    return value


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "model_id": str,
    "language_code": str,
    "output_format": str,
    "sync_alignment": _boolean,
    "auto_mode": _boolean,
    "inactivity_timeout": _timeout,
    "apply_text_normalization": _normalization,
    "enable_ssml_parsing": _boolean,
    "enable_logging": _boolean,
    "seed": _seed,
    "authorization": str,
    "single_use_token": str,
}
