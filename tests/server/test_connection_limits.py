"""What a connection may take: bytes of headers, seconds, memory, and lines in the log."""

import asyncio
import gc
import logging
import signal
import socket
import struct
import threading
import weakref

import pytest

from app.api.middleware.negotiation import MAX_CACHED, accepted_formats
from app.server.framing import MAX_HEADER_BYTES, MAX_URL_BYTES
from app.server.protocol import MAX_HEADERS, ArticlesProtocol
from tests.conftest import seed_into
from tests.support.marked_corpus import write_marked
from tests.support.servers import serving
from tests.support.sockets import (
    PatientProtocol,
    listening,
    parse_answers,
    read,
    read_answers,
    request,
    send_until_answered,
)
from tests.support.waiting import PATIENCE, wait

BIG = "/articles?include=paragraphs&limit=100"


class Quickest(ArticlesProtocol):
    """The same protocol, which closes a connection before a request can arrive."""

    head_timeout = 0.1


@pytest.fixture(scope="module")
def listener(seeded):
    with listening(seeded.app) as listener:
        yield listener


@pytest.fixture(scope="module")
def quick(seeded):
    with listening(seeded.app, timeout_keep_alive=0.2) as listener:
        yield listener


def with_header_bytes(size):
    """A request whose headers have so many bytes, counted from the end of the request line to the blank line."""
    bare = request(close=True, target="/corpus")[:-4]
    _, _, headers = bare.partition(b"\r\n")
    return bare + b"\r\nX: " + b"x" * (size - len(headers) - len("\r\n\r\nX: ")) + b"\r\n\r\n"


def test_headers_have_a_bound_in_bytes(listener):
    for size, status in ((MAX_HEADER_BYTES, 200), (MAX_HEADER_BYTES + 1, 431)):
        (answer,) = listener.exchange(with_header_bytes(size))
        assert answer.status == status

    assert answer.problem["type"].endswith("#headers-too-long")
    assert "65,536 bytes" in answer.problem["detail"]
    assert answer.headers["connection"] == "close"


def test_headers_have_a_bound_in_number(listener):
    for number, status in ((MAX_HEADERS, 200), (MAX_HEADERS + 1, 431)):
        (answer,) = listener.exchange(request("/corpus", *["X: y"] * (number - 2), close=True))
        assert answer.status == status

    assert "101 headers" in answer.problem["detail"]


@pytest.mark.parametrize(
    ("beginning", "piece", "status"),
    [
        (b"GET /corpus HTTP/1.1\r\nHost: a\r\n", b"x: y\r\n" * 10_000, 431),
        (b"GET /corpus HTTP/1.1\r\nHost: a\r\nX: ", b"x" * 60_000, 431),
        (b"GET /corpus HTTP/1.1\r\nX", b"x" * 60_000, 431),
        (b"GET /corpus?q=", b"x" * 60_000, 414),
        ("GET /corpus?q=М".encode(), "М".encode() * 30_000, 414),
    ],
    ids=["many", "long value", "long name", "address", "letters"],
)
def test_oversized_request_is_refused_before_it_has_arrived(listener, beginning, piece, status):
    with listener.connect() as connection:
        connection.sendall(beginning)
        sent = send_until_answered(connection, piece, 1_000_000_000)
        received = b""
        try:
            while more := connection.recv(65536):
                received += more
                assert all(len(protocol.received) <= MAX_HEADER_BYTES for protocol in listener.connections)
        except ConnectionResetError:
            pass
        (answer,) = parse_answers(received)

    assert sent < 50_000_000
    assert (answer.status, answer.headers["connection"]) == (status, "close")
    assert answer.problem["detail"]


def test_request_line_limit_holds_however_it_is_segmented(listener):
    for size, status in ((MAX_URL_BYTES, 422), (MAX_URL_BYTES + 1, 414), (MAX_URL_BYTES + 100, 414)):
        whole = request("/articles?q=" + "w" * (size - len("/articles?q=")), close=True)
        for segments in ((whole,), (whole[:60_000], whole[60_000:])):
            (answer,) = listener.exchange(*segments)
            assert answer.status == status


def test_long_headers_are_not_cached(listener):
    before = accepted_formats.cache_info().currsize
    for name in ("Accept", "Accept-Encoding"):
        for number in range(20):
            value = ", ".join([f"text/x{number}"] * 1_000 + ["application/json", "gzip"])
            (answer,) = listener.exchange(request(BIG, f"{name}: {value}", close=True))
            assert answer.status == 200
            assert (answer.headers.get("content-encoding") == "gzip") == (name == "Accept-Encoding")

    assert accepted_formats.cache_info().currsize == before
    assert MAX_CACHED * accepted_formats.cache_parameters()["maxsize"] <= 2**16


def test_connection_without_a_byte_is_closed_silently(seeded):
    with listening(seeded.app, Quickest) as listener, listener.connect() as connection:
        assert read(connection) == b""


def test_idle_connection_is_closed_after_a_response(quick):
    with quick.connect() as connection:
        connection.sendall(request())
        (answer,) = read_answers(connection)

    assert answer.status == 200
    assert "connection" not in answer.headers


@pytest.fixture
def alone(listener):
    """A connection, and the protocol object that serves it."""
    with listener.connect_alone() as (connection, protocol):
        yield connection, protocol


def ask(connection, protocol):
    """Ask once, and leave the answer behind when it is complete."""
    before = protocol.cycle
    connection.sendall(request())
    wait(lambda: protocol.cycle is not before and protocol.ready)


@pytest.mark.parametrize("asked", [False, True], ids=["on a new connection", "on one that was answered"])
@pytest.mark.parametrize("begun", [b"G", b"GET /corpus HTTP/1.1\r\n", request()[:-1]])
def test_incomplete_request_gets_408(listener, alone, begun, asked):
    connection, protocol = alone
    if asked:
        ask(connection, protocol)
    connection.sendall(b"\r\n" * 10 + begun)
    wait(lambda: protocol.received == begun)
    listener.expire(protocol)
    *_, answer = answers = read_answers(connection)

    assert len(answers) == 1 + asked
    assert (answer.status, answer.headers["connection"]) == (408, "close")
    assert f"{PATIENCE} seconds" in answer.problem["detail"]


@pytest.mark.parametrize("asked", [False, True], ids=["on a new connection", "on one that was answered"])
def test_trickling_bytes_do_not_extend_the_deadline(alone, asked):
    connection, protocol = alone
    if asked:
        ask(connection, protocol)
    connection.sendall(b"\r\nG")
    wait(lambda: protocol.received)
    deadline = protocol.deadline.time
    for number, byte in enumerate(b"ET /corpus HTTP/1.1\r\nX: y\r\n", 2):
        connection.sendall(bytes([byte]))
        wait(lambda length=number: len(protocol.received) == length)

    assert protocol.deadline.time == deadline
    assert protocol.deadline.timer_time <= deadline
    assert deadline <= protocol.loop.time() + PatientProtocol.head_timeout


def test_blank_lines_do_not_extend_the_deadline(alone):
    connection, protocol = alone
    deadline = protocol.deadline.time
    connection.sendall(b"\r\n\r\n")
    connection.sendall(b"\r\n" * 100 + b"G")
    wait(lambda: protocol.received == b"G")

    assert protocol.deadline.time == deadline


def test_each_request_of_a_connection_has_its_own_deadline(alone):
    connection, protocol = alone
    for _ in range(3):
        ask(connection, protocol)
        left = protocol.deadline.time - protocol.loop.time()

        assert left <= protocol.timeout_keep_alive
        assert protocol.deadline.timer_time <= protocol.deadline.time


def test_response_may_take_longer_than_the_request_timeout(seeded):
    asked, release = threading.Event(), threading.Event()

    async def slow(scope, receive, send):
        asked.set()
        await asyncio.to_thread(release.wait, PATIENCE)
        await seeded.app(scope, receive, send)

    with listening(slow) as listener, listener.connect() as connection:
        connection.sendall(request(close=True))
        assert asked.wait(PATIENCE)
        for _ in range(3):
            listener.expire(listener.connections[0])
        release.set()
        assert [answer.status for answer in read_answers(connection)] == [200]


def test_client_that_never_reads_is_disconnected_with_bounded_memory(listener):
    with listener.connect_alone(receive_buffer=4096) as (connection, protocol):
        connection.sendall(request(BIG) * 200)
        wait(protocol.transport.get_write_buffer_size)
        sizes = []

        def lost():
            sizes.append(protocol.transport.get_write_buffer_size())
            listener.expire(protocol)
            return not listener.connections

        wait(lost)

    assert 0 < max(sizes) < 2_000_000


def test_client_that_reads_slowly_is_not_disconnected(listener):
    with listener.connect_alone(receive_buffer=4096) as (connection, protocol):
        connection.sendall(request(BIG) * 200)

        def waits():
            return protocol.transport.get_write_buffer_size()

        for _ in range(3):
            # Between two responses nothing waits, and no time is over.
            wait(lambda: waits() and (listener.expire(protocol) or protocol.stalled))
            cycle, before = protocol.stalled
            while protocol.cycle is cycle and waits() >= before:
                assert connection.recv(65536)
        assert listener.connections == [protocol]
        wait(lambda: listener.expire(protocol) or not listener.connections)


@pytest.fixture
def records(caplog):
    caplog.set_level(logging.INFO)
    return lambda: [
        record.getMessage() for record in caplog.records if record.levelno > logging.INFO or record.exc_info
    ]


def test_clients_that_disconnect_leave_no_lines_in_the_log(listener, records):
    for number in range(60):
        with listener.connect(receive_buffer=4096) as connection:
            connection.sendall(request(BIG if number % 2 else "/docs/assets/swagger-ui-bundle.js") * 50)
            if number % 3:
                # A reset in place of an orderly end.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait(lambda: not listener.connections and not listener.server.server_state.tasks)

    assert records() == []


def test_bytes_that_are_not_http_leave_no_line_in_the_log(listener, records):
    tunnel = b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"
    for bad in (b"BREW / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", request("/corpus", "Host: b"), tunnel):
        assert listener.exchange(bad)[0].status == 400
    listener.exchange(request("/corpus", "Upgrade: websocket", "Connection: Upgrade"), request(close=True))

    assert records() == []


def test_request_during_shutdown_gets_503(records):
    asked = []

    async def endless(scope, _receive, send):
        asked.append(scope["path"])
        if scope["path"] == "/begun":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await asyncio.Event().wait()

    with listening(endless, timeout_graceful_shutdown=0) as listener:
        with listener.connect() as begun, listener.connect() as waiting:
            begun.sendall(request("/begun"))
            waiting.sendall(request("/waiting") * 3)
            wait(lambda: len(asked) == 2)
            listener.server.should_exit = True
            (answer,) = read_answers(waiting)
            assert (answer.status, answer.headers["retry-after"], answer.headers["connection"]) == (503, "1", "close")
            assert answer.problem["detail"] == "The service is shutting down; ask again."

    assert records() == ["Cancel 2 running task(s), timeout graceful shutdown exceeded"]


def test_a_server_ends_without_a_traceback_while_it_answers(settings, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 100)
    seed_into(settings, folder)
    with serving(tmp_path / "log", data=settings.data, database_url=settings.database_url) as server:
        wait(lambda: server.get("/health/ready").status_code == 200)
        unread = []
        for _ in range(20):
            connection = socket.create_connection(("127.0.0.1", server.client.base_url.port))
            connection.sendall(request(BIG) * 200)
            unread.append(connection)
        assert server.get(BIG).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        status = server.process.wait(PATIENCE)
        for connection in unread:
            connection.close()

    log = server.log.read_text()
    assert status == 0
    assert "Traceback" not in log
    assert sum("ERROR" in line or "WARNING" in line for line in log.splitlines()) <= 1


@pytest.mark.parametrize("requests", [0, 2])
def test_a_closed_connection_leaves_nothing_to_the_garbage_collector(listener, requests):
    gc.disable()
    try:
        with listener.connect_alone() as (connection, protocol):
            for number in range(requests):
                connection.sendall(request(close=number == requests - 1))
                connection.recv(2**16)
            left = weakref.ref(protocol)
            del protocol

        wait(lambda: left() is None)
    finally:
        gc.enable()
