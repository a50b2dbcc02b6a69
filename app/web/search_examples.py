"""Examples of the search language, made of what the corpus has: its names, its subjects and the words of its titles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from app.web.api_client import ApiClient
from app.web.links import PageUrl

WORD: Final = re.compile(r"\w{4,24}")
"""Words that are long enough to search for, and short enough to read."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question to try."""

    text: str
    """The question as one types it, or its filters in words."""
    meaning: str
    url: PageUrl
    count: int = 0
    """Number of articles."""


@dataclass(frozen=True, slots=True)
class Material:
    """What examples are made of: the most frequent names and subjects, the newest titles."""

    root: str
    entities: Sequence[Any]
    companions: Sequence[Any]
    """Those that are named together with the first entity."""
    tags: Sequence[Any]
    titles: Sequence[str]
    years: tuple[str | None, str | None]

    @property
    def words(self) -> list[str]:
        """Return the words of the title with the most of them, each once."""
        return max(([*dict.fromkeys(WORD.findall(title.lower()))] for title in self.titles), key=len, default=[])

    def search(self, *parameters: tuple[str, str]) -> PageUrl:
        """Return the address of a search."""
        return PageUrl(self.root, "/articles", parameters)


async def load_examples(api: ApiClient, url: PageUrl) -> tuple[list[Example], list[Example]]:
    """Return examples of words to type, and of filters to add, with the number of articles that each selects."""
    corpus, entities, tags, articles = await api.get_all(
        ("/corpus", url.parameters),
        ("/entities", [("limit", 20)]),
        ("/tags", [("limit", 2)]),
        ("/articles", [("limit", 5)]),
    )
    companions = []
    for entity in entities["items"][:1]:
        # The first two are enough, of which one is the entity itself: `/entities` would count all, for a total.
        both = [("entity", entity["id"]), ("facet", "entity"), ("facet_size", 2), ("limit", 1)]
        values = (await api.get("/paragraphs", both))["facets"]["entity"]["values"]
        companions = [{"id": value["value"], "name": value["label"]} for value in values if not value["selected"]]
    published = corpus["published"]
    titles = [article["title"] for article in articles["items"]]
    years = (published["first"], published["last"])
    material = Material(url.root, entities["items"], companions, tags["items"], titles, years)
    queries, filters = [*make_queries(material)], [*make_filters(material)]
    answers = await api.get_all(
        *((each.url.path, [*each.url.parameters, ("limit", "1"), ("fields", "id")]) for each in (*queries, *filters))
    )
    counted = [
        replace(example, count=answer["total"]) for example, answer in zip((*queries, *filters), answers, strict=True)
    ]
    return counted[: len(queries)], counted[len(queries) :]


def make_queries(material: Material) -> Iterator[Example]:
    """Yield examples of what one types into the search box."""

    def example(q: str, meaning: str) -> Example:
        return Example(q, meaning, material.search(("q", q)))

    for first, second in [*pairwise(material.words)][:1]:
        yield example(f"{first} {second}", "Both words, anywhere in an article, in any order and form.")
        yield example(f"{first} OR {second}", "At least one of the words. `OR` is written in capitals.")
        yield example(f"{first} -{second}", "The first word, but not the second.")
        yield example(f"{first[:4]}*", "Words that begin like this.")
        yield example(f"{first}~1", "The word, with at most one letter that differs.")
    phrases = [entity["name"] for entity in material.entities if " " in entity["name"] and '"' not in entity["name"]]
    for phrase in phrases[:1]:
        yield example(f'"{phrase}"', "These words side by side, in this order.")
        yield example(f'"{phrase}"~2', "These words close together: two words may stand between them.")
    for first, second, third in [*zip(material.words, material.words[1:], material.words[2:], strict=False)][:1]:
        yield example(f"{first} ({second} OR {third})", "Parentheses group words.")


def make_filters(material: Material) -> Iterator[Example]:
    """Yield examples of filters, which one adds on the page of a search."""
    for tag in material.tags[:1]:
        yield Example(f"About {tag['name']}", "A subject.", material.search(("tag", tag["id"])))
    for entity in material.entities[:1]:
        meaning = "A person, place or other thing, under whichever of its names."
        yield Example(f"Names {entity['name']}", meaning, material.search(("entity", entity["id"])))
    for first, second in zip(material.entities, material.companions, strict=False):
        both = (("entity", first["id"]), ("entity", second["id"]))
        names = f"{first['name']} and {second['name']}"
        yield Example(f"Names {names}", "Both, anywhere in an article.", material.search(*both))
        yield Example(
            f"Names {names}, all within one paragraph",
            "Both in the same paragraph.",
            material.search(*both, ("within", "paragraph")),
        )
        excluded = material.search(("entity", first["id"]), ("entity_not", second["id"]))
        yield Example(f"Names {first['name']}, not {second['name']}", "The first, but not the second.", excluded)
    first_year, last_year = material.years
    if first_year and last_year:
        middle = f"{(int(first_year) + int(last_year)) // 2:04}"
        period = material.search(("published_from", middle), ("published_to", last_year))
        yield Example(f"Published from {middle} to {last_year}", "A period of years, months or days.", period)
