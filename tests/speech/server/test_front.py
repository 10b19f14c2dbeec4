from __future__ import annotations

import base64
import contextlib
import json
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes.http import ONE, ask, connected, raw, rest, sent, served
from fakes.talk import target
from hypothesis import given
from hypothesis import strategies as st
from websockets.sync.client import connect

from aligner.speech.server.front import HEAD_BYTES, upgrades
from aligner.speech.server.limits import Limits
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

UPGRADE = (
    f"GET {target()} HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()
FINAL = b'"isFinal":true'


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(ONE) as url:
        yield url


def status(answer: bytes) -> int:
    return int(answer.split()[1])


def until(client: socket.socket, mark: bytes) -> bytes:
    """All bytes up to a mark: who does not answer the closing of a WebSocket has to wait for its end."""
    found = b""
    while mark not in found:
        data = client.recv(65536)
        assert data, found[-300:]
        found += data
    return found


def frame(text: str) -> bytes:
    """A client's text frame of less than 126 bytes, masked with nothing."""
    content = text.encode()
    return bytes([0x81, 0x80 | len(content), 0, 0, 0, 0]) + content


# -- what a head asks for ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (UPGRADE, True),
        (b"GET / HTTP/1.1\r\nupgrade:WebSocket", True),
        (b"GET / HTTP/1.1\r\nUPGRADE: h2c, websocket", True),
        (b"GET / HTTP/1.1\r\nUpgrade: h2c", False),
        (b"GET /?upgrade:websocket HTTP/1.1\r\nHost: here", False),
        (b"POST / HTTP/1.1\r\nUpgrade: websocket", False),
        (b"GET / HTTP/1.1\r\nX-Upgrade: websocket", False),
        (b"GET / HTTP/1.1\r\nCookie: a=upgrade: websocket", False),
        (b"", False),
    ],
)
def test_a_websocket_is_a_get_with_an_upgrade(head: bytes, wanted: bool) -> None:  # noqa: FBT001 - a table
    assert upgrades(head) is wanted


@given(st.binary(max_size=200))
def test_no_head_is_too_strange(head: bytes) -> None:
    assert upgrades(head) in {True, False}


# -- one port for both ------------------------------------------------------------------------------------------------


def test_both_are_served_at_one_port(url: str) -> None:
    with connect(url.replace("http", "ws") + target()) as websocket:
        websocket.send('{"text": " "}')
        websocket.send('{"text": "Hello. "}')
        assert ask(url, "/health").status == 200
        websocket.send('{"text": ""}')
        assert base64.b64decode(json.loads(websocket.recv())["audio"])


def test_a_connection_is_kept_for_the_next_request(url: str) -> None:
    connection = connected(url)
    try:
        first = sent(connection, "GET", "/health")
        socket_of_first = connection.sock
        second = sent(connection, "POST", "/v1/text-to-speech/en-us?output_format=pcm_8000", b'{"text": "Hi."}')
        assert (first.status, second.status) == (200, 200)
        assert connection.sock is socket_of_first
        assert first.headers["request-id"] != second.headers["request-id"]
    finally:
        connection.close()


def test_requests_that_come_in_one_go_are_answered_in_order(url: str) -> None:
    with raw(url) as client:
        client.sendall(
            b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n"
            b"GET /nowhere HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
        )
        first, second = rest(client).split(b"HTTP/1.1 ")[1:]
        assert (first[:3], second[:3]) == (b"200", b"404")


def test_a_body_may_come_with_the_head_or_after_it(url: str) -> None:
    body = b'{"text": "Hi."}'
    head = (
        b"POST /v1/text-to-speech/en-us?output_format=pcm_8000 HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    found = []
    for cut in (len(head) + len(body), len(head) + 3, len(head), len(head) - 2):
        with raw(url) as client:
            client.sendall((head + body)[:cut])
            time.sleep(0.01)
            client.sendall((head + body)[cut:])
            found.append(rest(client).partition(b"\r\n\r\n"))
    assert {status(head) for head, _, _ in found} == {200}
    assert min(len(sound) for _, _, sound in found) > 5000


def test_a_head_may_come_byte_by_byte(url: str) -> None:
    with raw(url) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"GET /health HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n":
            client.sendall(bytes([byte]))
        assert status(rest(client)) == 200


def test_frames_may_come_with_the_upgrade(url: str) -> None:
    with raw(url) as client:
        client.sendall(UPGRADE + frame('{"text": " "}') + frame('{"text": "Hello. "}') + frame('{"text": ""}'))
        answer = until(client, FINAL)
    assert status(answer) == 101


def test_a_frame_may_be_cut_anywhere(url: str) -> None:
    frames = frame('{"text": " "}') + frame('{"text": "Hello. "}') + frame('{"text": ""}')
    with raw(url) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.sendall(UPGRADE[:-1])
        client.sendall(UPGRADE[-1:] + frames[:1])
        for byte in frames[1:]:
            client.sendall(bytes([byte]))
        assert status(until(client, FINAL)) == 101


# -- who does not say what they want ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hasty() -> Iterator[str]:
    with served(ServiceOptions(workers=1, limits=Limits(header_seconds=0.2))) as url:
        yield url


@pytest.mark.parametrize("said", [b"", b"GET /health HTTP/1.1\r\nHost: he", UPGRADE[:-2]])
def test_a_head_that_does_not_end_is_a_time_out(hasty: str, said: bytes) -> None:
    with raw(hasty) as client:
        client.sendall(said)
        answer = rest(client)
    assert status(answer) == 408
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["detail"]["status"] == "request_timeout"


def test_a_slow_head_does_not_get_more_time_by_going_on(hasty: str) -> None:
    with raw(hasty) as client:
        client.settimeout(0.02)
        answer = b""
        client.sendall(b"GET /health HTTP/1.1\r\n")
        for _ in range(500):
            with contextlib.suppress(OSError):
                client.sendall(b"a")
            with contextlib.suppress(TimeoutError):
                answer = client.recv(4096)
                break
    assert status(answer) == 408


def test_an_endless_head_is_refused(url: str) -> None:
    with raw(url) as client:
        client.sendall(b"GET /" + b"a" * (HEAD_BYTES + 100))
        answer = rest(client)
    assert status(answer) == 431
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["detail"]["status"] == "headers_too_large"


def test_a_long_head_is_not(url: str) -> None:
    cookie = "a" * (HEAD_BYTES // 2)
    assert ask(url, "/health", headers={"Cookie": cookie}).status == 200


def test_what_is_no_http_is_refused(url: str) -> None:
    with raw(url) as client:
        client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")
        assert status(rest(client)) == 400


def test_who_leaves_before_asking_leaves_nothing(url: str) -> None:
    files = Path("/proc/self/fd")

    def open_files() -> int:
        return len(list(files.iterdir()))

    if not files.is_dir():
        pytest.skip("only Linux lists a process's files")
    ask(url, "/health")
    before = open_files()
    clients = [raw(url) for _ in range(20)]
    for client in clients:
        client.sendall(b"GET /")
    for client in clients:
        client.close()
    for _ in range(1_000):
        if open_files() <= before:
            break
        time.sleep(0.01)
    assert open_files() <= before


def test_one_connection_too_many_is_told() -> None:
    def asked(client: socket.socket) -> bytes:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        return rest(client)

    with served(ServiceOptions(workers=1, limits=Limits(connections=2))) as url:
        with raw(url) as first, raw(url) as second, raw(url) as third:
            assert status(rest(third)) == 503
            assert status(asked(first)) == status(asked(second)) == 200
        with raw(url) as again:
            assert status(asked(again)) == 200


def test_the_end_does_not_wait_for_who_says_nothing() -> None:
    with contextlib.ExitStack() as clients:
        with served(ONE) as url:
            silent = clients.enter_context(raw(url))
            keeping = connected(url)
            clients.callback(keeping.close)
            assert sent(keeping, "GET", "/health").status == 200
        # It has ended, and cut both off.
        with contextlib.suppress(ConnectionError):
            assert silent.recv(1) == b""
