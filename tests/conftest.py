"""What tests share: a corpus made of documents, and a client that asks the real application about it."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.database import migrate, open_database
from app.main import create_app
from app.search.follow import follow
from app.seeding.store import Outcome, seed
from app.settings import Settings

SEEDS = Path(__file__).parent.parent / "seeds"
SHARED = Path(__file__).parent.parent.parent / "shared"


class Api:
    """The real application over a real database and a real index, asked without sockets."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = create_app(settings)
        self.service = self.app.state.service
        self.service.prepare()
        self.service.step()
        self.loop = asyncio.new_event_loop()
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://test", headers={"Accept-Encoding": "identity"}
        )

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return self.loop.run_until_complete(self.client.request(method, url, **options))

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def json(self, url: str, **parameters: Any) -> Any:
        """The answer to a question that must succeed."""
        answer = self.get(url, params=parameters or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def walk(self, url: str, **parameters: Any) -> list[Any]:
        """The items of all pages, from the first to the last."""
        page = self.json(url, **parameters)
        items = page["items"]
        while page["next"]:
            page = self.json(page["next"])
            items += page["items"]
        return items

    def seed(self, *paths: Path, **options: Any) -> Outcome:
        """Seed, let the index follow, and serve the new revision."""
        outcome = seed_into(self.settings, *paths, **options)
        self.service.step()
        return outcome

    def close(self) -> None:
        self.loop.run_until_complete(self.client.aclose())
        self.loop.close()
        self.service.close()


def seed_into(settings: Settings, *paths: Path, **options: Any) -> Outcome:
    """What `articles seed` does."""
    engine = open_database(settings.database)
    try:
        migrate(engine)
        outcome = seed(engine, paths, language=settings.language, root_path=settings.root_path, **options)
        follow(engine, settings.index)
    finally:
        engine.dispose()
    return outcome


def write_documents(folder: Path, documents: Sequence[dict[str, Any]], *, builtin: bool = False) -> Path:
    """A folder with these article documents in one JSONL file; without the built-in catalogue."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(document, ensure_ascii=False) for document in documents]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    if not builtin:
        (folder / "entities.yaml").write_text("builtin: false\nentities: []\n")
        (folder / "tags.yaml").write_text("builtin: false\ntags: []\n")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    """An application over an empty corpus: `api.seed(folder)` fills it."""
    api = Api(settings)
    yield api
    api.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An application over the project's own seeds."""
    settings = Settings(data=tmp_path_factory.mktemp("seeds"))
    seed_into(settings, SEEDS)
    api = Api(settings)
    yield api
    api.close()
