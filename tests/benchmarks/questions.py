"""Classes of questions, each with hundreds of distinct addresses over the generated corpus, also of other servers.

A new class is one row of `QUESTIONS`: how its values are drawn, and the address in which they stand. The same number
of articles gives the same addresses.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote

from tests.benchmarks.generated import ENTITIES, name, word

Values = dict[str, Any]
"""What is put into an address, by name."""
Draw = Callable[[Random, Sequence[Values]], Values]
"""Draws the values of an address, given those of all articles, the newest first."""

# Words that end in "a", "o" or "u" are their own stems in all servers, so that each finds the same articles.
COMMON, USUAL, MIDDLING, RARE = (
    [word(rank) for rank in range(first, last) if word(rank)[-1] in "aou"]
    for first, last in ((0, 70), (60, 2_000), (200, 3_500), (10_000, 20_000))
)
"""Words that stand in nearly all articles, in up to half of them, in a twentieth, and in very few."""


def draw_article(random: Random, articles: Sequence[Values]) -> Values:
    """Draw an article, `id`, with its `number` and the `cursor` and `token` of the page after it; and a word, `w0`."""
    return random.choice(articles) | {"w0": random.choice(USUAL)}


def draw_words(words: Sequence[str], count: int = 1) -> Draw:
    """Draw `w0` and so on, and two entities, `e0` and `e1`, which many articles mention."""

    def draw(random: Random, _articles: Sequence[Values]) -> Values:
        values = {f"w{number}": value for number, value in enumerate(random.sample(words, count))}
        return values | {f"e{number}": f"entity-{rank}" for number, rank in enumerate(random.sample(range(50), 2))}

    return draw


def draw_entity(random: Random, _articles: Sequence[Values]) -> Values:
    """Draw an entity, and the beginning of a word of its name."""
    rank = random.randrange(ENTITIES // 25)
    return {"entity": f"entity-{rank}", "prefix": random.choice(name(rank).lower().split())[: random.choice((3, 4))]}


def draw_day(random: Random, _articles: Sequence[Values]) -> Values:
    """Draw a day of the last five years, so that most articles are older."""
    return {"day": f"{random.randrange(2020, 2025)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"}


LIST = "_shape=objects&_size=20" + "".join(
    f"&_col={column}" for column in ("id", "title", "source", "language", "published_at", "lead", "tags")
)
THROUGH = quote(json.dumps({"table": "mention", "column": "entity", "value": "ENTITY"})).replace("ENTITY", "{e0}")
FOUND = quote("article in (select rowid from article_words where article_words match 'WORD')").replace("WORD", "{w0}")
PAIRS = "?_where=" + FOUND + "&_facet_size=10&_shape=objects&_size=1&_facet="

# Without the threshold, groonga also returns beginnings of words where whole words find nothing.
SELECT = "/d/select?cache=no&match_escalation_threshold=-1&limit=20&table="
ARTICLES = SELECT + "Articles&output_columns=_key,title,source,language,published_at,lead,tags"
SEARCH = "&match_columns=text&sort_keys=-_score&query="
DRILLDOWN = SELECT + "Articles&match_columns=text&limit=0&drilldown_sort_keys=-_nsubrecs&drilldown_limit=10&drilldown="


class Question(NamedTuple):
    """A class of questions: how this project, Datasette and groonga are asked them."""

    name: str
    draw: Draw
    ours: str
    datasette: str = ""
    groonga: str = ""
    share: float | None = None
    """Target: the share of bare uvicorn's speed."""
    datasette_ratio: float | None = None
    groonga_ratio: float | None = None
    """Targets: how many times as much CPU time another server takes."""
    p99: float = 15
    """Target: milliseconds over HTTP that at most one in a hundred questions exceeds."""

    def addresses(self, values: Iterable[Values], server: str = "ours") -> list[str]:
        """Return the addresses in which these values stand."""
        return [getattr(self, server).format(**each) for each in values]


QUESTIONS = (
    # Of an article, the others return the text; we also return its paragraphs, its tags, and its mentions.
    Question(
        "article",
        draw_article,
        "/articles/{id}",
        "/corpus/article/{number}.json?_shape=objects",
        SELECT
        + "Articles&output_columns=_key,title,source,language,published_at,text,tags&filter=_key%20==%20%22{id}%22",
        share=0.30,
    ),
    # It has one address.
    Question(
        "newest",
        draw_article,
        "/articles",
        f"/corpus/article.json?_sort_desc=published_at&{LIST}",
        ARTICLES + "&sort_keys=-published_at,_id",
        share=0.24,
    ),
    Question(
        "newest, a later page",
        draw_article,
        "/articles?limit=20&cursor={cursor}",
        f"/corpus/article.json?_sort_desc=published_at&_next={{token}}&{LIST}",
        ARTICLES + "&sort_keys=-published_at,_id&offset={number}",
    ),
    Question(
        "q",
        draw_words(MIDDLING),
        "/articles?q={w0}",
        f"/corpus/article.json?_search={{w0}}&{LIST}",
        ARTICLES + SEARCH + "{w0}",
        share=0.13,
    ),
    Question(
        "q, two common words",
        draw_words(COMMON, 2),
        "/articles?q={w0}+{w1}",
        f"/corpus/article.json?_search={{w0}}+{{w1}}&{LIST}",
        ARTICLES + SEARCH + "{w0}+{w1}",
    ),
    Question(
        "q + entity",
        draw_words(USUAL),
        "/articles?q={w0}&entity={e0}",
        f"/corpus/article.json?_search={{w0}}&_through={THROUGH}&{LIST}",
        ARTICLES + SEARCH + "{w0}&filter=entities%20@%20%22{e0}%22",
        share=0.13,
    ),
    # By pairs of articles and values: Datasette answers quicker so than by `_facet_array`.
    Question(
        "tag facet of q",
        draw_words(MIDDLING),
        "/articles?q={w0}&facet=tag&limit=1",
        f"/corpus/article_tag.json{PAIRS}tag",
        DRILLDOWN + "tags&query={w0}",
        share=0.12,
        groonga_ratio=1.2,
    ),
    Question(
        "entity facet of q",
        draw_words(MIDDLING),
        "/articles?q={w0}&facet=entity&limit=1",
        f"/corpus/article_entity.json{PAIRS}entity",
        DRILLDOWN + "entities&query={w0}",
        groonga_ratio=1.2,
    ),
    Question(
        "phrase",
        draw_words(COMMON, 2),
        "/articles?q=%22{w0}+{w1}%22",
        f"/corpus/article.json?_searchmode=raw&_search=%22{{w0}}+{{w1}}%22&{LIST}",
        ARTICLES + SEARCH + "%22{w0}+{w1}%22",
    ),
    Question(
        "name prefix",
        draw_entity,
        "/entities?name_prefix={prefix}",
        "/corpus/entity.json?_search={prefix}*&_searchmode=raw&_shape=objects&_size=20&_sort_desc=articles",
        SELECT
        + "Entities&output_columns=_key,name,type,articles&match_columns=name&sort_keys=-articles&query={prefix}*",
    ),
    Question("rare word, newest", draw_words(RARE), "/articles?q={w0}&sort=-published"),
    Question("any of five words", draw_words(USUAL, 5), "/articles?match=any&q={w0}+{w1}+{w2}+{w3}+{w4}"),
    Question("misspelt word", draw_words(MIDDLING), "/articles?q={w0}~1"),
    Question("two prefixes of two letters", draw_words(MIDDLING, 2), "/articles?q={w0:.2}*+{w1:.2}*"),
    Question("title order", draw_words(USUAL), "/articles?q={w0}&sort=title"),
    Question("until a day", draw_day, "/articles?published_to={day}"),
    Question("an entity's newest", draw_entity, "/articles?entity={entity}"),
    Question("all but an entity", draw_entity, "/articles?entity_not={entity}"),
    Question("two entities in a paragraph", draw_words(USUAL), "/paragraphs?entity={e0}&entity={e1}"),
    Question("paragraphs of q", draw_words(USUAL), "/paragraphs?q={w0}"),
    Question("timeline of q", draw_words(MIDDLING), "/timeline?q={w0}&interval=month"),
    Question("four facets of q", draw_words(USUAL), "/articles?q={w0}&facet=tag&facet=source&facet=author&facet=year"),
    Question("entities of q", draw_words(USUAL), "/entities?q={w0}"),
    Question("companions", draw_entity, "/entities?entity={entity}&sort=-association"),
    Question("companions in a paragraph", draw_entity, "/entities?entity={entity}&within=paragraph"),
    Question("similar", draw_article, "/articles/{id}/similar"),
    Question("article, highlighted", draw_article, "/articles/{id}?q={w0}"),
    Question("highlights", draw_words(USUAL), "/articles?q={w0}&highlight=offsets"),
    Question("moved phrase", draw_words(COMMON, 3), "/articles?q=%22{w0}+{w1}+{w2}%22~5", p99=60),
    Question(
        "entity facet of most paragraphs",
        draw_words(COMMON, 3),
        "/paragraphs?q={w0}+OR+{w1}+OR+{w2}&facet=entity",
        p99=60,
    ),
)


def draw_questions(get_json: Callable[[str], Any], articles: int, count: int) -> dict[Question, list[Values]]:
    """Return for each class the values of this number of distinct addresses.

    `get_json` returns the JSON of an address; `articles` is how many the corpus has.
    """
    newest = list(read_newest(get_json, min(2_000, articles - 20)))
    return {question: draw_values(question, newest, count) for question in QUESTIONS}


def draw_values(question: Question, articles: Sequence[Values], count: int) -> list[Values]:
    """Return values that give this number of distinct addresses. Raises `ValueError` if there are fewer.

    Where the address has no values, it is the same each time.
    """
    if "{" not in question.ours:
        return [{}] * count
    random = Random(question.name)
    drawn: dict[str, Values] = {}
    for _ in range(50 * count):
        values = question.draw(random, articles)
        drawn.setdefault(question.ours.format(**values), values)
        if len(drawn) == count:
            return list(drawn.values())
    raise ValueError(f"{question.name}: there are only {len(drawn)} distinct addresses, {count} are needed.")


def read_newest(get_json: Callable[[str], Any], count: int) -> Iterator[Values]:
    """Yield the values of the newest articles, with the cursors of the pages after them."""
    address = "/articles?limit=1"
    for number in range(1, count + 1):
        page = get_json(address)
        [article] = page["items"]
        address = page["next"]
        # Datasette's cursor has the sort key and the primary key, which is the number.
        token = f"{quote(article['published_at']).replace('%', '~')},{number}"
        yield {"id": article["id"], "number": number, "cursor": address.rpartition("cursor=")[2], "token": token}
