"""How answers take their time as a corpus grows: latency of every class of question, start, seeding, disk, memory.

    uv run python -m tests.benchmarks.scale [ARTICLES ...] [--keep FOLDER]

Without numbers: 1,000 and 10,000 articles, generated; 100,000 takes some ten minutes. Each class is asked in
process, uncached, through the whole application; printed are milliseconds, the median and the worst of 20 questions.
With --keep the generated folders and databases stay there, and are used again.
"""

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from app.settings import Settings
from tests.benchmarks.generated import word, write
from tests.benchmarks.own import forget_settings
from tests.conftest import Api, seed_into

ROUNDS = 20

# Word 3 stands in nearly every article, word 60 in many, word 3,000 in some, word 19,000 in very few.
COMMON, USUAL, MIDDLING, RARE = (word(rank) for rank in (3, 60, 3000, 19000))

QUESTIONS = {
    "one article": "/articles/article-0000007",
    "newest": "/articles",
    "q, common word": f"/articles?q={COMMON}",
    "q, two common words": f"/articles?q={COMMON}+{word(5)}",
    "q, usual word": f"/articles?q={USUAL}",
    "q, middling word": f"/articles?q={MIDDLING}",
    "q, rare word, newest": f"/articles?q={RARE}&sort=-published",
    "q, common phrase": f"/articles?q=%22{COMMON}+{word(5)}%22",
    "q, common phrase moved": f"/articles?q=%22{COMMON}+{word(5)}+{word(8)}%22~5",
    "q, prefix of two": f"/articles?q={COMMON[:2]}*",
    "q, one letter wrong": f"/articles?q={MIDDLING}~1",
    "q, any of five": "/articles?match=any&q=" + "+".join(word(rank) for rank in (3, 60, 400, 3000, 9000)),
    "q + top entity": f"/articles?q={USUAL}&entity=entity-0",
    "q + mid entity": f"/articles?q={COMMON}&entity=entity-900",
    "entity, newest": "/articles?entity=entity-0",
    "two entities": "/articles?entity=entity-0&entity=entity-1",
    "not an entity": "/articles?entity_not=entity-0",
    "a year": "/articles?published_from=2001&published_to=2001",
    "title order": f"/articles?q={USUAL}&sort=title",
    "highlights": f"/articles?q={USUAL}&highlight=offsets",
    "tag facet of q": f"/articles?q={USUAL}&facet=tag",
    "entity facet of q": f"/articles?q={USUAL}&facet=entity",
    "entity facet of most": f"/articles?q={COMMON}&facet=entity",
    "entity facet of few": f"/articles?q={RARE}&facet=entity",
    "four facets of q": f"/articles?q={USUAL}&facet=tag&facet=source&facet=author&facet=year",
    "entities of q": f"/entities?q={USUAL}",
    "companions": "/entities?entity=entity-40&sort=-association",
    "companions in a breath": "/entities?entity=entity-40&within=paragraph",
    "timeline of q": f"/timeline?q={USUAL}&interval=month",
    "name prefix": "/entities?name_prefix=be",
    "paragraphs, two entities": "/paragraphs?entity=entity-0&entity=entity-1",
    "paragraphs, usual word": f"/paragraphs?q={USUAL}",
    "articles in a breath": f"/articles?q={MIDDLING}&entity=entity-0&within=paragraph",
    "paragraph facet of most": f"/paragraphs?q={COMMON}&facet=entity",
    "similar": "/articles/article-0000007/similar",
}


def ask(api: Api, url: str) -> float:
    """Milliseconds that a question takes."""
    start = time.perf_counter()
    answer = api.get(url)
    assert answer.status_code == 200, (url, answer.text[:300])
    return (time.perf_counter() - start) * 1000


def size(folder: Path) -> float:
    """Megabytes under a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def measure(articles: int, folder: Path) -> dict[str, tuple[float, float]]:
    """The median and the worst of each class."""
    data = folder / f"data-{articles}"
    source = folder / f"articles-{articles}"
    settings = Settings(data=data, cache=0)
    if not data.exists():
        write(articles, source)
        start = time.perf_counter()
        seed_into(settings, source)
        print(f"{articles:,} articles: {articles / (time.perf_counter() - start):,.0f} articles/s seeded and indexed")
    start = time.perf_counter()
    api = Api(settings)
    ask(api, "/articles")
    took = time.perf_counter() - start
    found = {}
    for name, url in QUESTIONS.items():
        ask(api, url)
        times = [ask(api, url) for _ in range(ROUNDS)]
        found[name] = statistics.median(times), max(times)
    index, memory = size(data / "index"), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"{articles:,} articles: start to first answer {took:.2f} s; database {size(data) - index:,.0f} MB, "
        f"index {index:,.0f} MB; {memory:,.0f} MB resident at most, with the index's pages and seeding"
    )
    api.close()
    return found


def main() -> None:
    """Print a table, a column for each size."""
    forget_settings()
    keep = sys.argv.index("--keep") if "--keep" in sys.argv else None
    numbers = sys.argv[1:keep] if keep else sys.argv[1:]
    sizes = [int(number) for number in numbers] or [1_000, 10_000]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[keep + 1]) if keep else Path(scratch)
        columns = [measure(articles, folder) for articles in sizes]
    print(f"{'milliseconds, median / worst':30}" + "".join(f"{articles:>18,}" for articles in sizes))
    for name in QUESTIONS:
        cells = "".join(f"{median:9.2f} /{worst:7.2f}" for median, worst in (column[name] for column in columns))
        print(f"{name:30}{cells}")


if __name__ == "__main__":
    main()
