"""Seeding at startup: no automatic step removes what a user seeded, whichever of the two comes first."""

import asyncio
import logging
import random
import threading
import time
from contextlib import ExitStack

import psutil
import pytest

from app.database.engine import open_database, write_transaction
from app.database.migrations import migrate
from app.seeding.seed import seed
from app.serving.bootstrap import Bootstrap
from tests.conftest import SEEDS, every_database
from tests.support.marked_corpus import write_marked
from tests.support.servers import serving
from tests.support.waiting import wait

OWN = sum(1 for path in SEEDS.iterdir() if path.suffix in (".txt", ".md", ".json") and path.name != "README.md")
"""How many articles come with the project."""


@every_database
def test_example_articles_are_not_seeded_beside_a_run_of_the_user(settings, variables, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 40)
    log = tmp_path / "server.log"
    engine = open_database(settings.database)
    with ExitStack() as stack:
        servers = []

        def start_server(done, total):
            # The user's run is not yet committed: the database still looks empty to the server.
            if done == total and not servers:
                servers.append(stack.enter_context(serving(log, **variables)))
                wait(lambda: seeding_process(servers[0].process))

        migrate(engine)
        outcome = seed(engine, [folder], progress=start_server)
        wait(lambda: seeding_process(servers[0].process) is None)

        assert outcome.added == 40
        wait(lambda: servers[0].get("/health/ready").status_code == 200)
        assert servers[0].get("/corpus").json()["articles"] == 40
        assert "nothing was seeded" in log.read_text()
    engine.dispose()


def seeding_process(server):
    """Return the process in which a server seeds, or None."""
    children = psutil.Process(server.pid).children(recursive=True)
    return next((child for child in children if "seed" in command_line(child)), None)


def command_line(process):
    """Return the arguments of a process; none of one that has ended."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


@every_database
def test_seeding_and_starting_at_random_moments_lose_nothing(variables, commands, tmp_path):
    folder = write_marked(tmp_path / "alpha", "alpha", 60)
    moments = random.Random(f"moments of {variables['database_url'][:6]}")
    ended = []

    def seed_folder():
        time.sleep(moments.uniform(0, 2))
        # On a busy machine the server's run may take longer than the ten seconds that another one waits in PostgreSQL.
        while not ended or "is locked" in ended[-1].err:
            ended.append(commands.run("seed", folder, **variables))

    user = threading.Thread(target=seed_folder)
    user.start()
    time.sleep(moments.uniform(0, 2))
    with serving(tmp_path / "server.log", **variables) as server:
        user.join()
        wait(lambda: seeding_process(server.process) is None)

        assert (ended[-1].status, ended[-1].err) == (0, "")
        wait(lambda: alpha_articles(server) == 60)
        assert server.get("/corpus").json()["articles"] in (60, 60 + OWN)


@pytest.mark.parametrize("strict", [False, True])
def test_a_bad_file_among_seeds_is_logged_and_keeps_the_others_only_with_strict(variables, tmp_path, strict):
    folder = write_marked(tmp_path / "alpha", "alpha", 3)
    (folder / "bad.txt").write_bytes(b"Title\n\n\x00")
    log = tmp_path / "server.log"
    with serving(log, "--seeds", folder, *(["--strict"] if strict else []), **variables) as server:
        if strict:
            wait(lambda: "Seeding failed: nothing is served." in log.read_text())
        else:
            wait(lambda: server.get("/health/ready").status_code == 200)
            wait(lambda: "not served or only in part: 1. 1: There is" in log.read_text())
        ready = server.get("/health/ready")

    message = "There is a control character, U+0000; expected text."
    assert ready.status_code == (503 if strict else 200)
    if not strict:
        assert ready.json()["refused"] == {"files": 1, "reasons": [{"message": message, "files": 1}]}
        assert f"1: {message}" in log.read_text()


def alpha_articles(server):
    """Return how many of the user's articles are served."""
    answer = server.get("/articles?source=alpha&limit=1")
    return answer.json()["total"] if answer.status_code == 200 else None


def test_a_worker_that_is_replaced_does_not_seed_again(variables, commands, tmp_path):
    folders = [write_marked(tmp_path / mark, mark, 30) for mark in ("alpha", "beta")]
    for path in folders[1].glob("*.json"):
        path.write_text(path.read_text().replace("article-", "beta-"))
    log = tmp_path / "server.log"
    with serving(log, "--workers", "2", "--seeds", folders[0], **variables) as server:
        wait(lambda: alpha_articles(server) == 30)
        wait(lambda: seeding_process(server.process) is None)
        assert commands.run("seed", folders[1], **variables).status == 0
        parent = psutil.Process(server.process.pid)
        parent.children()[0].kill()
        wait(lambda: "not seeded again" in log.read_text())

        wait(lambda: server.get("/corpus").json().get("articles") == 60)
        # Workers are forked: to load the application anew takes twice the time and memory.
        assert [command_line(worker) for worker in parent.children()] == [command_line(parent)] * 2


def test_killed_seeding_process_is_explained_in_the_log(settings, variables, tmp_path, caplog):
    seeds = write_marked(tmp_path / "alpha", "alpha", 1)
    settings = settings.model_copy(update={"seeds": seeds, "database_url": variables["database_url"]})
    engine = open_database(settings.database_url)
    migrate(engine)
    statuses = []

    async def kill_seeding():
        run = asyncio.create_task(Bootstrap(settings, engine, statuses.append).run())
        while not (process := seeding_process(psutil.Process())):  # noqa: ASYNC110  (Processes tell nobody that they start.)
            await asyncio.sleep(0.01)
        process.kill()
        await run

    # The process waits for this transaction, so it is there until it is killed.
    with write_transaction(engine), caplog.at_level(logging.ERROR):
        asyncio.run(kill_seeding())

    assert "The process that seeds was killed, as the operating system does when memory runs out" in caplog.text
    assert statuses[-1] == "The articles could not be seeded; the log of the service says why."
