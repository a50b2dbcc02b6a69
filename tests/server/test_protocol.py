"""The real server over a real socket: what clients send that is not quite HTTP."""

import json
import socket
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import Api
from tests.support.sockets import listening
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="module")
def port(seeded: Api) -> Iterator[int]:
    with listening(seeded.app) as listener:
        yield listener.port


def ask(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request + b" HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        answer = b""
        while more := connection.recv(65536):
            answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return int(status.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body


def test_letters_need_not_be_encoded(port: int) -> None:
    status, _, body = ask(port, "GET /entities?name=Мінск&fields=id".encode())

    assert status == 200
    assert json.loads(body)["items"] == [{"id": "minsk"}]
    assert ask(port, "GET /articles/Мінск".encode())[0] == 404


def test_undecodable_unencoded_bytes_are_refused(port: int) -> None:
    status, headers, body = ask(port, b"GET /articles?q=\xff\xfe")

    assert (status, headers["content-type"]) == (422, "application/problem+json")
    assert json.loads(body)["errors"][0]["parameter"] == "q"


def test_request_line_has_a_length_limit(port: int) -> None:
    assert ask(port, b"GET /articles?q=" + b"w" * 60_000)[0] == 422
    status, headers, body = ask(port, b"GET /articles?q=" + b"w" * 100_000)

    assert (status, headers["content-type"]) == (414, "application/problem+json")
    assert json.loads(body)["detail"] == "The URL is too long: it may have 65,535 bytes."


@pytest.mark.parametrize("request_", [b"BREW /articles", b"GET /a\x00b", b"\x16\x03\x01", b"GET"])
def test_bytes_that_are_not_http_get_400(port: int, request_: bytes) -> None:
    status, headers, body = ask(port, request_)

    assert (status, headers["content-type"]) == (400, "application/problem+json")
    assert headers["connection"] == "close"
    assert json.loads(body)["type"].endswith("#invalid-request")


def test_head_sends_no_body_and_its_length(port: int) -> None:
    (got, length, _), (head, same, body) = ask(port, b"GET /corpus"), ask(port, b"HEAD /corpus")

    assert (got, head, body) == (200, 200, b"")
    assert length["content-length"] == same["content-length"]


@pytest.mark.skipif(sys.platform != "linux", reason="segments are counted by Linux")
def test_response_is_one_segment_with_its_head(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        for method in ("GET", "HEAD", "GET"):
            connection.sendall(f"{method} /corpus HTTP/1.1\r\nHost: test\r\n\r\n".encode())
            connection.recv(65536)

        assert pieces(connection) == 3


def pieces(connection: socket.socket) -> int:
    """How many segments with data came: a field of Linux's `tcp_info`."""
    return int.from_bytes(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)[152:156], sys.byteorder)


def test_options_of_the_whole_server_are_not_found(port: int) -> None:
    assert ask(port, b"OPTIONS *")[0] == 404
