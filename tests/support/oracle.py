"""The oracle: select what a query asks for the slow and plain way, by looking at every document."""

import operator
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple
from unicodedata import combining, normalize

SEARCHED = ("title", "dateline", "caption", "heading", "quote", "list", "body")
ENTITIES = {"ann": "Q1", "bo": None, "oslo": "Q2", "treaty": None}
"""The catalogue, with the Wikidata ids that filters may name as well."""

CONDITIONS = {"origin", "min_confidence", "entity_in", "local", "min_mentions"}
"""The parameters that say which mentions count for the others."""
IDLE = {"q_in", "within", *CONDITIONS}
"""Those that only change what others mean."""
HAS = (
    *("lead", "caption", "credit", "source", "source_url", "authors", "rights", "published_at", "updated_at", "tags"),
    "entities",
)
"""The fields of articles that may be empty."""


TALKED_ABOUT = {
    "1945": ["1945"],
    "1945-12-31": ["1945-12-31"],
    "1.1.1946": ["1946-01-01"],
    "1914-1918": ["1914", "1915", "1916", "1917", "1918"],
}
"""Words that name a time in any language, and the years or days that they name."""


def fold(text):
    """Remove case and accents."""
    return "".join(letter for letter in normalize("NFD", text.lower()) if not combining(letter))


def words(text):
    """Return the words of a text in a language without a stemmer."""
    return re.findall(r"\w+", fold(text))


class Q(NamedTuple):
    """A text query, and a function that tells whether it matches texts that are searched together."""

    text: str
    among: Callable[[list[str]], bool]

    def __repr__(self):
        return self.text


def word(term):
    return Q(term, lambda texts: any(fold(term) in words(text) for text in texts))


def prefix(term):
    return Q(f"{term}*", lambda texts: any(word.startswith(fold(term)) for text in texts for word in words(text)))


def phrase(terms):
    folded = f" {fold(' '.join(terms))} "
    return Q(f'"{" ".join(terms)}"', lambda texts: any(folded in f" {' '.join(words(text))} " for text in texts))


def together(one, other):
    return Q(f"({one.text} {other.text})", lambda texts: one.among(texts) and other.among(texts))


def either(one, other):
    return Q(f"({one.text} OR {other.text})", lambda texts: one.among(texts) or other.among(texts))


def without(one, other):
    return Q(f"({one.text} -{other.text})", lambda texts: one.among(texts) and not other.among(texts))


def loosely(one, two, three, four):
    """Combine terms without parentheses: adjacency binds more tightly than `OR`."""
    first, second = together(one, two), without(three, four)
    return either(first, second)._replace(text=f"{one.text} {two.text} OR {three.text} -{four.text}")


class Unit(NamedTuple):
    """The unit that is selected and counted: an article (at no position), or one of its paragraphs."""

    article: dict
    position: int | None

    def paragraphs(self):
        all_ = [{"role": "title", "text": self.article["title"]}, *self.article["paragraphs"]]
        return all_ if self.position is None else [all_[self.position]]

    def values(self, field):
        """Return the values of a field that can be filtered by."""
        if field in ("entity", "entity_type"):
            return self.mentioned(field, {})
        if field == "has":
            return self.filled()
        if field in ("tag", "author"):
            return set(self.article[f"{field}s"])
        return {self.article[field]}

    def dates(self):
        """Return the years and days that the texts talk about."""
        texts = [paragraph["text"] for paragraph in self.paragraphs() if paragraph["role"] != "credit"]
        return {date for text in texts for word in text.split() for date in TALKED_ABOUT.get(word, ())}

    def mentions(self):
        """Return the mentions, those of the title excepted, which has none."""
        return [mention for mention in self.article["mentions"] if self.position in (None, mention["paragraph"] + 1)]

    def considered(self, asked):
        """Return the mentions that a question considers."""
        return [
            mention
            for mention in self.mentions()
            if (mention["confidence"] is None or mention["confidence"] >= asked.get("min_confidence", 0))
            and self.article["paragraphs"][mention["paragraph"]]["role"]
            in asked.get("entity_in", (*SEARCHED, "credit"))
            and "given" in asked.get("origin", ["given"])
            # All entities are the catalogue's.
            and ("local" not in asked or (mention["entity"] is not None and asked["local"] == "false"))
        ]

    def mentioned(self, field, asked):
        """Return the entities or types that are mentioned as a question wants it, and often enough."""
        key = "type" if field == "entity_type" else "entity"
        counts = Counter(mention[key] for mention in self.mentions())
        often = {value for value, count in counts.items() if count >= asked.get("min_mentions", 1)}
        return {mention[key] for mention in self.considered(asked)} & often - {None}

    def filled(self):
        """Return the fields of the article that are not empty."""
        roles = {"lead": "body", "caption": "caption", "credit": "credit"}
        by_role = {paragraph["role"] for paragraph in self.article["paragraphs"]}
        named = {mention["entity"] for mention in self.article["mentions"]} - {None}
        fields = self.article | {"entities": named} | {name: role in by_role for name, role in roles.items()}
        return {name for name in HAS if fields.get(name)}

    def first(self, event="published"):
        """Return the first moment of the date of publication, or of the last update."""
        date = self.article[f"{event}_at"]
        if date is None or "T" in date:
            return date and datetime.fromisoformat(date)
        return datetime.fromisoformat(f"{date}-01-01"[:10]).replace(tzinfo=UTC)

    def word_count(self):
        """Return the number of words of the article."""
        return sum(len(paragraph["text"].split()) for paragraph in Unit(self.article, None).paragraphs())

    def time(self, interval):
        """Return the year, the month or the day of the date; None if it is less precise."""
        length = {"year": 4, "month": 7, "day": 10}[interval]
        known = len(self.article["published_at"] or "") >= length
        return self.first().astimezone(UTC).isoformat()[:length] if known else None


def units(articles, kind):
    """Return all articles, or all paragraphs, in the order of their ids."""
    listed = [Unit(article, None) for article in sorted(articles, key=lambda article: article["id"])]
    if kind == "article":
        return listed
    return [Unit(unit.article, position) for unit in listed for position in range(len(unit.paragraphs()))]


def holds(unit, asked):
    """Tell whether a unit meets all parameters."""
    if asked.keys() & CONDITIONS and not any(name.startswith("entity") for name in asked.keys() - CONDITIONS):
        often = len(unit.mentions()) >= asked.get("min_mentions", 1)
        if not (often and unit.considered(asked)):
            return False
    return all(condition(unit, name, value, asked) for name, value in asked.items())


def condition(unit, name, value, asked):
    """Tell whether a unit meets one parameter."""
    match name:
        case "q":
            roles = asked.get("q_in", SEARCHED)
            return value.among([paragraph["text"] for paragraph in unit.paragraphs() if paragraph["role"] in roles])
        case "published_from" | "published_to" | "updated_from" | "updated_to":
            event, _, end = name.partition("_")
            return dated(unit.first(event), value, operator.ge if end == "from" else operator.le)
        case "about_from" | "about_to":
            first, last = first_day(asked.get("about_from", "0001")), last_day(asked.get("about_to", "9999"))
            return any(first <= first_day(date) and last_day(date) <= last for date in unit.dates())
    return name in IDLE or keyword_condition(unit, name, value, asked)


def keyword_condition(unit, name, value, asked):
    """Tell whether a unit has the whole values that one parameter wants."""
    if name == "entity_name":
        return {fold(alias) for alias in value} <= unit.mentioned("entity", asked)
    if name == "missing":
        return unit.filled().isdisjoint(value)
    field = name.removesuffix("_any").removesuffix("_not")
    values, wanted = unit.values(field), {own_id(reference) for reference in value}
    if field in ("entity", "entity_type"):
        values = unit.mentioned(field, asked)
    if field == "language":
        # A language selects its variants, too: `xx` selects `xx-YY`.
        wanted = {tag for tag in values for language in wanted if f"{tag}-".startswith(f"{language}-")}
    if name.endswith("_not"):
        return not values & wanted
    return bool(values & wanted) if name.endswith("_any") or field in ("source", "language", "id") else wanted <= values


def own_id(reference):
    """Return the id of the entity with this Wikidata id; anything else as it is."""
    return next((id for id, wikidata in ENTITIES.items() if wikidata == reference), reference)


def dated(first, bound, compare):
    """Compare a date with a moment, or with a year, month or day."""
    if first is None:
        return False
    if "T" in bound:
        return compare(first, datetime.fromisoformat(bound))
    return compare(first.astimezone(UTC).isoformat()[: len(bound)], bound)


def first_day(date):
    """Return the first day of a year, a month or a day."""
    return f"{date}-01-01"[:10]


def last_day(date):
    """Return the last day of a year, or of a month that has 31 days."""
    return f"{date}{'-12-31'[len(date) - 4 :]}"


def ordered(selected, sort):
    """Sort units as a list does: equal ones by id, undated ones last."""
    if sort.endswith("word_count"):
        return sorted(selected, key=Unit.word_count, reverse=sort.startswith("-"))
    if sort == "title":
        return sorted(selected, key=lambda unit: fold(unit.article["title"]))
    event = sort.removeprefix("-")
    with_date = [unit for unit in selected if unit.first(event)]
    with_date.sort(key=lambda unit: unit.first(event), reverse=sort.startswith("-"))
    return [*with_date, *(unit for unit in selected if not unit.first(event))]


def counted(selected, field, asked=None):
    """Count the units that have each value; the most frequent first, then by value.

    A unit has the entities that it mentions as a question wants it.
    """
    asked = asked or {}
    counts = Counter(
        value
        for unit in selected
        for value in (unit.mentioned(field, asked) if field == "entity" else unit.values(field))
    )
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))
