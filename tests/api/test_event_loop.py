"""No query blocks the event loop: for the most expensive ones known, its thread makes few calls and searches nothing.

Calls are counted, as a busy machine changes how long they take. `tests.campaigns.fairness` measures the time.
"""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app.api import routing
from app.system import threads
from tests.benchmarks import asgi
from tests.benchmarks.generated import name
from tests.campaigns.fairness import long_articles, questions
from tests.conftest import Api, seed_into, write_documents

PARAGRAPHS, NAMES, PER_ARTICLE = 1_500, 12_000, 1_000

GZIP = [(b"accept-encoding", b"gzip")]

MOST_CALLS, CALLS_PER_CHARACTER = 5_000, 4
"""How often the event loop's thread may call a function, Python's or C's, for one question.

It may call more for a longer address, which it must parse: 1,000 facets take 3.4 calls for each character.
"""


def name_lists() -> Iterator[dict[str, Any]]:
    """Yield articles that name very many, each once."""
    for first in range(0, NAMES, PER_ARTICLE):
        text, mentions = "", []
        for number in range(first, first + PER_ARTICLE):
            entity = {"name": name(number), "type": "person"}
            mentions.append(
                {"paragraph": 0, "start": len(text), "end": len(text) + len(name(number)), "entity": entity}
            )
            text += f"{name(number)} "
        yield {"id": f"names-{first}", "title": "Names", "paragraphs": [{"text": text.strip()}], "mentions": mentions}


@pytest.fixture(scope="module")
def crowded(fresh, tmp_path_factory):
    """An application over a small corpus that has very many entities and some very long articles."""
    folder = tmp_path_factory.mktemp("crowded")
    settings = fresh(folder / "data", cache=0)
    seed_into(settings, write_documents(folder / "seeds", [*name_lists(), *long_articles(PARAGRAPHS)]))
    api = Api(settings)
    yield api
    api.close()


def ask(api: Api, url: str) -> None:
    status, *_ = api.loop.run_until_complete(asgi.ask(api.app, url, GZIP))
    assert status in (200, 404, 422)


def count_calls(api: Api, url: str) -> tuple[int, int]:
    """Return how many calls this thread, the event loop's, makes for a question, and how many of them search."""
    calls = searches = 0

    def count(_frame: Any, event: str, function: Any) -> None:
        nonlocal calls, searches
        calls += event in ("call", "c_call")
        searches += event == "c_call" and function.__qualname__ in ("Searcher.search", "Searcher.aggregate")

    sys.setprofile(count)
    try:
        ask(api, url)
    finally:
        sys.setprofile(None)
    return calls, searches


@pytest.mark.parametrize("kind", questions())
def test_expensive_query_takes_few_calls_of_the_event_loop(crowded: Api, kind: str) -> None:
    url = questions()[kind]
    ask(crowded, url)  # What is kept for each process and each revision is made.

    calls, searches = count_calls(crowded, url)

    assert calls < MOST_CALLS + CALLS_PER_CHARACTER * len(url)
    assert searches == 0


@pytest.mark.parametrize(
    "kind", ["60 misspelt words", "like a book", "a refrain", "all facets of paragraphs", "entities by name"]
)
def test_expensive_query_on_the_event_loop_would_be_noticed(crowded: Api, monkeypatch, kind: str) -> None:
    async def run_on_event_loop(work):
        return work()

    def no_loop():
        raise RuntimeError

    url = questions()[kind]
    ask(crowded, url)
    monkeypatch.setattr(routing, "run_in_low_priority_thread", run_on_event_loop)
    monkeypatch.setattr(threads, "get_running_loop", no_loop)  # `leave_event_loop` stays.

    calls, searches = count_calls(crowded, url)

    assert searches or calls > MOST_CALLS + CALLS_PER_CHARACTER * len(url)
