from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from fakes.http import ONE, ask, served
from fakes.talk import talk, target

from aligner.model import Secret
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = {"xi-api-key": "k1"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(ONE) as url:
        yield url


@pytest.fixture(scope="module")
def locked() -> Iterator[str]:
    with served(ServiceOptions(workers=1, api_key=Secret("k1"))) as url:
        yield url


def test_characters_are_counted_whatever_way_they_come() -> None:
    with served(ServiceOptions(workers=1, character_limit=1_000)) as url:

        def used() -> int:
            subscription = ask(url, "/v1/user/subscription").json
            assert subscription == {**subscription, **ask(url, "/v1/user").json["subscription"]}
            assert subscription["character_limit"] == 1_000
            return int(subscription["character_count"])

        assert used() == 0
        ask(url, "/v1/text-to-speech/en-us?output_format=pcm_8000", {"text": "Ten of us."})
        assert used() == 10
        asyncio.run(talk(url.replace("http", "ws"), "Ten of us "))
        assert used() == 20


def test_a_quota_is_an_end() -> None:
    with served(ServiceOptions(workers=1, character_limit=20)) as url:
        path = "/v1/text-to-speech/en-us?output_format=pcm_8000"
        assert ask(url, path, {"text": "Fifteen letters"}).status == 200
        refused = ask(url, path, {"text": "Seven s"})
        assert refused.error == (401, "quota_exceeded")
        assert refused.json["detail"]["message"].startswith("This request exceeds your quota of 20. You have 5 credits")
        assert ask(url, path, {"text": "Five."}).status == 200


def test_without_a_limit_a_number_is_told_all_the_same(url: str) -> None:
    assert ask(url, "/v1/user/subscription").json["character_limit"] > 10**6


def test_the_health_is_told_without_a_key(locked: str) -> None:
    assert ask(locked, "/health").json == {"status": "ok"}


def test_the_counts_are_told_as_prometheus_reads_them(url: str) -> None:
    ask(url, "/nowhere/at/all")
    answer = ask(url, "/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'aligner_http_requests_total{endpoint="other",status="404"}' in answer.body.decode()


def test_the_address_of_the_socket_asks_for_an_upgrade(url: str) -> None:
    answer = ask(url, target())
    assert answer.error == (426, "upgrade_required")
    assert answer.headers["upgrade"] == "websocket"


def test_a_token_opens_one_session(locked: str) -> None:
    token = ask(locked, "/v1/single-use-token/tts_websocket", b"", headers=KEY).json["token"]

    def code() -> int | None:
        heard = talk(locked.replace("http", "ws"), "Hello. ", path=target(single_use_token=token))
        return asyncio.run(heard).code

    assert (code(), code()) == (1000, 1008)


def test_a_token_needs_the_key_and_is_not_kept_by_anybody_between(locked: str) -> None:
    assert ask(locked, "/v1/single-use-token/tts_websocket", b"").error == (401, "needs_authorization")
    answer = ask(locked, "/v1/single-use-token/tts_websocket", b"", headers=KEY)
    assert answer.headers["cache-control"] == "no-store"


def test_a_token_is_for_this_socket_alone(url: str) -> None:
    answer = ask(url, "/v1/single-use-token/realtime_scribe", b"")
    assert (answer.status, answer.json["detail"][0]["loc"]) == (422, ["path", "token_type"])
