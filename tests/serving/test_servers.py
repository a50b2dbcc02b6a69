"""Real servers: what they answer while they start, while the corpus changes under them, and how they end."""

import json
import re
import shutil
import threading
import time
from contextlib import ExitStack, suppress
from importlib.util import find_spec

import httpx
import pytest

from app.main import create_app
from app.serving import service
from tests.conftest import every_database, seed_into
from tests.support.marked_corpus import other, write_marked
from tests.support.sockets import listening
from tests.support.waiting import PATIENCE, wait

LIVE = {"status": "live"}


def ready(server):
    """Tell whether a revision is served, by whichever worker answers a new connection."""
    with server.connect() as client:
        return client.get("/health/ready").status_code == 200


def test_port_opens_before_seeding_and_health_reports_progress(serve, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 300)
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
        assert any(re.search(r"[\d,]+ of 300", detail) for detail in details)
        assert not any("/" in detail for detail in details)
        assert server.get("/articles").json()["total"] == 300
        # FastAPI validates the parameters of exports itself, which builds its own field late (app/api/params.py).
        assert len(server.get("/articles.csv").text.splitlines()) == 301
        status, took, alone = server.stop()
        print(f"ended after {took:.2f} s")
        assert (status, alone) == (0, True)
    assert not any(words in server.log.read_text() for words in ("Context impl", "Warning"))


@pytest.mark.parametrize(("options", "total"), [([], 1), (["--follow-links"], 2)], ids=["default", "follow"])
def test_link_out_of_the_folder_is_followed_only_when_asked(serve, tmp_path, options, total):
    folder = write_marked(tmp_path / "alpha", "alpha", 1)
    (tmp_path / "secret.txt").write_text("Secret\n\nText.\n")
    (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    with serve("--seeds", folder, *options) as server:
        wait(lambda: ready(server))

        assert server.get("/articles").json()["total"] == total


def test_server_that_seeds_stops_and_leaves_no_process(serve, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 900)
    with serve("--seeds", folder) as server:
        wait(lambda: "of 900" in server.get("/health/ready").text)
        status, took, alone = server.stop()

        print(f"ended after {took:.2f} s")
        assert (status, alone) == (0, True)


@every_database
def test_server_follows_a_seeding_run_of_another_process(serve, variables, commands, tmp_path):
    folders = [write_marked(tmp_path / mark, mark, 20) for mark in ("alpha", "beta")]
    commands.run("seed", folders[0], **variables)
    with serve() as server:
        wait(lambda: ready(server))
        before = server.get("/articles")
        commands.run("seed", "--only", folders[1], **variables)
        took = wait(lambda: server.get("/corpus").json()["sources"][0]["value"] == "beta")
        print(f"shown {took * 1000:.0f} ms after the run had ended")

        assert server.get("/articles").headers["ETag"] != before.headers["ETag"]


def test_old_revision_is_served_if_new_files_are_bad_or_the_database_is_gone(serve, settings, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 20)
    seed_into(settings, folder)
    (folder / "0000.json").write_text("{")
    with serve("--seeds", folder, "--strict") as server:
        wait(lambda: "Seeding failed: the corpus of an earlier run is still served" in server.log.read_text())
        wait(lambda: ready(server))

        assert server.get("/articles").json()["total"] == 20
        assert f"{folder}/0000.json:1: " in server.log.read_text()
        shutil.rmtree(settings.data)
        wait(lambda: "has lost its file" in server.log.read_text())
        assert server.get("/articles?include=paragraphs").json()["total"] == 20
        assert server.stop()[0] == 0


ADDRESSES = (
    "/articles?include=paragraphs&limit=30",
    "/paragraphs?limit=50&sort=title",
    "/entities",
    "/tags",
    "/corpus",
    "/articles/article-7",
    "/articles/article-7/paragraphs/2",
    "/articles?q=piece&facet=tag&facet=entity",
)


def find_marks(answer):
    """Return the marks of the corpora that an answer has parts of."""
    # What earlier revisions changed names them.
    text = json.dumps(answer.json() | {"changes": None}).lower()
    return {mark for mark in ("alpha", "beta") if mark in text}


@every_database
def test_no_answer_mixes_two_revisions_while_two_workers_follow(serve, variables, commands, tmp_path):
    folders = {mark: write_marked(tmp_path / mark, mark, 40) for mark in ("alpha", "beta")}
    commands.run("seed", folders["alpha"], **variables)
    answers, over = [], threading.Event()

    def ask(server):
        while not over.wait(0.1):
            for address in ADDRESSES:
                # On a connection of its own, so that both workers answer, and none is closed because it was idle.
                with server.connect() as client:
                    answers.append(client.get(address))

    with serve("--workers", "2") as server:
        wait(lambda: server.log.read_text().count("Serving revision") == 2)
        asking = [threading.Thread(target=ask, args=[server]) for _ in range(2)]
        for thread in asking:
            thread.start()
        mark = "alpha"
        for _ in range(2):
            mark = other(mark)
            ended = commands.run("seed", "--only", folders[mark], **variables)
            assert ended.status == 0
            first = len(answers)
            wait(lambda mark=mark, first=first: any({mark} == find_marks(answer) for answer in answers[first:]))
        over.set()
        for thread in asking:
            thread.join()
        status, took, alone = server.stop()

    print(f"{len(answers)} answers, the corpus changed twice; ended after {took:.2f} s")
    assert {answer.status_code for answer in answers} == {200}
    assert all(len(find_marks(answer)) == 1 for answer in answers)
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
def test_uvicorn_and_fastapi_run_seed_and_serve_the_example_articles(serve, command):
    with serve(command=command) as server:
        wait(lambda: ready(server))

        assert server.get("/articles").json()["total"] == 36


def test_server_that_starts_over_an_index_never_answers_503(settings, tmp_path, monkeypatch):
    # However long a busy machine takes to open the index.
    monkeypatch.setattr(service, "OPENING_SECONDS", PATIENCE)
    seed_into(settings, write_marked(tmp_path / "alpha", "alpha", 100))
    with listening(create_app(settings), lifespan="on") as listener:
        paths = ("/articles", "/corpus", "/health/ready")
        answers = [
            httpx.get(f"http://127.0.0.1:{listener.port}{path}", timeout=PATIENCE, verify=False) for path in paths
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_once_a_worker_is_ready_all_of_them_answer(settings, tmp_path, monkeypatch):
    # However long a busy machine takes to open the index.
    monkeypatch.setattr(service, "OPENING_SECONDS", PATIENCE)
    folder = write_marked(tmp_path / "alpha", "alpha", 20)
    # Each worker looks for a new index at a moment of its own, up to a second apart.
    settings = settings.model_copy(update={"seeds": folder, "refresh": 1})

    def get_status(listener, path):
        return httpx.get(f"http://127.0.0.1:{listener.port}{path}", timeout=PATIENCE, verify=False).status_code

    with ExitStack() as stack:
        workers = [stack.enter_context(listening(create_app(settings), lifespan="on")) for _ in range(2)]
        wait(lambda: any(get_status(worker, "/health/ready") == 200 for worker in workers))
        statuses = [get_status(worker, "/articles") for worker in workers]

    assert statuses == [200, 200]


@every_database
def test_revision_never_goes_back_within_a_connection(serve, variables, commands, tmp_path):
    folders = {mark: write_marked(tmp_path / mark, mark, 20) for mark in ("alpha", "beta")}
    commands.run("seed", folders["alpha"], **variables)
    numbers, over = [], threading.Event()

    def ask(server):
        while not over.is_set():
            seen = []
            numbers.append(seen)
            # A server that gets no CPU for five seconds closes the connection, as it takes it for an idle one.
            with server.connect() as client, suppress(httpx.RemoteProtocolError):
                while not over.wait(0.02):
                    seen.append(client.get("/corpus").json()["revision"]["number"])

    with serve("--workers", "2") as server:
        wait(lambda: server.log.read_text().count("Serving revision") == 2)
        clients = [threading.Thread(target=ask, args=[server]) for _ in range(2)]
        for thread in clients:
            thread.start()
        for mark in ("beta", "alpha", "beta"):
            commands.run("seed", "--only", folders[mark], **variables)
        wait(lambda: server.get("/corpus").json()["revision"]["number"] == 4)
        over.set()
        for thread in clients:
            thread.join()

    assert max(map(len, numbers)) > 1
    assert all(seen == sorted(seen) for seen in numbers)
