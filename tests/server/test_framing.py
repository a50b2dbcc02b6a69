"""Where a request begins and ends: bodies, segments, pipelines, and what could be read as another request."""

import json

import pytest

from tests.support.sockets import (
    PatientProtocol,
    listening,
    parse_answers,
    request,
    send_until_answered,
    send_until_paused,
)
from tests.support.waiting import wait

MINSK = "/entities?name=Мінск&fields=id"
SMUGGLED = request("/tags?limit=1", close=True)


class Narrow(PatientProtocol):
    """The same protocol, with a limit that a test can fill."""

    max_discarded = 300_000


@pytest.fixture(scope="module")
def listener(seeded):
    with listening(seeded.app, Narrow) as listener:
        yield listener


def grown_body(size):
    """A body that begins like a request; where its letters were encoded as in one, the rest would be pushed out."""
    line = "GET /{} HTTP/1.1\r\n\r\n".format("é" * len(SMUGGLED)).encode()
    body = line + b"x" * (size - len(line) - len(SMUGGLED)) + SMUGGLED
    assert len(body) == size
    return body


BODIES = {
    "counted": ("Content-Length: 1000", grown_body(1000)),
    "chunked": ("Transfer-Encoding: chunked", b"3e8\r\n" + grown_body(1000) + b"\r\n0\r\n\r\n"),
    "pieces of chunks": ("Transfer-Encoding: chunked", b"1\r\nx\r\n0\r\n\r\n" + SMUGGLED),
    "requests": ("Content-Length: 1000", (SMUGGLED * 20)[:1000]),
    "upgrade": ("Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 1000", grown_body(1000)),
    "h2c": ("Upgrade: h2c\r\nConnection: Upgrade\r\nTransfer-Encoding: chunked", b"0\r\n\r\n" + SMUGGLED),
    "upper case": ("TRANSFER-ENCODING: Chunked", b"0\r\n\r\n" + SMUGGLED),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("apart", [True, False], ids=["in a segment of its own", "in one segment"])
@pytest.mark.parametrize(("header", "body"), BODIES.values(), ids=BODIES)
def test_body_is_never_parsed_as_a_request(listener, method, apart, header, body):
    head = request("/corpus", header, method=method)
    answers = listener.exchange(head, body, SMUGGLED) if apart else listener.exchange(head + body + SMUGGLED)

    assert [answer.status for answer in answers] == [200 if method == "GET" else 405]
    assert answers[0].headers["connection"] == "close"


CONFLICTING = {
    "both lengths": "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "two lengths": "Content-Length: 5\r\nContent-Length: 6",
    "list of lengths": "Content-Length: 5, 5",
    "signed length": "Content-Length: +5",
    "negative length": "Content-Length: -5",
    "unknown coding": "Transfer-Encoding: gzip",
    "chunked is not last": "Transfer-Encoding: chunked, identity",
    "space before the colon": "Content-Length : 5",
    "folded line": "X: a\r\n b",
    "folded first line": " X: a",
    "no name": ": a",
    "no colon": "Content-Length",
    "NUL": "X: a\x00b",
    "line feed alone": "X: a\nContent-Length: 5",
    "carriage return alone": "X: a\rContent-Length: 5",
}


@pytest.mark.parametrize("header", CONFLICTING.values(), ids=CONFLICTING)
def test_headers_that_can_be_read_in_two_ways_are_refused(listener, header):
    answers = listener.exchange(request("/corpus", header) + SMUGGLED)

    assert [answer.status for answer in answers] == [400]
    assert answers[0].problem["type"].endswith("#invalid-request")
    assert answers[0].headers["connection"] == "close"


TARGETS = {
    "absolute": ("GET http://test/entities/minsk HTTP/1.1", 200),
    "absolute, letters as typed": ("GET HTTP://test/articles?q=Мінск HTTP/1.1", 200),
    "absolute without a path": ("GET http://test HTTP/1.1", 200),
    "absolute without a path, with a query": ("GET http://test?x HTTP/1.1", 200),
    "authority": ("GET test:80 HTTP/1.1", 400),
    "tunnel": ("CONNECT test:80 HTTP/1.1", 400),
    "asterisk": ("GET * HTTP/1.1", 404),
    "no path": ("GET HTTP/1.1", 400),
    "long method": ("G" * 30_000 + " /corpus HTTP/1.1", 400),
    "letters in the method": ("GÉT /corpus HTTP/1.1", 400),
    "letters in the version": ("GET /corpus HTTP/1.1é", 400),
    "NUL": ("GET /corpus\x00 HTTP/1.1", 400),
    "NUL and letters": ("GET /é\x00 HTTP/1.1", 400),
    "tab": ("GET\t/corpus HTTP/1.1", 400),
    "HTTP/2": ("PRI * HTTP/2.0", 400),
    "HTTP/1.2": ("GET /corpus HTTP/1.2", 400),
}


@pytest.mark.parametrize(("line", "status"), TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("apart", [True, False], ids=["in pieces", "in one segment"])
def test_every_kind_of_request_line_has_an_answer(listener, line, status, apart):
    whole = f"{line}\r\nHost: test\r\nConnection: close\r\n\r\n".encode()
    answers = listener.exchange(whole[:12], whole[12:]) if apart else listener.exchange(whole)

    assert [answer.status for answer in answers] == [status]
    assert status == 200 or answers[0].problem["detail"]


@pytest.mark.parametrize("upgrade", ["h2c", "websocket", "TLS/1.0"])
def test_upgrades_are_left_alone_and_the_connection_is_kept(listener, upgrade):
    asking = request("/corpus", f"Upgrade: {upgrade}", "Connection: Upgrade", "HTTP2-Settings: AAMAAABkAAQAAP__")
    answers = listener.exchange(asking + request(MINSK, close=True))

    assert [answer.status for answer in answers] == [200, 200]


def test_letters_need_not_be_encoded_wherever_a_segment_ends(listener):
    whole = request(MINSK, close=True)
    for cut in range(1, len(whole)):
        (answer,) = listener.exchange(whole[:cut], whole[cut:])
        assert (answer.status, json.loads(answer.body)["items"]) == (200, [{"id": "minsk"}])


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_a_request_may_come_in_small_pieces(listener, size):
    whole = request(MINSK, close=True)
    (answer,) = listener.exchange(*(whole[at : at + size] for at in range(0, len(whole), size)))

    assert json.loads(answer.body)["items"] == [{"id": "minsk"}]


@pytest.mark.parametrize("size", range(1, 8))
def test_a_piece_is_not_parsed_before_its_head_is_whole(listener, size):
    piece = request()[:size]
    with listener.connect() as connection:
        connection.sendall(piece)
        wait(lambda: piece in [protocol.received for protocol in listener.connections])


def test_pipelined_requests_are_answered_in_order(listener):
    addresses = [("/corpus", 200), (MINSK, 200), ("/articles/Мінск", 404), ("/tags?limit=1", 200)] * 60
    sent = b"\r\n".join(request(address) for address, _ in addresses)
    answers = listener.exchange(sent + request(close=True))

    assert [answer.status for answer in answers] == [status for _, status in addresses] + [200]
    assert json.loads(answers[1].body)["items"] == [{"id": "minsk"}]


def test_requests_before_a_malformed_one_are_answered(listener):
    for bad in (b"BREW /corpus HTTP/1.1\r\n\r\n", b"\x16\x03\x01", request("/corpus", "no colon")):
        assert [answer.status for answer in listener.exchange(request(MINSK) + bad)] == [200, 400]


def test_pipelined_requests_take_bounded_memory(listener):
    largest = 0
    with listener.connect_alone(receive_buffer=4096) as (connection, protocol):
        for sent in send_until_paused(connection, protocol, request() * 2_000):
            largest = max(largest, len(protocol.received))
            assert sent < 50_000_000
    wait(lambda: not listener.connections)

    assert 0 < largest < 700_000


HOSTS = {
    "none": ([], 400),
    "two": (["Host: test", "Host: test"], 400),
    "two, one of them empty": (["Host:", "HOST: test"], 400),
    "user": (["Host: user@test"], 400),
    "path": (["Host: test/articles"], 400),
    "space": (["Host: te st"], 400),
    "letters": (["Host: Мінск"], 400),
    "list": (["Host: test, other"], 400),
    "no port": (["Host: test:80:80"], 400),
    "bad port": (["Host: test:http"], 400),
    "open bracket": (["Host: [::1"], 400),
    "name and port": (["Host: test.example:8000"], 200),
    "IPv4": (["Host: 127.0.0.1"], 200),
    "IPv6": (["Host: [::1]:8000"], 200),
    "underscore": (["Host: docker_compose_name"], 200),
    "empty": (["Host:"], 200),
}


@pytest.mark.parametrize(("lines", "status"), HOSTS.values(), ids=HOSTS)
def test_request_needs_exactly_one_host(listener, lines, status):
    (answer,) = listener.exchange("\r\n".join(["GET /corpus HTTP/1.1", *lines, "Connection: close", "", ""]).encode())

    assert answer.status == status
    assert status == 200 or "Host" in answer.problem["detail"]


@pytest.mark.parametrize("target", ["/", "/docs", "/docs/assets/favicon-32x32.png", "/corpus", "/nope", "/health/live"])
def test_every_response_has_nosniff(listener, target):
    for headers in ([], ["Accept: text/html"], ["Host: second"]):
        (answer,) = listener.exchange(request(target, *headers, close=True))
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_host_is_checked_in_every_request_of_a_connection(listener):
    answers = listener.exchange(request(), request(), b"GET /corpus HTTP/1.1\r\nHost: other/x\r\n\r\n")
    assert [answer.status for answer in answers] == [200, 200, 400]

    answers = listener.exchange(request(), b"GET /corpus HTTP/1.1\r\n\r\n")
    assert [answer.status for answer in answers] == [200, 400]


def test_http_1_0_needs_no_host(listener):
    (answer,) = listener.exchange(b"GET /corpus HTTP/1.0\r\n\r\n")

    assert answer.status == 200


HUGE = 2_000_000_000


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("expect", ["Expect: 100-continue", "X: y"])
def test_a_body_is_not_read_and_the_answer_arrives(listener, method, expect):
    with listener.connect() as connection:
        connection.sendall(request("/corpus", f"Content-Length: {HUGE}", expect, method=method))
        sent = send_until_answered(connection, b"x" * 65536, HUGE)
        answers = parse_answers(receive(connection))

    assert sent < 50_000_000
    assert [answer.status for answer in answers] == [200 if method == "GET" else 405]
    assert answers[0].headers["connection"] == "close"


def test_client_that_sends_its_whole_body_first_reads_the_response(listener):
    for size in (1, 1_000, 250_000):
        (answer,) = listener.exchange(request("/corpus", f"Content-Length: {size}"), b"x" * size)
        assert answer.status == 200


def test_no_more_of_a_body_is_read_than_is_thrown_away(listener):
    with listener.connect_alone() as (connection, protocol):
        connection.sendall(request("/corpus", f"Content-Length: {HUGE}"))
        for sent in send_until_paused(connection, protocol, b"x" * 65536):
            assert (protocol.discarded or 0) < Narrow.max_discarded + 2**19
            assert sent < 50_000_000

        assert protocol.discarded > Narrow.max_discarded


def receive(connection):
    """Return what arrives until the server hangs up, or cuts the connection after its answer."""
    received = b""
    try:
        while more := connection.recv(2**20):
            received += more
    except ConnectionResetError:
        pass
    return received
