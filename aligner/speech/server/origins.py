"""Which web pages may use the service from a browser. Programs send no ``Origin`` and are not asked. Pure.

Without this any page that somebody opens could talk to the service on their machine behind their back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aligner.speech.address import LOOPBACK
from aligner.speech.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection

ORIGIN_REFUSED: Final = Refusal("origin_not_allowed", "Web pages from there may not use this service.")
ANY: Final = "*"


def allowed(origin: str | None, others: Collection[str] = ()) -> bool:
    """Whether a request with this ``Origin`` header is served.

    Pages on this machine are, whatever their port, and those named in ``others`` (scheme, host and port as a browser
    writes them, or `ANY`).
    """
    if origin is None or ANY in others or origin in others:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:  # such as a bracket that is not closed
        return False
    return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK
