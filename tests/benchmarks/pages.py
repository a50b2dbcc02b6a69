"""CPU time and compressed size of the reader's pages, by kind of page, each asked for the first time.

    uv run --group test python -m tests.benchmarks.pages [ARTICLES] [--keep FOLDER] [--only WORDS]

Without a number: 20,000 generated articles. Each kind has 36 distinct addresses, where it has so many, and no response
is cached, not even one of the API that two pages ask for. The CPU time of all threads is measured.
"""

import argparse
import re
import time
from collections.abc import Callable, Iterator
from gzip import compress
from html import unescape
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from app.settings import Settings
from app.system.gc import relaxed_gc
from app.web.templating import STATIC
from tests.benchmarks.asgi import ask
from tests.benchmarks.corpus import make_corpus, open_folder
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.figures import compare, format_number, percentile, print_table
from tests.benchmarks.generated import ENTITIES, TAGS, name
from tests.benchmarks.questions import COMMON, RARE, USUAL, Values
from tests.conftest import Api

ADDRESSES = 36
"""Distinct addresses of a kind."""

TARGET = 30
"""Milliseconds of CPU time that a page takes, at most."""

SIZE = 60
"""Kilobytes of a page with style sheet and script, compressed, at most."""

GZIP = ((b"accept-encoding", b"gzip"), (b"accept", b"text/html"))


NEXT = re.compile('rel="next" href="([^"]+)"')


class PageKind(NamedTuple):
    """A kind of page, and the address in which values are put."""

    name: str
    address: str
    is_later: bool = False
    """Whether the page after the one of the address is measured."""


KINDS = (
    PageKind("home", "/index.html"),
    PageKind("search, everything", "/articles.html"),
    PageKind("search, everything, a later page", "/articles.html?limit={limit}", is_later=True),
    PageKind("search, a word", "/articles.html?q={usual}"),
    PageKind("search, a word, a later page", "/articles.html?q={usual}", is_later=True),
    PageKind("search, a rare word", "/articles.html?q={rare}"),
    PageKind("search, two common words", "/articles.html?q={common}+{common2}"),
    PageKind("search, a phrase", "/articles.html?q=%22{common}+{common2}%22"),
    PageKind("search, a word and a name", "/articles.html?q={usual}&entity={top}"),
    PageKind("search, a word and a subject", "/articles.html?q={usual}&tag={tag}"),
    PageKind("search, a name", "/articles.html?entity={top}"),
    PageKind("search, a subject", "/articles.html?tag={tag}"),
    PageKind("search, a period", "/articles.html?published_from={year}"),
    PageKind("search, a word in a paragraph with a name", "/articles.html?q={usual}&entity={top}&within=paragraph"),
    PageKind("search, nothing matches", "/articles.html?q={usual}+{rare}zz"),
    PageKind("article", "/articles/{article}.html"),
    PageKind("article, highlighted", "/articles/{article}.html?q={usual}"),
    PageKind("entity, frequent", "/entities/{top}.html"),
    PageKind("entity, middling", "/entities/{middle}.html"),
    PageKind("entity, rare", "/entities/{last}.html"),
    PageKind("tag", "/tags/{tag}.html"),
    PageKind("compare, frequent", "/compare.html?entity={top}&entity={top2}"),
    PageKind("compare, middling", "/compare.html?entity={middle}&entity={middle2}"),
    PageKind("compare, a name of several", "/compare.html?entity={prefix}"),
    PageKind("mentions", "/mentions.html?limit={limit}"),
    PageKind("mentions of a frequent name", "/mentions.html?of={top}"),
    PageKind("mentions of a frequent name, a later page", "/mentions.html?of={top}", is_later=True),
    PageKind("mentions of a frequent name, words before", "/mentions.html?of={sortable}&sort=left"),
    PageKind("mentions of a middling name, words after", "/mentions.html?of={middle}&sort=right"),
    PageKind("mentions of a type", "/mentions.html?type={type}&tag={tag}"),
    PageKind("mentions of some words", "/mentions.html?exact={exact}"),
    PageKind("paragraphs", "/paragraphs.html?limit={limit}"),
    PageKind("paragraphs, a word", "/paragraphs.html?q={usual}"),
    PageKind("paragraphs, a name", "/paragraphs.html?entity={top}"),
    PageKind("names", "/entities.html?limit={limit}"),
    PageKind("names, a later page", "/entities.html?limit={limit}", is_later=True),
    PageKind("names of a type", "/entities.html?type={type}&limit={limit}"),
    PageKind("names with a prefix", "/entities.html?name_prefix={prefix}"),
    PageKind("names with a word", "/entities.html?q={usual}"),
    PageKind("names with a frequent name", "/entities.html?entity={top}"),
    PageKind("names with a frequent name, in paragraphs", "/entities.html?entity={top}&within=paragraph"),
    PageKind("subjects", "/tags.html?limit={limit}"),
    PageKind("subjects with a word", "/tags.html?q={usual}"),
    PageKind("timeline, all", "/timeline.html"),
    PageKind("timeline, a word", "/timeline.html?q={usual}"),
    PageKind("timeline, a name by month", "/timeline.html?entity={top}&interval=month&published_from=2010"),
    PageKind("timeline, a subject by day", "/timeline.html?tag={tag}&interval=day&published_from=2024-06"),
    PageKind("corpus", "/corpus.html"),
    PageKind("help", "/help.html"),
    PageKind("suggestions", "/suggestions.html?q={prefix}"),
)


class Cost(NamedTuple):
    """What a page took."""

    milliseconds: float
    size: int
    """Bytes, compressed."""


def draw_values(random: Random, articles: int) -> Values:
    """Draw what may stand in an address: words, ranks of entities and tags, an article, a year."""
    common, common2 = random.sample(COMMON, 2)
    top, top2 = random.sample(range(40), 2)
    middle, middle2 = random.sample(range(200, 2_000), 2)
    return {
        "usual": random.choice(USUAL),
        "rare": random.choice(RARE),
        "common": common,
        "common2": common2,
        "top": f"entity-{top}",
        "top2": f"entity-{top2}",
        "middle": f"entity-{middle}",
        "middle2": f"entity-{middle2}",
        # More than 10,000 mentions, as the most frequent ones have, are not sorted by context.
        "sortable": f"entity-{random.randrange(25, 65)}",
        "last": f"entity-{random.randrange(ENTITIES // 5, ENTITIES)}",
        "tag": f"tag-{random.randrange(TAGS)}",
        "article": f"article-{random.randrange(articles):07}",
        "year": f"{random.randrange(1990, 2025)}-{random.randrange(1, 13):02}",
        "limit": random.randrange(10, 60),
        "type": random.choice(("person", "place", "organization", "event", "product")),
        "exact": name(random.randrange(2_000)).replace(" ", "+"),
        "prefix": name(random.randrange(2_000)).lower()[:3],
    }


def list_addresses(kind: PageKind, articles: int, get_text: Callable[[str], str]) -> list[str]:
    """Return distinct addresses of a kind; the only one, where there is no other, several times."""
    random = Random(kind.name)
    if "{" not in kind.address:
        return [kind.address] * ADDRESSES
    addresses = dict.fromkeys(kind.address.format(**draw_values(random, articles)) for _ in range(50 * ADDRESSES))
    if not kind.is_later:
        return [*addresses][:ADDRESSES]
    links = (NEXT.search(get_text(address)) for address in [*addresses][:ADDRESSES])
    return [unescape(link[1]) for link in links if link]


def measure(settings: Settings, articles: int, words: str) -> Iterator[list[object]]:
    """Yield a row for each kind whose name has these words."""
    api = Api(settings.model_copy(update={"cache": 0}))
    static = sum(len(compress(path.read_bytes())) for path in STATIC.iterdir())
    with relaxed_gc():
        for kind in KINDS:
            if words in kind.name:
                first, *addresses = list_addresses(kind, articles, lambda address: str(api.get(address).text))
                time_page(api, first)  # A process compiles its template once.
                costs = [time_page(api, address) for address in addresses]
                yield describe(kind, costs, static)
    api.close()


def time_page(api: Api, address: str) -> Cost:
    """Return what a page took."""
    start = time.process_time()
    response = api.loop.run_until_complete(ask(api.app, address, GZIP))
    assert response.status == 200, (address, response)
    return Cost((time.process_time() - start) * 1e3, len(response.body))


def describe(kind: PageKind, costs: list[Cost], static: int) -> list[object]:
    """Return the row of a kind."""
    times = [cost.milliseconds for cost in costs]
    size = max(cost.size for cost in costs)
    return [
        kind.name,
        compare(median(times), TARGET),
        format_number(percentile(times, 99)),
        format_number(size / 1e3),
        compare((size + static) / 1e3, SIZE),
    ]


def main() -> None:
    """Generate, ask and print."""
    forget_settings()
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages")
    parser.add_argument("articles", type=int, nargs="?", default=20_000)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where articles and databases stay")
    parser.add_argument("--only", default="", metavar="WORDS", help="kinds of pages with these words in their names")
    options = parser.parse_args()
    with open_folder(options.keep) as folder:
        corpus = make_corpus(options.articles, folder)
        print(f"Milliseconds of CPU time and compressed kilobytes of a new page, {corpus.articles:,} articles:\n")
        rows = measure(Settings(data=corpus.data), corpus.articles, options.only)
        print_table(["page", "p50", "p99", "KB", "KB with style and script"], rows)


if __name__ == "__main__":
    main()
