"""What a client can learn about its account and the service's health. The account is made up, its counts are true."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from aligner.speech.server.relatives.place import PREMISES, json
from aligner.speech.server.relatives.requests import Invalid

if TYPE_CHECKING:
    from aligner.speech.server.premises import Premises

UNLIMITED: Final = 1_000_000_000
"""What is told as the limit where there is none: clients expect a number."""

_TOKEN_TYPES: Final = ("tts_websocket",)
_STREAM_INPUT: Final = {"Upgrade": "websocket"}


async def user(request: web.Request) -> web.Response:
    """Who the key belongs to."""
    return json(
        {
            "user_id": "local",
            "workspace_id": "local",
            "subscription": subscription(request.app[PREMISES]),
            "is_new_user": False,
            "can_use_delayed_payment_methods": False,
            "is_onboarding_completed": True,
            "is_onboarding_checklist_completed": True,
            "created_at": 0,
            "seat_type": "workspace_admin",
        }
    )


async def user_subscription(request: web.Request) -> web.Response:
    """What has been used and what is left."""
    return json(
        {
            **subscription(request.app[PREMISES]),
            "current_overage": {"amount": "0", "currency": "usd"},
            "open_invoices": [],
            "has_open_invoices": False,
        }
    )


def subscription(premises: Premises) -> dict[str, Any]:
    """The fields that both have."""
    quota = premises.quota
    return {
        "tier": "local",
        "character_count": quota.used,
        "character_limit": UNLIMITED if quota.most is None else quota.most,
        "max_credit_limit_extension": 0,
        "can_extend_character_limit": False,
        "allowed_to_extend_character_limit": False,
        "voice_slots_used": 0,
        "professional_voice_slots_used": 0,
        "professional_voice_slots_used_in_workspace": 0,
        "voice_limit": 0,
        "voice_add_edit_counter": 0,
        "professional_voice_limit": 0,
        "can_extend_voice_limit": False,
        "can_use_instant_voice_cloning": False,
        "can_use_professional_voice_cloning": False,
        "status": "active",
    }


async def single_use_token(request: web.Request) -> web.Response:
    """A token for one WebSocket."""
    kind = request.match_info["kind"]
    if kind not in _TOKEN_TYPES:
        raise Invalid(("path", "token_type"), f"a token is for {' or '.join(_TOKEN_TYPES)}", "enum")
    return json({"token": request.app[PREMISES].tokens.issue()}, headers={"Cache-Control": "no-store"})


async def health(request: web.Request) -> web.Response:
    """Whether the service takes new sessions."""
    ending = request.app[PREMISES].gate.closed
    status = HTTPStatus.SERVICE_UNAVAILABLE if ending else HTTPStatus.OK
    return json({"status": "ending" if ending else "ok"}, status)


async def metrics(request: web.Request) -> web.Response:
    """The counts as Prometheus reads them."""
    from aligner.speech.server.operation.metrics import exposition  # noqa: PLC0415 - its library is for this request alone

    premises = request.app[PREMISES]
    kind, body = exposition(premises.journal.counts, premises.pool, premises.gate)
    return web.Response(body=body, headers={"Content-Type": kind})


async def stream_input(request: web.Request) -> web.Response:
    """The WebSocket's address, asked for without an upgrade."""
    del request
    raise web.HTTPUpgradeRequired(headers=_STREAM_INPUT)


ROUTES: Final = (
    web.get("/v1/user", user, name="user"),
    web.get("/v1/user/subscription", user_subscription, name="subscription"),
    web.post("/v1/single-use-token/{kind}", single_use_token, name="single_use_token"),
    web.get("/v1/text-to-speech/{voice_id}/stream-input", stream_input, name="stream_input"),
    web.get("/health", health, name="health"),
    web.get("/metrics", metrics, name="metrics"),
)
