"""The HTTP benchmark times only right answers, asks each address once, and leaves nothing running."""

import os
import sqlite3
from collections import Counter
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import orjson
import pytest

from tests.benchmarks import asgi, figures
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.generated import write
from tests.benchmarks.http import client, content, costs, datasette, groonga, servers, tables
from tests.benchmarks.questions import QUESTIONS, draw_questions, draw_values
from tests.conftest import Api, seed_into
from tests.support.commands import gone
from tests.support.waiting import wait


class Handler(BaseHTTPRequestHandler):
    """Answers with the path, in chunks where it says so, and with 503 for what is missing."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.paths.append(self.path)
        self.send_response(503 if "missing" in self.path else 200)
        chunked, body = "chunked" in self.path, self.path.encode()
        name, value = ("Transfer-Encoding", "chunked") if chunked else ("Content-Length", str(len(body)))
        self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"1\r\n/\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body) - 1, body[1:]) if chunked else body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def echo():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.paths = []
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def connections(echo):
    connections = client.Client(echo.server_port, 3)
    yield connections
    connections.close()


def test_each_address_is_asked_once_and_answers_keep_their_order(echo, connections):
    paths = [f"/{number}{'?chunked' if number % 2 else ''}" for number in range(20)]
    answers = connections.ask(paths)

    assert [answer.body.decode() for answer in answers] == paths
    assert all(answer.seconds > 0 for answer in answers)
    assert Counter(echo.paths) == Counter(paths)


def test_wrong_status_ends_the_benchmark(connections):
    with pytest.raises(client.WrongAnswerError, match=r"/missing: .*503"):
        connections.ask(["/missing"])


@pytest.mark.parametrize(
    ("response", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", b"{}"),
        (b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n", b""),
    ],
)
def test_response_is_complete_where_its_head_says(response, body):
    assert client.read_body(response) == body
    assert all(client.read_body(response[:-cut]) is None for cut in range(1, 4))


def test_other_client_asks_again_and_again_until_the_block_ends(echo):
    with client.looping(echo.server_port, "/again"):
        wait(lambda: len(echo.paths) > 2)

    assert set(echo.paths) == {"/again"}


def test_no_server_is_left_behind():
    with pytest.raises(client.WrongAnswerError), servers.serve_bare() as server:
        server.ask(["/100"], status=304)

    assert gone(server.process.pid)


@pytest.mark.parametrize("serve", [datasette.serve_datasette, groonga.serve_groonga])
def test_server_that_is_not_installed_is_one_sentence(serve, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(servers.ServerError, match=r"^[^\n]+ can't be had here$"):
        serve(tmp_path / "corpus.db")


@pytest.mark.parametrize(
    ("total", "ids", "counts", "complaint"),
    [
        (2, ["b", "a"], {"x": 2, "y": 1}, None),
        (3, ["a", "b"], {"x": 2, "y": 1}, "the total is 2; groonga says 3"),
        (2, ["a", "c"], {}, "the ids are"),
        (2, ["a", "b"], {"x": 2, "y": 2}, "the counts are"),
        (2, ["a", "b"], {"x": 1, "y": 2}, "the counts are"),
    ],
)
def test_servers_must_agree(total, ids, counts, complaint):
    ours = content.Content(2, ["a", "b"], {"x": 2, "y": 1} if counts else {})
    theirs = content.Content(total, ids, counts)

    if complaint is None:
        content.compare_contents("/articles?q=a", ours, theirs, "groonga")
    else:
        with pytest.raises(client.WrongAnswerError, match=complaint):
            content.compare_contents("/articles?q=a", ours, theirs, "groonga")


class Fake:
    """A server that always answers the same."""

    def __init__(self, body):
        self.answer = client.Answer(0.001, b"", orjson.dumps(body))

    def ask(self, paths):
        return [self.answer] * len(paths)

    def time(self, paths, _headers, _status):
        return 1.0, self.ask(paths)


def test_different_totals_fail_before_a_time_is_printed(capsys):
    [question] = [question for question in QUESTIONS if question.name == "q"]
    ours = Fake({"total": 1, "items": [{"id": "a"}]})
    theirs = Fake([[0, 0, 0], [[[2], [], ["a"], ["b"]]]])
    fakes = {"bare": Fake({}), "uncached": ours, "cached": ours, "groonga": theirs}

    with pytest.raises(client.WrongAnswerError, match="groonga says 2"):
        costs.time_round(costs.Costs(), fakes, question, [{"w0": "word"}])
    assert capsys.readouterr().out == ""


def test_cached_answers_must_be_those_that_are_not_cached():
    fakes = {"uncached": Fake({"id": "a"}), "cached": Fake({"id": "b"})}

    with pytest.raises(client.WrongAnswerError, match="a cached answer differs"):
        costs.time_round(costs.Costs(), fakes, QUESTIONS[0], [{"id": "a"}])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_class_has_a_thousand_distinct_addresses_which_are_always_the_same(question):
    articles = [{"id": number, "cursor": number} for number in range(1_100)]
    addresses = question.addresses(draw_values(question, articles, 1_008))

    assert len(set(addresses)) == (1_008 if "{" in question.ours else 1)
    assert addresses == question.addresses(draw_values(question, articles, 1_008))


def test_questions_are_answered_from_generated_articles(settings, tmp_path):
    seed_into(settings, write(40, tmp_path / "articles", entities=200))
    api = Api(settings)
    totals = {
        question: sum(api.json(path).get("total", 1) for path in question.addresses(values))
        for question, values in draw_questions(api.json, 40, 3).items()
    }
    api.close()

    assert {question.name for question in costs.ASKED if not totals[question]} <= {"name prefix", "phrase"}


def test_tables_of_other_servers_have_all_rows(seeded):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(tables.TABLES)
        tables.insert_articles(connection, seeded.get("/articles.jsonl").content.splitlines())
        connection.executescript(tables.INDEXES)
        rows = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("article", "paragraph", "entity", "tag")
        }
        counts = connection.execute("SELECT id, articles FROM entity ORDER BY articles DESC, id LIMIT 20").fetchall()

    assert rows == {
        "article": seeded.json("/articles", limit=1)["total"],
        "paragraph": seeded.json("/paragraphs", limit=1)["total"],
        "entity": seeded.json("/entities", limit=1)["total"],
        "tag": seeded.json("/tags", limit=1)["total"],
    }
    assert counts == [(entity["id"], entity["count"]) for entity in seeded.json("/entities", limit=20)["items"]]


@pytest.mark.parametrize(
    ("rounds", "shown"),
    [([1.42, 1.5, 1.3], "1.42 ±.08"), ([0.28, 0.29, 0.28], ".280 ±.000"), ([1381.4], "1,381 ±0"), ([0], "0 ±0")],
)
def test_figure_is_a_median_with_its_spread(rounds, shown):
    assert str(figures.summarize(rounds)) == shown


def test_target_stands_beside_its_figure():
    assert figures.compare(12, 15) == "12.0 ≤ 15.0"
    assert figures.compare(figures.Figure(18, 1), 15) == "**18.0 ±1.0 > 15.0**"
    assert figures.compare(0.3, 0.3, at_least=True) == ".300 ≥ .300"
    assert figures.compare(0.2, 0.3, at_least=True) == "**.200 < .300**"


def test_percentile_is_the_smallest_value_that_so_many_do_not_exceed():
    assert figures.percentile([*range(100, 0, -1)], 99) == 99
    assert figures.percentile([3, 1, 2], 50) == 2


def test_gate_names_what_is_over_its_limit():
    ratios = {name: figures.Figure(limit, 0) for name, limit in asgi.LIMITS.items()}
    ratios["q"] = figures.Figure(asgi.LIMITS["q"] * 1.01, 0)

    assert asgi.find_slow(ratios) == ["q"]


def test_benchmark_knows_no_database_but_its_own(monkeypatch):
    environment = {"ARTICLES_DATABASE_URL": "sqlite:///mine.db", "articles_data": "x", "HOME": "h"}
    monkeypatch.setattr(os, "environ", environment)
    forget_settings()

    assert os.environ == {"HOME": "h"}
