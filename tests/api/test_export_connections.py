"""What exports do to connections: clients that leave, that read nothing, and failures in the middle."""

import asyncio
import http.client
import socket
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice

import httpx
import psutil
import pytest

from app.api.exports import documents, response
from app.settings import Settings
from tests.conftest import seed_into, write_documents
from tests.support.documents import document
from tests.support.live import live
from tests.support.waiting import PATIENCE, wait

ARTICLES = 400
SIZE = 50_000
"""Bytes of an article: all of them are far more than what waits in the buffers of a connection."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    settings = Settings(data=folder / "data")
    seed_into(settings, write_documents(folder / "seeds", [document("a", "Storm. " * (SIZE // 7))]))
    with live(settings) as address:
        yield address


@pytest.fixture
def articles_read(monkeypatch):
    """Let an export read the one article again and again, and return what all of them have read so far."""
    read = []
    read_articles = documents.read_articles

    def read_again(keys, documents):
        for key in keys:
            for _ in range(ARTICLES):
                read.append(key)
                yield from read_articles(iter([key]), documents)

    monkeypatch.setattr(documents, "read_articles", read_again)
    return read


@contextmanager
def begin(address, path):
    """Send a request on a connection that takes little at a time."""
    host, _, port = address.removeprefix("http://").partition(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((host, int(port)))
    connection.settimeout(PATIENCE)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    with connection:
        yield connection


def receive_all(connection):
    return b"".join(iter(lambda: connection.recv(2**16), b""))


def is_idle():
    """Return whether no export is being made."""
    return response.SLOTS._value == response.MAX_EXPORTS


def settle(read):
    """Wait until nothing more is read."""
    before = -1
    while before != len(read) or not read:
        before = len(read)
        time.sleep(0.3)
    return before


def test_a_client_that_leaves_stops_the_work(address, articles_read):
    with begin(address, "/articles.jsonl") as connection:
        connection.recv(1000)
    wait(is_idle)

    assert len(articles_read) < ARTICLES


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet", "tei.xml", "brat.zip"])
def test_a_client_that_leaves_before_the_first_piece_stops_the_work(address, monkeypatch, suffix):
    read = []

    def read_forever(selection, sort, after=None):
        [key] = iterate_keys(selection, sort, after)
        while True:
            read.append(key)
            yield key

    iterate_keys = documents.iterate_keys
    monkeypatch.setattr(documents, "iterate_keys", read_forever)
    # No rows come of what is read, so that no piece is ever full.
    for name in ("read_articles", "read_heads"):
        monkeypatch.setattr(documents, name, lambda keys, _documents: (b"" for _ in keys if False))
    with begin(address, f"/articles.{suffix}"):
        wait(lambda: read)
    wait(is_idle)

    assert read


def test_clients_that_read_nothing_cost_less_than_ten_megabytes_each(address, articles_read):
    before = psutil.Process().memory_info().rss
    with ExitStack() as connections:
        for _ in range(response.MAX_EXPORTS):
            connections.enter_context(begin(address, "/articles.jsonl"))
        read = settle(articles_read)
        grown = psutil.Process().memory_info().rss - before

    assert read < response.MAX_EXPORTS * ARTICLES / 2
    assert grown < response.MAX_EXPORTS * 10_000_000
    wait(is_idle)


def test_an_export_that_lasts_too_long_is_cut(address, articles_read, monkeypatch):
    begin_timeout, timeouts = asyncio.timeout, []

    def note_timeout(seconds):
        timeouts.append((seconds, asyncio.get_running_loop(), begin_timeout(seconds)))
        return timeouts[-1][-1]

    monkeypatch.setattr(asyncio, "timeout", note_timeout)
    with begin(address, "/articles.jsonl") as connection:
        received = connection.recv(1000)
        [(seconds, loop, timeout)] = timeouts
        loop.call_soon_threadsafe(timeout.reschedule, 0)
        wait(is_idle)
        received += receive_all(connection)

    assert seconds == response.MAX_SECONDS
    assert len(articles_read) < ARTICLES
    assert received.startswith(b"HTTP/1.1 200")
    assert not received.endswith(b"0\r\n\r\n")


@pytest.fixture
def failure(articles_read, monkeypatch):
    """Let an export fail when it has read half of its articles, and return what was read."""
    read_again = documents.read_articles

    def fail(keys, documents):
        yield from islice(read_again(keys, documents), ARTICLES // 2)
        raise ValueError

    monkeypatch.setattr(documents, "read_articles", fail)
    return articles_read


@pytest.mark.parametrize(
    ("read", "error"),
    [
        (lambda url: urllib.request.urlopen(url).read(), http.client.IncompleteRead),
        (partial(httpx.get, timeout=PATIENCE), httpx.RemoteProtocolError),
    ],
)
@pytest.mark.usefixtures("failure")
def test_clients_raise_an_error_when_an_export_fails(address, read, error):
    with pytest.raises(error):
        read(f"{address}/articles.jsonl")


def test_a_failure_in_the_middle_cuts_the_connection_before_the_last_chunk(address, failure):
    with begin(address, "/articles.jsonl") as connection:
        received = receive_all(connection)

    assert len(failure) == ARTICLES // 2
    assert received.startswith(b"HTTP/1.1 200")
    assert len(received) > SIZE
    assert not received.endswith(b"0\r\n\r\n")
    wait(is_idle)


def test_a_whole_export_ends_with_the_last_chunk_and_the_connection_goes_on(address):
    with begin(address, "/articles.jsonl") as connection:
        received = b""
        while not received.endswith(b"0\r\n\r\n"):
            received += connection.recv(2**16)
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n")

        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
