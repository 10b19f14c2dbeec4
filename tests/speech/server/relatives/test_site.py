"""What holds for every address: keys, origins, errors as JSON, what HTTP itself asks for."""

from __future__ import annotations

import http.client
import logging
from typing import TYPE_CHECKING, Any

import pytest
from fakes.http import ONE, ask, connected, raw, rest, sent, served

from aligner.model import Secret
from aligner.speech.server.options import ServiceOptions
from aligner.speech.server.relatives import listings
from aligner.speech.server.relatives.requests import BODY_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEECH = "/v1/text-to-speech/en-us"
EVERYWHERE = [
    ("GET", "/v1/voices"),
    ("GET", "/v2/voices"),
    ("GET", "/v1/voices/de"),
    ("GET", "/v1/voices/settings/default"),
    ("GET", "/v1/models"),
    ("GET", "/v1/user"),
    ("GET", "/v1/user/subscription"),
    ("POST", "/v1/single-use-token/tts_websocket"),
    ("POST", SPEECH),
    ("POST", f"{SPEECH}/stream"),
    ("POST", f"{SPEECH}/with-timestamps"),
    ("POST", f"{SPEECH}/stream/with-timestamps"),
    ("GET", "/v1/nowhere"),
]
ALLOWED = "https://app.example.org"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(ONE) as url:
        yield url


@pytest.fixture(scope="module")
def locked() -> Iterator[str]:
    options = ServiceOptions(workers=1, api_key=Secret("k1"), allow_origins=(ALLOWED,))
    with served(options) as url:
        yield url


# -- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
def test_without_the_key_nothing_is_told(locked: str, method: str, path: str) -> None:
    body = b"{}" if method == "POST" else None
    assert ask(locked, path, body, method=method).error == (401, "needs_authorization")
    wrong = ask(locked, path, body, method=method, headers={"xi-api-key": "k2"})
    assert wrong.error == (401, "invalid_api_key")
    assert wrong.json["detail"]["message"] == "Invalid API key"


@pytest.mark.parametrize("headers", [{"xi-api-key": "k1"}, {"Authorization": "Bearer k1"}, {"XI-API-KEY": "k1"}])
def test_the_key_may_stand_in_either_header(locked: str, headers: dict[str, str]) -> None:
    assert ask(locked, "/v1/models", headers=headers).status == 200


def test_without_a_key_set_any_will_do(url: str) -> None:
    assert ask(url, "/v1/models", headers={"xi-api-key": "anything"}).status == 200


# -- pages in a browser -----------------------------------------------------------------------------------------------


def test_a_page_of_this_machine_may_read_the_answer(url: str) -> None:
    origin = "http://localhost:3000"
    answer = ask(url, "/v1/models", headers={"Origin": origin})
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["vary"] == "Origin"
    assert "character-cost" in answer.headers["access-control-expose-headers"]


def test_a_page_from_elsewhere_may_neither_read_nor_ask(url: str) -> None:
    headers = {"Origin": "https://example.org"}
    assert "access-control-allow-origin" not in ask(url, "/v1/models", headers=headers).headers
    assert ask(url, SPEECH, {"text": "Hi."}, headers=headers).error == (403, "origin_not_allowed")
    assert ask(url, SPEECH, method="OPTIONS", headers=headers).error == (403, "origin_not_allowed")


def test_a_page_that_was_allowed_may(locked: str) -> None:
    headers = {"Origin": ALLOWED, "xi-api-key": "k1"}
    answer = ask(locked, f"{SPEECH}?output_format=pcm_8000", {"text": "Hi."}, headers=headers)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, ALLOWED)


def test_a_page_can_read_why_it_was_refused(locked: str) -> None:
    answer = ask(locked, SPEECH, {"text": "Hi."}, headers={"Origin": ALLOWED})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (401, ALLOWED)


def test_a_browser_asks_first_without_the_key(locked: str) -> None:
    headers = {
        "Origin": ALLOWED,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,xi-api-key",
    }
    answer = ask(locked, SPEECH, method="OPTIONS", headers=headers)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ALLOWED
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "content-type,xi-api-key"


# -- what HTTP itself asks for ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/voices/", "/v3/voices", "/docs", "/v1/text-to-speech//stream", "/%00"]
)
def test_elsewhere_there_is_nothing(url: str, path: str) -> None:
    assert ask(url, path).error == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", SPEECH),
        ("HEAD", f"{SPEECH}/stream"),
        ("POST", "/v1/voices"),
        ("DELETE", "/v1/voices/de"),
        ("PUT", "/health"),
    ],
)
def test_a_wrong_method_is_told_with_the_right_ones(url: str, method: str, path: str) -> None:
    answer = ask(url, path, method=method)
    assert answer.status == 405
    assert answer.headers["allow"]
    if method != "HEAD":
        assert answer.error == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/health", "/v1/voices", "/v1/models", "/metrics"])
def test_a_head_is_the_answer_without_its_body(url: str, path: str) -> None:
    head, whole = ask(url, path, method="HEAD"), ask(url, path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    if path != "/metrics":  # its numbers have gone on
        assert head.headers["content-length"] == str(len(whole.body))


def test_a_body_that_is_too_long_is_refused(url: str) -> None:
    assert ask(url, SPEECH, b" " * (BODY_BYTES + 1)).error == (413, "request_too_large")


def test_a_body_that_is_not_compressed_as_it_says_is_refused(url: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert ask(url, SPEECH, b'{"text": "Hello."}', headers=headers).error == (400, "invalid_parameters")


def test_so_is_one_without_an_end(url: str) -> None:
    with raw(url) as client:
        client.sendall(f"POST {SPEECH} HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
        try:
            for _ in range(3 * BODY_BYTES // 65536):
                client.sendall(piece)
        except ConnectionError:
            pass
        assert client.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_does_not_come_is_a_time_out(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aligner.speech.server.relatives.requests.BODY_PATIENCE", 0.1)
    with raw(url) as client:
        head = f"POST {SPEECH} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 20\r\n\r\n"
        client.sendall(head.encode() + b'{"text"')
        assert rest(client).startswith(b"HTTP/1.1 408 ")


def test_a_client_that_waits_for_a_go_ahead_gets_it(url: str) -> None:
    body = b'{"text": "Hi."}'
    with raw(url) as client:
        head = (
            f"POST {SPEECH}?output_format=pcm_8000 HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
            f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        client.sendall(head.encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 100 ")
        client.sendall(body)
        assert rest(client).startswith(b"HTTP/1.1 200 ")


def test_after_an_error_the_connection_goes_on(url: str) -> None:
    connection = connected(url)
    try:
        found = [sent(connection, "POST", SPEECH, body).status for body in (b"{", b'{"text": 1}', b'{"text": " "}')]
        assert found == [422, 422, 400]
        assert sent(connection, "GET", "/health").status == 200
    finally:
        connection.close()


def test_every_answer_has_a_name_of_its_own(url: str) -> None:
    names = [ask(url, path).headers["request-id"] for path in ("/health", "/health", "/nowhere", "/v1/voices/nobody")]
    assert len(set(names)) == 4


def test_what_runs_here_is_not_told(url: str) -> None:
    assert "server" not in ask(url, "/health").headers


def test_a_fault_of_ours_is_told_without_what_was_said(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Any) -> None:
        raise RuntimeError("the text of a client")

    monkeypatch.setattr(listings, "shown", broken)
    with caplog.at_level(logging.INFO):
        answer = ask(url, "/v1/voices/de")
    assert answer.error == (500, "internal_error")
    assert "RuntimeError" in caplog.text
    assert "test_site.py" in caplog.text
    assert "the text of a client" not in caplog.text + answer.body.decode()


def test_what_cannot_be_read_does_not_get_into_the_log(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with raw(url) as client, caplog.at_level(logging.INFO):
        client.sendall(b"GET /v1/voices HTTP/1.1\r\nHost: here\r\nxi-api-key k1-secret\r\n\r\n")
        assert rest(client).startswith(b"HTTP/1.0 400 ")
    assert "BadHttpMessage" in caplog.text
    assert "k1-secret" not in caplog.text


def test_the_log_tells_what_was_asked_for_without_tokens(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask(url, "/v1/models?authorization=secret-token")
    told = [record.__dict__.get("fields", {}) for record in caplog.records]
    assert {"endpoint": "models", "path": "/v1/models", "status": 200}.items() <= told[-1].items()
    assert "secret-token" not in str(told) + caplog.text


def test_a_connection_that_is_idle_is_closed() -> None:
    from aligner.speech.server.limits import Limits  # noqa: PLC0415 - for this test alone

    with served(ServiceOptions(workers=1, limits=Limits(idle_seconds=0.1))) as url:
        connection = connected(url)
        try:
            assert sent(connection, "GET", "/health").status == 200
            assert connection.sock.recv(1) == b""
            with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
                sent(connection, "GET", "/health")
        finally:
            connection.close()
