from __future__ import annotations

import pytest

from aligner.errors import UsageError
from aligner.model import Secret
from aligner.speech import engines
from aligner.speech.engines import Secrets

KEY = Secret("k3y")


def test_the_embedded_engine_costs_nothing_and_has_no_key() -> None:
    engine = engines.resolve("local", KEY)
    assert (engine.paid, engine.key, engine.speech_format) == (False, None, "pcm_22050")


def test_the_paid_engine_needs_a_key_and_gets_it() -> None:
    engine = engines.resolve("elevenlabs", KEY)
    assert (engine.paid, engine.key, engine.jobs) == (True, KEY, 2)
    with pytest.raises(UsageError, match="ELEVENLABS_API_KEY"):
        engines.resolve("elevenlabs")


@pytest.mark.parametrize("url", ["ws://127.0.0.1:8080", "ws://localhost", "ws://[::1]:9"])
def test_a_key_goes_to_this_machine(url: str) -> None:
    assert engines.resolve(url, KEY).key is KEY


def test_a_key_goes_elsewhere_only_when_told() -> None:
    assert engines.resolve("wss://example.org", KEY).key is None
    assert engines.resolve("wss://example.org", KEY, send_key=True).key is KEY


def test_a_key_never_travels_unencrypted() -> None:
    assert engines.resolve("ws://example.org", KEY).key is None
    with pytest.raises(UsageError, match="unencrypted"):
        engines.resolve("ws://example.org", KEY, send_key=True)


@pytest.mark.parametrize(
    "name", ["", "lokal", "http://example.org", "ws://", "ws://host:0", "ws://host:99999", "ws://[", "example.org"]
)
def test_what_is_no_engine_is_refused_with_the_choices(name: str) -> None:
    with pytest.raises(UsageError, match="choose local, elevenlabs"):
        engines.resolve(name)


@pytest.mark.parametrize("name", ["ws://host/v1", "ws://host?key=x", "wss://user:pass@host"])
def test_more_than_host_and_port_is_refused_and_not_repeated(name: str) -> None:
    with pytest.raises(UsageError, match="no more") as caught:
        engines.resolve(name)
    assert "pass" not in str(caught.value)


def test_a_final_slash_is_no_path() -> None:
    assert engines.resolve("ws://127.0.0.1:8080/").url == "ws://127.0.0.1:8080"


ALL = Secrets(KEY, Secret("bearer"), Secret("once"))


def test_tokens_go_where_a_key_may_go() -> None:
    assert engines.resolve("elevenlabs", ALL).secrets == ALL
    assert engines.resolve("ws://127.0.0.1:8080", ALL).secrets == ALL
    assert engines.resolve("wss://example.org", ALL, send_key=True).secrets == ALL
    assert not engines.resolve("wss://example.org", ALL).secrets
    assert not engines.resolve("local", ALL).secrets
    with pytest.raises(UsageError, match="unencrypted"):
        engines.resolve("ws://example.org", Secrets(single_use_token=Secret("once")), send_key=True)


def test_a_token_is_enough_for_the_paid_engine() -> None:
    engine = engines.resolve("elevenlabs", Secrets(single_use_token=Secret("once")))
    assert engine.key is None
    assert engine.secrets


def test_no_secret_is_shown() -> None:
    shown = repr(engines.resolve("elevenlabs", ALL))
    assert not any(secret in shown for secret in ("k3y", "bearer", "once"))


@pytest.mark.parametrize("value", ["s3cret\n", "s3\x01cret", "s3cret\u2028", "s3crét"])
def test_a_secret_that_no_header_can_hold_is_refused_and_not_repeated(value: str) -> None:
    for secrets in (Secrets(Secret(value)), Secrets(None, Secret(value)), Secrets(None, None, Secret(value))):
        with pytest.raises(UsageError, match="characters that no key has") as raised:
            engines.resolve("ws://127.0.0.1:9", secrets)
        assert "s3" not in str(raised.value)
