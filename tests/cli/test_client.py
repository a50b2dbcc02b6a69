"""The client commands: they ask a running server, and say in a sentence what is wrong."""

import json
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from app.cli import client, commands
from app.cli.client import serves_another_corpus
from app.settings import Settings
from tests.conftest import SEEDS, seed_into
from tests.support.live import live
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    seed_into(settings, SEEDS)
    with live(settings) as url:
        yield url


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Wait for the server longer than the .3 and 2 seconds of a user's machine."""
    monkeypatch.setattr(client, "urlopen", lambda url, timeout: urlopen(url, timeout=PATIENCE))


def run(*arguments):
    return CliRunner().invoke(commands.app, arguments)


def test_ask_prints_the_answer_indented(server):
    result = run("ask", "/articles?q=missile&limit=1", "--url", server)

    assert result.exit_code == 0
    assert result.stdout.startswith('{\n  "items": [\n')
    assert len(json.loads(result.stdout)["items"]) == 1


def test_ask_takes_a_path_without_a_leading_slash(server):
    assert run("ask", "corpus", "--url", f"{server}/").stdout == run("ask", "/corpus", "--url", server).stdout


def test_ask_prints_a_problem_as_a_sentence_and_fails(server):
    missing, invalid = (run("ask", path, "--url", server) for path in ("/articles/none", "/articles?limit=1000"))

    assert (missing.exit_code, missing.stderr) == (1, "articles: There is no article 'none'.\n")
    assert invalid.exit_code == 1
    assert invalid.stderr.startswith("articles: `limit` ")


def test_ask_prints_a_page_that_is_not_json(server):
    assert "<html" in run("ask", "/docs", "--url", server).stdout


def test_health_says_ready(server):
    result = run("health", "--url", server)

    assert (result.exit_code, result.stdout) == (0, "ready\n")


@pytest.mark.parametrize("command", [["ask", "/corpus"], ["health"]], ids=" ".join)
def test_server_that_does_not_listen_is_named(command):
    result = run(*command, "--url", "http://127.0.0.1:1")

    assert result.exit_code == 1
    assert result.stderr == "articles: The server at http://127.0.0.1:1 does not answer: Connection refused.\n"


def test_a_server_of_another_corpus_is_noticed(server):
    revision = json.loads(run("ask", "/corpus", "--url", server).stdout)["revision"]["id"]

    assert serves_another_corpus(server, {"another"})
    assert not serves_another_corpus(server, {"another", revision})
    assert not serves_another_corpus("http://127.0.0.1:1", {"another"})
