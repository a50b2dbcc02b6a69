"""The HTTP benchmark times only what is right, asks also where wrk is not, and leaves nothing running."""

import asyncio
import json
import os
from xml.etree import ElementTree as ET

import pytest

from tests.benchmarks.environment import forget_settings
from tests.benchmarks.http import chart, client, load, questions, same_answers, servers
from tests.benchmarks.http.timing import Case, Timing, time_case
from tests.support.commands import gone


@pytest.fixture
def without_wrk(monkeypatch):
    monkeypatch.setattr(load, "wrk", lambda: None)


@pytest.fixture
def bare():
    with servers.bare() as server:
        yield server


@pytest.mark.usefixtures("without_wrk")
def test_python_asks_where_wrk_is_not(bare):
    before = bare.cpu()
    done = load.load(f"{bare.address}/", {}, 0.3)

    assert done.rate > 50
    assert done.worked > 15
    assert before < bare.cpu() < before + 10


@pytest.mark.usefixtures("without_wrk")
def test_every_question_can_be_another(bare):
    asked = client.Load("http://localhost/articles?published_to=", {}, 1, 5)

    assert asked.question() != asked.question()
    assert asked.question().startswith(
        b"GET /articles?published_to=2033-05-18T03:33:27Z HTTP/1.1\r\nHost: localhost\r\n"
    )
    assert load.load(f"{bare.address}/?", {}, 0.1, unique=True).worked


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n",
    ],
)
def test_an_answer_ends_where_it_says(answer):
    assert client.whole(answer)
    assert not any(client.whole(answer[:-cut]) for cut in range(1, 4))


@pytest.mark.usefixtures("without_wrk")
def test_a_wrong_answer_is_no_load():
    async def refuse(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async def ask():
        async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
            address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            await asyncio.to_thread(load.load, address, {}, 0.1)

    with pytest.raises(load.WrongAnswerError, match="are wrong"):
        asyncio.run(ask())


def test_nothing_is_timed_that_has_another_status(bare):
    case = Case("304", "bare", "/", {"If-None-Match": "x"}, 304)

    with pytest.raises(load.WrongAnswerError, match="answers / with 200, not 304"):
        time_case(case, bare, 1)


class Told:
    """A server that always says the same."""

    def __init__(self, name, answer):
        self.name = name
        self.answer = answer

    def get(self, _path):
        return servers.Answer(200, {}, json.dumps(self.answer).encode())


@pytest.mark.parametrize(
    ("total", "id", "complaint"),
    [(2, "a", None), (3, "a", "the total is 2; Datasette says 3"), (2, "b", r"the ids are \['a'\]")],
)
def test_servers_must_agree(total, id, complaint):
    ours = Told("ours", {"total": 2, "items": [{"id": "a"}]})
    theirs = Told("theirs", {"filtered_table_rows_count": total, "rows": [{"id": id}]})
    [newest] = [it for it in questions.QUESTIONS if it.name == "newest"]

    if complaint is None:
        same_answers.compare(newest, ours, theirs)
    else:
        with pytest.raises(load.WrongAnswerError, match=complaint):
            same_answers.compare(newest, ours, theirs)


def test_no_server_is_left_behind():
    with pytest.raises(KeyboardInterrupt), servers.bare() as server:
        raise KeyboardInterrupt

    assert gone(server.process.pid)


def test_the_chart_is_a_picture_with_or_without_datasette(tmp_path):
    columns = ("uncached", "cached", "Datasette")
    timings = {(it.name, column): Timing(100, 1, 1) for it in questions.QUESTIONS for column in columns}
    timings["bare uvicorn", "bare"] = Timing(20, 1, 1)
    bars = []
    for left in (timings, {key: it for key, it in timings.items() if key[1] != "Datasette"}):
        chart.draw(left, 2000, tmp_path / "chart.svg")
        bars.append(len(ET.parse(tmp_path / "chart.svg").findall(".//{*}rect")))

    assert bars == [3 + 3 * len(questions.QUESTIONS), 2 + 2 * len(questions.QUESTIONS)]


def test_a_benchmark_knows_no_database_but_its_own(monkeypatch):
    monkeypatch.setattr(
        os, "environ", {"ARTICLES_DATABASE_URL": "sqlite:///mine.db", "articles_data": "x", "HOME": "h"}
    )
    forget_settings()

    assert os.environ == {"HOME": "h"}
