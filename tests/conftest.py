"""Fixtures of all tests: new databases, a corpus made of documents, and the application that answers from it."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
from hypothesis import HealthCheck

from app.database.migrations import migrate
from app.main import create_app
from app.search.index.updater import update_index
from app.seeding.annotators import plugins
from app.seeding.seed import Outcome, seed
from app.serving.local_database import open_local_database
from app.settings import Rules, Settings
from app.system import threads
from app.system.gc import exclude_from_gc
from tests.support.client import Client
from tests.support.commands import Commands
from tests.support.new_database import create_database
from tests.support.postgres import databases
from tests.support.waiting import PATIENCE

SEEDS = Path(__file__).parent.parent / "seeds"
SHARED = Path(__file__).parent.parent.parent / "shared"


# Each example seeds a corpus of its own; how long it takes depends on how busy the machine is.
hypothesis.settings.register_profile(
    "tests", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
hypothesis.settings.load_profile("tests")


class Api(Client):
    """The real application over a real database and a real index, asked without sockets."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        create_database(settings)
        self.app = create_app(settings)
        self.service = self.app.state.service
        self.service.open()
        self.service.refresh()
        self.loop = asyncio.new_event_loop()
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://test", headers={"Accept-Encoding": "identity"}
        )

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return self.loop.run_until_complete(self.client.request(method, url, **options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def seed(self, *paths: Path, rules: Rules = "off", **options: Any) -> Outcome:
        """Seed, and serve the new revision; on open connections, which takes a third less than `seed_into`.

        Without rules, unless a test asks for them: most are about names that they bring along.
        """
        language, root_path = self.settings.language, self.settings.root_path
        options |= {"rules": rules, "language": language, "root_path": root_path}
        outcome = seed(self.service.local.database, paths, **options)
        self.service.refresh()
        return outcome

    def close(self) -> None:
        self.loop.run_until_complete(self.client.aclose())
        self.loop.close()
        self.service.close()


def seed_into(settings: Settings, *paths: Path, rules: Rules = "off", **options: Any) -> Outcome:
    """Do what `articles seed` does, without rules unless a test asks for them, and let the index follow."""
    options |= {"rules": rules, "language": settings.language, "root_path": settings.root_path}
    create_database(settings)
    corpus = open_local_database(settings)
    try:
        corpus.open()
        migrate(corpus.database)
        outcome = seed(corpus.database, paths, **options)
        corpus.sync(lambda done, total: None)
        if corpus.engine:
            update_index(corpus.engine, settings.index)
    finally:
        corpus.close()
    return outcome


def write_documents(folder: Path, documents: Sequence[dict[str, Any]], *, builtin: bool = False) -> Path:
    """Write these article documents into one JSONL file of a folder, and switch off the built-in catalogue."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(document, ensure_ascii=False) for document in documents]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    if not builtin:
        (folder / "entities.yaml").write_text("builtin: false\nentities: []\n")
        (folder / "tags.yaml").write_text("builtin: false\ntags: []\n")
    return folder


@contextmanager
def serving_documents(settings: Settings, documents: Sequence[dict[str, Any]]) -> Iterator[Api]:
    """Seed these documents, and yield the application over them: for fixtures of modules whose tests only read."""
    api = Api(settings)
    api.seed(write_documents(settings.data.parent / "seeds", documents))
    yield api
    api.close()


Fresh = Callable[..., Settings]
"""Returns settings with this data folder, a new database, and whatever else is named."""


@pytest.fixture(scope="session")
def fresh(request: pytest.FixtureRequest) -> Iterator[Fresh]:
    if request.param == "sqlite":
        yield lambda data, **more: Settings(data=data, **more)
    else:
        with databases() as create:
            yield lambda data, **more: Settings(data=data, database_url=create(), **more)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect tests without the garbage collector, and keep what this makes out of all its later runs: a fifth less."""
    with exclude_from_gc():
        return (yield)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on the databases that its mark names; without one, on SQLite."""
    if "fresh" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("fresh", mark.args if mark else ["sqlite"], indirect=True, scope="session")


every_database = pytest.mark.databases("sqlite", "postgresql")
"""Marks tests of what is written to databases, which run on each of them.

All questions are answered from SQLite, be it a copy of a corpus in PostgreSQL: tests/serving/test_equal_answers.py
shows that such a copy gives the same answers, whatever the corpus.
"""


@pytest.fixture(scope="session", autouse=True)
def known_plugins() -> Iterator[None]:
    """Look for installed annotators once: a look takes 12 ms, and a seeding run two. Other paths are searched."""
    installed, paths = plugins.entry_points(group=plugins.GROUP), [*sys.path]

    def find_entry_points(*, group: str) -> Any:
        return installed if sys.path == paths else entry_points(group=group)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(plugins, "entry_points", find_entry_points)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_niceness() -> Iterator[None]:
    """Let threads of slow queries keep their priority: beside other processes, tests would wait 30 times as long."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(threads, "NICENESS", 0)
        yield


@pytest.fixture(autouse=True)
def same_variables() -> Iterator[None]:
    """Fail where a test leaves ARTICLES_* variables, as `articles serve` does: later servers would get them."""

    def list_variables() -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name.startswith("ARTICLES_")}

    before = list_variables()
    yield
    assert list_variables() == before


@pytest.fixture
def settings(fresh: Fresh, tmp_path: Path) -> Settings:
    return fresh(tmp_path / "data")


@pytest.fixture
def variables(settings: Settings) -> dict[str, Any]:
    """The ARTICLES_* variables that lead a command, or a server, to the corpus of the settings.

    On SQLite, a run waits for another one longer than the usual ten seconds: a busy machine may need them.
    """
    return {"data": settings.data, "database_url": settings.database_url or f"{settings.database}?timeout={PATIENCE}"}


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """The `articles` command, run in processes of its own."""
    return Commands(tmp_path_factory.mktemp("commands"))


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    """The application over an empty corpus; `api.seed(folder)` fills it."""
    api = Api(settings)
    yield api
    api.close()


@pytest.fixture(scope="session")
def seeded(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The application over the example articles."""
    settings = fresh(tmp_path_factory.mktemp("seeds"))
    seed_into(settings, SEEDS)
    api = Api(settings)
    yield api
    api.close()
