"""`serve --watch` takes up files that are added, changed or deleted, one seeding run at a time."""

import asyncio
import json
from contextlib import suppress

import pytest

from app.serving import watching
from app.serving.bootstrap import Bootstrap
from app.serving.watching import FolderWatcher
from app.settings import Settings
from tests.support.servers import serving
from tests.support.waiting import PATIENCE, wait


def write(path, title):
    path.write_text(json.dumps({"title": title, "text": "Text."}))


def test_files_that_are_added_changed_broken_and_deleted_are_taken_up_while_serving(variables, tmp_path):
    folder, log = tmp_path / "articles", tmp_path / "server.log"
    (folder / "in").mkdir(parents=True)
    write(folder / "a.json", "First")

    def titles():
        answer = server.get("/articles?sort=title")
        return [item["title"] for item in answer.json()["items"]] if answer.status_code == 200 else None

    with serving(log, "--seeds", folder, "--watch", **variables) as server:
        wait(lambda: titles() == ["First"])
        write(folder / "in" / "b.json", "Second")
        write(folder / "a.json", "Third")
        (folder / "c.json").write_text("{")
        wait(lambda: titles() == ["Second", "Third"] and "not served or only in part: 1." in log.read_text())
        (folder / "c.json").unlink()
        (folder / "a.json").unlink()
        wait(lambda: titles() == ["Second"])
        status, _, is_gone = server.stop()

    assert (status, is_gone) == (0, True)


class CountingBootstrap(Bootstrap):
    """Counts the runs that begin, and those that are under way together."""

    running = most = begun = 0

    async def run_seeding(self, *_arguments):
        self.begun += 1
        self.running += 1
        self.most = max(self.most, self.running)
        for _ in range(5):
            if self.begun < 3:
                ReportedChanges.newest.changed.set()
            await asyncio.sleep(0)
        self.running -= 1


class ReportedChanges:
    """Reports changes when a test says so; a busy machine may report those of one run in several events."""

    def __init__(self, _folder, _data):
        self.changed = asyncio.Event()
        ReportedChanges.newest = self

    async def run(self):
        await asyncio.Event().wait()


def test_changes_during_a_run_lead_to_one_more_run(tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "FolderWatcher", ReportedChanges)
    settings = Settings(data=tmp_path / "data", seeds=tmp_path, watch=True)
    bootstrap = CountingBootstrap(settings, None, print)

    async def run():
        task = asyncio.create_task(bootstrap.run())
        for _ in range(1_000):
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(run())

    assert (bootstrap.begun, bootstrap.most) == (3, 1)


@pytest.mark.parametrize(
    ("name", "is_noticed"),
    [("a.json", True), ("in/defaults.yaml", True), ("data/articles.db", False), (".a.swp", False), ("a.log", False)],
)
def test_only_changes_that_seeding_does_not_make_itself_are_noticed(tmp_path, name, is_noticed):
    for folder in ("in", "data"):
        (tmp_path / folder).mkdir()

    async def change():
        watcher = FolderWatcher(tmp_path, tmp_path / "data")
        task = asyncio.create_task(watcher.run())
        # Nothing says when the folder is watched: what is to be noticed is written until then.
        for _ in range(PATIENCE if is_noticed else 2):
            (tmp_path / name).write_text("x")
            with suppress(TimeoutError):
                await asyncio.wait_for(watcher.changed.wait(), 1)
                break
        task.cancel()
        return watcher.changed.is_set()

    assert asyncio.run(change()) is is_noticed


def test_watching_without_seeds_says_what_is_missing(commands):
    ended = commands.run("serve", "--watch")

    assert (ended.status, ended.err) == (1, "articles: There is no folder to watch; expected --seeds FOLDER.\n")
