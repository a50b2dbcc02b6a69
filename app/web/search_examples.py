"""Examples of the search language, made of what the corpus has: its names, its subjects and the words of its titles."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from app.rendering import JsonObject
from app.web.api_client import ApiClient
from app.web.links import PageUrl

NAMES: Final = 10
"""Most frequent names, of which examples have the rarest: it says as much as the first, and takes half the time."""

NEWEST: Final = 20
"""Paragraphs in which the companions of an entity are looked for."""

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
    """What examples are made of: frequent names, the rarest of them first, the most frequent subjects, new titles."""

    root: str
    entities: Sequence[Any]
    companions: Sequence[Any]
    """One that is named together with the first entity, if there is any."""
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
        ("/entities", [("limit", NAMES)]),
        ("/tags", [("limit", 2)]),
        ("/articles", [("limit", 5)]),
    )
    companions, names = [], entities["items"][::-1]
    for entity in names[:1]:
        # One is enough; to count those in all paragraphs takes three times as long.
        newest = await api.get("/paragraphs", [("entity", entity["id"]), ("limit", NEWEST)])
        companions = list_companions(entity["id"], newest["items"])
    published = corpus["published"]
    titles = [article["title"] for article in articles["items"]]
    years = (published["first"], published["last"])
    material = Material(url.root, names, companions, tags["items"], titles, years)
    queries, filters = [*make_queries(material)], [*make_filters(material)]
    answers = await api.get_all(
        *((each.url.path, [*each.url.parameters, ("limit", "1"), ("fields", "id")]) for each in (*queries, *filters))
    )
    counted = [
        replace(example, count=answer["total"]) for example, answer in zip((*queries, *filters), answers, strict=True)
    ]
    return counted[: len(queries)], counted[len(queries) :]


def list_companions(id: str, paragraphs: Iterable[JsonObject]) -> list[JsonObject]:
    """Return the entity that most paragraphs name beside one, in a list that is empty if none does."""
    counts: Counter[str] = Counter()
    entities: dict[str, JsonObject] = {}
    for paragraph in paragraphs:
        named = {entity["id"]: entity for mention in paragraph["mentions"] if (entity := mention["entity"])}
        counts.update(named.keys() - {id})
        entities |= named
    # Of equally frequent ones the first by id, for the order of a set differs from process to process.
    return [entities[min(counts, key=lambda other: (-counts[other], other))]] if counts else []


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
