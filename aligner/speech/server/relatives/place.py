"""What an endpoint finds in its request, and how it answers with JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from aiohttp import web

from aligner.speech.server.premises import Premises

if TYPE_CHECKING:
    from collections.abc import Mapping

PREMISES: Final = web.AppKey("premises", Premises)
"""The service that the endpoint belongs to."""

REQUEST_ID: Final = web.RequestKey("request_id", str)
"""What this request is called in the log and in the answer."""


def json(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer in JSON."""
    return web.Response(
        body=msgspec.json.encode(content), status=status, content_type="application/json", headers=headers
    )


def endpoint(request: web.Request) -> str:
    """A name for what was asked for: one of a few, whatever a client makes up."""
    resource = request.match_info.route.resource
    return ((resource and resource.name) or "other").replace("_", "-")
