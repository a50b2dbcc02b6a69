"""The first requests after a re-seed: when the new revision shows, and what each first answer takes."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.http.load import WrongAnswerError
from tests.benchmarks.http.questions import QUESTIONS
from tests.benchmarks.http.same_answers import good
from tests.benchmarks.http.servers import ASKING, Server, on_core, ours

ADDED = {
    "id": "added", "title": "Added while a server runs", "text": "One article more.", "published_at": "2026-01-01",
}  # fmt: skip


def seed(data: Path, *folders: Path) -> None:
    """Bring the database in this folder to these articles, by the project's own command."""
    command = [sys.executable, "-m", "app", "seed", *map(str, folders)]
    environment = os.environ | {"ARTICLES_DATA": str(data)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def milliseconds(server: Server, path: str) -> float:
    """What one answer takes."""
    start = time.perf_counter()
    good(server, path)
    return (time.perf_counter() - start) * 1000


def first_answers(articles: Path, data: Path, scratch: Path) -> tuple[float, dict[str, tuple[float, float]]]:
    """How long after its seeding a revision shows, in milliseconds; and what its first and second answers take.

    It works on a copy of the database, which has one article more then.
    """
    copy, added = scratch / "reseeded", scratch / "added"
    shutil.copytree(data, copy)
    added.mkdir()
    (added / "added.json").write_text(json.dumps(ADDED), encoding="utf-8")
    with ours("cached", copy, cache=64) as server:
        for question in QUESTIONS:
            good(server, question.ours)
        before = good(server, "/tags?limit=1").headers["etag"]
        with on_core(ASKING):
            seed(copy, articles, added)
        seeded = time.perf_counter()
        while good(server, "/tags?limit=1").headers["etag"] == before:
            if time.perf_counter() - seeded > 60:
                raise WrongAnswerError("A new revision is not shown within a minute.")
            time.sleep(0.005)
        shown = (time.perf_counter() - seeded) * 1000
        first = {it.name: milliseconds(server, it.ours) for it in QUESTIONS}
        second = {it.name: min(milliseconds(server, it.ours) for _ in range(5)) for it in QUESTIONS}
        if good(server, "/articles").json()["items"][0]["id"] != ADDED["id"]:
            raise WrongAnswerError("The article that was added is not the newest.")
    return shown, {name: (first[name], second[name]) for name in first}
