"""Real servers: what they answer while they start, while the corpus changes under them, and how they end."""

import re
import shutil
import threading
import time
from importlib.util import find_spec

import httpx
import pytest

from tests.conftest import only_sqlite, seed_into
from tests.support.commands import Commands
from tests.support.marked_corpus import other, write_marked
from tests.support.servers import serving, wait

LIVE = {"status": "live"}


@pytest.fixture
def serve(tmp_path, settings):
    """Serve the test's own corpus; more may be told."""
    return lambda *arguments, **more: serving(tmp_path / "server.log", *arguments, **told(settings) | more)


def told(settings):
    """The variables that lead a command to the test's own corpus."""
    return {"data": settings.data, "database_url": settings.database_url}


@pytest.fixture
def commands(tmp_path):
    commands = Commands(tmp_path)
    yield commands
    commands.close()


def ready(server):
    """Whether a revision is served, by whichever worker answers a new connection."""
    with httpx.Client(base_url=server.client.base_url, timeout=10) as client:
        return client.get("/health/ready").status_code == 200


def test_the_port_opens_first_and_tells_how_far_it_is(serve, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 900)
    details = []
    with serve("--seeds", folder) as server:
        live = server.get("/health/live")
        # The list is asked first: it may be there when the second answer comes, but not before.
        while [listed := server.get("/articles"), answer := server.get("/health/ready")][1].status_code != 200:
            details.append(answer.json()["detail"])
            assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
            assert listed.status_code == 503
            time.sleep(0.02)

        assert (live.status_code, live.json()) == (200, LIVE)
        assert any(re.search(r"[\d,]+ of 900", detail) for detail in details)
        assert not any("/" in detail for detail in details)
        assert server.get("/articles").json()["total"] == 900
        status, took, alone = server.stop()
        print(f"ended after {took:.2f} s")
        assert (status, alone) == (0, True)
    assert "Context impl" not in server.log.read_text()


@pytest.mark.parametrize(("options", "total"), [([], 1), (["--follow-links"], 2)], ids=["default", "follow"])
def test_a_link_out_of_the_folder_takes_nothing_down_and_is_followed_when_asked(serve, tmp_path, options, total):
    folder = write_marked(tmp_path / "alpha", "alpha", 1)
    (tmp_path / "secret.txt").write_text("Secret\n\nText.\n")
    (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    with serve("--seeds", folder, *options) as server:
        wait(lambda: ready(server), 60)

        assert server.get("/articles").json()["total"] == total


def test_it_ends_at_once_while_it_seeds_and_leaves_no_process_behind(serve, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 900)
    with serve("--seeds", folder) as server:
        wait(lambda: "seeding" in server.get("/health/ready").json()["detail"], 30)
        status, took, alone = server.stop()

        print(f"ended after {took:.2f} s")
        assert (status, alone) == (0, True)


def test_another_process_seeds_and_the_server_shows_it_within_a_second(serve, settings, commands, tmp_path):
    folders = [write_marked(tmp_path / mark, mark, 20) for mark in ("alpha", "beta")]
    commands.run("seed", folders[0], **told(settings))
    with serve() as server:
        wait(lambda: ready(server), 20)
        before = server.get("/articles")
        commands.run("seed", "--only", folders[1], **told(settings))
        took = wait(lambda: server.get("/corpus").json()["sources"][0]["value"] == "beta", 5)
        print(f"shown {took * 1000:.0f} ms after the run had ended")

        assert server.get("/articles").headers["ETag"] != before.headers["ETag"]


@only_sqlite
def test_what_was_there_is_served_when_new_files_are_bad_and_when_the_database_is_gone(serve, settings, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 20)
    seed_into(settings, folder)
    (folder / "0000.json").write_text("{")
    with serve("--seeds", folder, "--strict") as server:
        wait(lambda: "Seeding failed: the corpus of an earlier run goes on" in server.log.read_text(), 20)

        assert server.get("/articles").json()["total"] == 20
        assert f"{folder}/0000.json:1: " in server.log.read_text()
        shutil.rmtree(settings.data)
        wait(lambda: "has lost its file" in server.log.read_text(), 5)
        assert server.get("/articles?include=paragraphs").json()["total"] == 20
        assert server.stop()[0] == 0


ADDRESSES = (
    "/articles?include=paragraphs&limit=30", "/paragraphs?limit=50&sort=title", "/entities", "/tags", "/corpus",
    "/articles/article-7", "/articles/article-7/paragraphs/2", "/articles?q=piece&facet=tag&facet=entity",
)  # fmt: skip


def test_no_answer_mixes_two_revisions_while_two_workers_follow(serve, settings, commands, tmp_path):
    folders = {mark: write_marked(tmp_path / mark, mark, 40) for mark in ("alpha", "beta")}
    commands.run("seed", folders["alpha"], **told(settings))
    answers, over = [], threading.Event()

    def ask(server):
        while not over.is_set():
            # Each on a connection of its own, so that both workers answer.
            with httpx.Client(base_url=server.client.base_url, timeout=10) as client:
                answers.extend(client.get(address) for address in ADDRESSES)

    with serve("--workers", "2") as server:
        wait(lambda: server.log.read_text().count("Serving revision") == 2, 30)
        asking = [threading.Thread(target=ask, args=[server]) for _ in range(2)]
        for thread in asking:
            thread.start()
        mark = "alpha"
        for _ in range(6):
            mark = other(mark)
            ended = commands.run("seed", "--only", folders[mark], **told(settings))
            assert ended.status == 0
        time.sleep(1)
        over.set()
        for thread in asking:
            thread.join()
        status, took, alone = server.stop()

    marks = [{mark for mark in folders if mark in answer.text.lower()} for answer in answers]
    print(f"{len(answers)} answers, the corpus changed 6 times; ended after {took:.2f} s")
    assert {answer.status_code for answer in answers} == {200}
    assert all(len(found) == 1 for found in marks)
    assert {mark for found in marks for mark in found} == set(folders)
    assert (status, alone) == (0, True)


FASTAPI = pytest.mark.skipif(not find_spec("fastapi_cli"), reason="FastAPI's own command is not installed.")


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "uvicorn", "app.main:app", "--port"),
        pytest.param(("-m", "fastapi", "run", "--port"), marks=FASTAPI),
    ],
    ids=["uvicorn", "fastapi"],
)
def test_other_ways_to_start_it_seed_and_serve_the_own_articles(serve, command):
    with serve(command=command) as server:
        wait(lambda: ready(server), 40)

        assert server.get("/articles").json()["total"] == 36


def test_a_server_that_starts_over_an_index_never_answers_503(serve, settings, tmp_path):
    seed_into(settings, write_marked(tmp_path / "alpha", "alpha", 300))
    with serve("--workers", "2") as server:
        addresses = ("/articles", "/corpus", "/health/ready") * 8
        answers = [httpx.get(server.client.base_url.join(address)) for address in addresses]

        assert [answer.status_code for answer in answers] == [200] * 24


def test_once_a_worker_is_ready_all_of_them_answer(serve, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 20)
    # Each worker looks for a new index at a moment of its own, up to two seconds apart.
    with serve("--workers", "2", "--seeds", folder, refresh=2) as server:
        wait(lambda: ready(server), 30)
        answers = [httpx.get(server.client.base_url.join("/articles")) for _ in range(20)]

        assert [answer.status_code for answer in answers] == [200] * 20


def test_what_a_connection_has_seen_does_not_go_back(serve, settings, commands, tmp_path):
    folders = {mark: write_marked(tmp_path / mark, mark, 20) for mark in ("alpha", "beta")}
    commands.run("seed", folders["alpha"], **told(settings))
    numbers, over = [], threading.Event()

    def ask(server):
        with httpx.Client(base_url=server.client.base_url, timeout=10) as client:
            seen = []
            while not over.is_set():
                seen.append(client.get("/corpus").json()["revision"]["number"])
            numbers.append(seen)

    with serve("--workers", "2") as server:
        wait(lambda: ready(server), 30)
        clients = [threading.Thread(target=ask, args=[server]) for _ in range(4)]
        for thread in clients:
            thread.start()
        for mark in ("beta", "alpha", "beta"):
            commands.run("seed", "--only", folders[mark], **told(settings))
        wait(lambda: server.get("/corpus").json()["revision"]["number"] == 4, 10)
        over.set()
        for thread in clients:
            thread.join()

    assert all(seen == sorted(seen) for seen in numbers)
