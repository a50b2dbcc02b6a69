"""A server of any application in a thread, and clients that send it bytes of their own choosing."""

import json
import select
import socket
import threading
import time
from contextlib import contextmanager
from typing import NamedTuple

import uvicorn

from app.server.protocol import ArticlesProtocol
from tests.support.waiting import PATIENCE, wait


class PatientProtocol(ArticlesProtocol):
    """The protocol with times that are not over while a busy machine runs a test."""

    head_timeout = send_timeout = linger_timeout = PATIENCE


class Answer(NamedTuple):
    """One answer, as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self):
        """The problem document that it must be."""
        document = json.loads(self.body)
        assert self.headers["content-type"] == "application/problem+json"
        assert document["status"] == self.status
        return document


class Listener:
    """A running server, and a look at the connections that it has."""

    def __init__(self, server):
        self.server = server
        self.port = server.servers[0].sockets[0].getsockname()[1]

    @property
    def connections(self):
        """The protocol objects of all open connections."""
        return list(self.server.server_state.connections)

    def expire(self, protocol):
        """Let the time that a connection has now be over."""
        looked = threading.Event()

        def look():
            protocol.deadline.time = 0
            protocol.deadline.check()
            looked.set()

        protocol.loop.call_soon_threadsafe(look)
        assert looked.wait(PATIENCE)

    def close_all(self):
        """Let the time of every connection be over, until there is none."""

        def is_closed():
            for protocol in self.connections:
                self.expire(protocol)
            return not self.connections

        wait(is_closed)

    @contextmanager
    def connect_alone(self, **options):
        """Open the only connection there is; yield it, and the protocol object that serves it."""
        self.close_all()
        with self.connect(**options) as connection:
            wait(lambda: self.connections)
            (protocol,) = self.connections
            yield connection, protocol

    def connect(self, *, receive_buffer=None):
        """Open a connection, with so small a receive buffer if one is given."""
        connection = socket.socket()
        connection.settimeout(PATIENCE)
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.connect(("127.0.0.1", self.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def exchange(self, *segments):
        """Send these segments one after the other, and return all answers until the server hangs up."""
        with self.connect() as connection:
            for number, segment in enumerate(segments):
                if number:
                    time.sleep(0.005)  # So that it arrives by itself; answers must be the same where it does not.
                connection.sendall(segment)
            return read_answers(connection)


@contextmanager
def listening(app, protocol=PatientProtocol, **options):
    """Serve an application in a thread; with a subclass of the protocol that has other limits."""
    config = {
        "http": protocol,
        "lifespan": "off",
        "log_config": None,
        "timeout_graceful_shutdown": 1,
        "timeout_keep_alive": PATIENCE // 2,
    }
    server = uvicorn.Server(uvicorn.Config(app, port=0, **config | options))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait(lambda: server.started)
        yield Listener(server)
    finally:
        server.should_exit = True
        thread.join()


def request(target="/corpus", *headers, method="GET", close=False):
    """Return the bytes of a request, with letters of any script as they are."""
    lines = [f"{method} {target} HTTP/1.1", "Host: test", *headers, *(["Connection: close"] if close else [])]
    return "\r\n".join([*lines, "", ""]).encode()


def read(connection):
    """Return all bytes until the server hangs up."""
    received = b""
    while more := connection.recv(2**20):
        received += more
    return received


def read_answers(connection):
    """Return all answers until the server hangs up."""
    return parse_answers(read(connection))


def parse_answers(received):
    """Return the answers in these bytes; each of them says how long it is."""
    answers = []
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        length = int(headers.get("content-length", 0))
        answers.append(Answer(int(status.split()[1]), headers, received[:length]))
        received = received[length:]
    return answers


def send_until_answered(connection, piece, total):
    """Send pieces up to a total of bytes, or until there is an answer to read; return how many bytes were sent."""
    sent = 0
    connection.setblocking(False)
    while sent < total:
        readable, writable, _ = select.select([connection], [connection], [], PATIENCE)
        if readable:
            break
        assert writable
        sent += connection.send(piece)
    connection.setblocking(True)
    connection.settimeout(PATIENCE)
    return sent


def send_until_paused(connection, protocol, data):
    """Send the same bytes again and again until the server has paused reading and takes no more.

    Yield how many bytes were sent so far. That the server takes nothing for a while says only that it is busy.
    """
    connection.settimeout(0.5)
    sent, takes_more = 0, True
    while takes_more or not protocol.transport.is_reading_paused:
        try:
            sent += connection.send(data[sent % len(data) :])
            takes_more = True
        except TimeoutError:
            takes_more = False
        yield sent
