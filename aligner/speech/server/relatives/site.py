"""The HTTP side as a whole: which address is whose, and what holds for all of them (keys, origins, errors as JSON).

Built on aiohttp; it opens no socket, for `front` passes connections on to it.
"""

from __future__ import annotations

import logging
import time
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Self

from aiohttp import hdrs, web

from aligner.speech.refusals import INTERNAL, INVALID_KEY, Refusal, Refused
from aligner.speech.server import origins, statuses
from aligner.speech.server.front import HEAD_BYTES
from aligner.speech.server.operation.journal import new_id
from aligner.speech.server.relatives import account, listings, speech
from aligner.speech.server.relatives.place import PREMISES, REQUEST_ID, endpoint, json
from aligner.speech.server.relatives.requests import BODY_BYTES, Invalid
from aligner.speech.server.terms import check_key

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping

    from aligner.speech.server.premises import Premises

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MISSING_KEY: Final = Refusal(
    "needs_authorization", "Neither authorization header nor xi-api-key received, please provide one."
)

LINGER: Final = 2.0
"""Seconds in which the rest of a body is read that nobody wants, so that the client gets to read why."""

_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_SHOWN: Final = "request-id, character-cost, current-concurrent-requests, maximum-concurrent-requests"
_REMEMBERED: Final = "600"
"""Seconds that a browser need not ask again."""

# Of the errors that HTTP itself has; the bodies of all others name what is wrong.
_NAMES: Final = {404: "not_found", 405: "method_not_allowed", 408: "request_timeout", 413: "request_too_large"}

# What can be wrong with a body before anything has looked at it.
_BODIES: Final[Mapping[type[Exception], Refusal]] = {
    web.RequestPayloadError: Refusal("invalid_parameters", "The body of the request cannot be read."),
    TimeoutError: Refusal("request_timeout", "The body of the request took too long."),
}

_log = logging.getLogger(__name__)


class _Bare(logging.Filter):
    """Leaves out what an exception says: aiohttp quotes the line of a request that it cannot read, keys and all."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, with the exception's kind alone."""
        kind = record.exc_info[0] if record.exc_info else None
        told = record.getMessage()
        record.msg, record.args, record.exc_info = f"{told}: {kind.__name__}" if kind else told, (), None
        return True


_BARE_LOG: Final = logging.getLogger(f"{__name__}.aiohttp")
_BARE_LOG.addFilter(_Bare())


class Site:
    """The HTTP endpoints of one service."""

    def __init__(self, runner: web.AppRunner, server: web.Server) -> None:
        self._runner = runner
        self._server = server

    @classmethod
    async def opened(cls, premises: Premises) -> Self:
        """Ready for connections."""
        runner = web.AppRunner(
            application(premises),
            handler_cancellation=True,  # who goes away gets nothing more spoken
            access_log=None,
            logger=_BARE_LOG,
            lingering_time=LINGER,
            keepalive_timeout=premises.options.limits.idle_seconds,
            max_line_size=HEAD_BYTES,
            max_field_size=HEAD_BYTES,
        )
        await runner.setup()
        assert runner.server is not None  # noqa: S101 - it is, after `setup`; for mypy
        return cls(runner, runner.server)

    @property
    def connections(self) -> int:
        """Those that are open."""
        return len(self._server.connections)

    def protocol(self) -> asyncio.Protocol:
        """The other half of a new connection."""
        return self._server()

    async def close(self, patience: float) -> None:
        """Give requests that are under way so many seconds, then cut all connections."""
        self._server.pre_shutdown()
        await self._server.shutdown(patience)
        await self._runner.cleanup()


def application(premises: Premises) -> web.Application:
    """All endpoints."""
    site = web.Application(middlewares=[_desk], client_max_size=BODY_BYTES)
    site[PREMISES] = premises
    site.on_response_prepare.append(_stamp)
    for routes in (speech.ROUTES, listings.ROUTES, account.ROUTES):
        site.router.add_routes(routes)
    return site


@web.middleware
async def _desk(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What holds for every request; the answer is counted whatever it is."""
    request[REQUEST_ID] = new_id()
    began = time.monotonic()
    answer = await _answered(request, handler)
    journal = request.app[PREMISES].journal
    seconds = time.monotonic() - began
    journal.request(endpoint(request), answer.status, request.path, request[REQUEST_ID], seconds)
    return answer


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        _admit(request)
        return _preflight(request) if request.method == hdrs.METH_OPTIONS else await handler(request)
    except Refused as refused:
        return _refusal(request, refused.refusal)
    except Invalid as invalid:
        return json({"detail": invalid.details}, HTTPStatus.UNPROCESSABLE_ENTITY)
    except web.HTTPException as error:
        return _plain(request, error)
    except ConnectionError:
        raise  # the client is gone: nobody to tell
    except tuple(_BODIES) as error:
        return _refusal(request, _BODIES[type(error)])
    except Exception as bug:  # noqa: BLE001 - whatever it is, the client gets an answer
        # By its kind and place alone: what it says may hold the client's text.
        place = traceback.extract_tb(bug.__traceback__)[-1]
        _log.error("an endpoint failed: %s at %s:%s", type(bug).__name__, place.filename, place.lineno)
        return _refusal(request, INTERNAL)


def _admit(request: web.Request) -> None:
    """Look at where a request comes from and at its key.

    Raises:
        Refused: it may not.
    """
    options = request.app[PREMISES].options
    safe = request.method in {hdrs.METH_GET, hdrs.METH_HEAD}
    if not safe and not origins.allowed(request.headers.get(hdrs.ORIGIN), options.allow_origins):
        raise Refused(origins.ORIGIN_REFUSED)
    if request.method == hdrs.METH_OPTIONS or not request.path.startswith(("/v1/", "/v2/")):
        return
    offered = request.headers.get("xi-api-key"), request.headers.get(hdrs.AUTHORIZATION)
    try:
        check_key(options.api_key, *offered)
    except Refused:
        raise Refused(INVALID_KEY if any(offered) else _MISSING_KEY) from None


def _preflight(request: web.Request) -> web.StreamResponse:
    """A browser asks what a page may send."""
    wanted = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_HEADERS, "content-type, xi-api-key, authorization")
    headers = {
        hdrs.ALLOW: _METHODS,
        hdrs.ACCESS_CONTROL_ALLOW_METHODS: _METHODS,
        hdrs.ACCESS_CONTROL_ALLOW_HEADERS: wanted,
        hdrs.ACCESS_CONTROL_MAX_AGE: _REMEMBERED,
    }
    return web.Response(status=HTTPStatus.NO_CONTENT, headers=headers)


async def _stamp(request: web.Request, response: web.StreamResponse) -> None:
    """The headers that every answer has."""
    response.headers["request-id"] = request[REQUEST_ID]
    response.headers.popall(hdrs.SERVER, None)  # which versions run here is nobody's business
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None:
        return
    response.headers[hdrs.VARY] = hdrs.ORIGIN
    if origins.allowed(origin, request.app[PREMISES].options.allow_origins):
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _SHOWN


def _refusal(request: web.Request, refusal: Refusal) -> web.Response:
    name = statuses.name(refusal)
    request.app[PREMISES].journal.refused(name)
    return web.Response(
        body=statuses.body(name, refusal.message), status=statuses.status(name), content_type="application/json"
    )


def _plain(request: web.Request, error: web.HTTPException) -> web.Response:
    """An error of HTTP's own, with the headers that belong to it."""
    message = {
        HTTPStatus.NOT_FOUND: "There is nothing at this address.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not possible at this address.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"The body of the request is longer than {BODY_BYTES} bytes.",
    }.get(HTTPStatus(error.status), error.reason)
    name = _NAMES.get(error.status, error.reason.lower().replace(" ", "_"))
    answer = json({"detail": {"status": name, "message": message}}, error.status)
    for header in (hdrs.ALLOW, hdrs.UPGRADE):
        if header in error.headers:
            answer.headers[header] = error.headers[header]
    return answer
