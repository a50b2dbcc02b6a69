"""What a question selects, found out the slow and plain way: by looking at every document."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple
from unicodedata import combining, normalize

SEARCHED = ("title", "dateline", "caption", "heading", "quote", "list", "body")
ENTITIES = {"ann": "Q1", "bo": None, "oslo": "Q2", "treaty": None}
"""The catalogue, with the Wikidata ids that filters may name as well."""


def fold(text):
    """Without case and accents."""
    return "".join(letter for letter in normalize("NFD", text.lower()) if not combining(letter))


def words(text):
    """The words of a text in a language without a stemmer."""
    return re.findall(r"\w+", fold(text))


class Q(NamedTuple):
    """Words to search for, and whether they are in texts that are searched together."""

    text: str
    among: Callable[[list[str]], bool]

    def __repr__(self):
        return self.text


def word(given):
    return Q(given, lambda texts: any(fold(given) in words(text) for text in texts))


def prefix(given):
    return Q(f"{given}*", lambda texts: any(it.startswith(fold(given)) for text in texts for it in words(text)))


def phrase(several):
    wanted = f" {fold(' '.join(several))} "
    return Q(f'"{" ".join(several)}"', lambda texts: any(wanted in f" {' '.join(words(text))} " for text in texts))


def together(one, other):
    return Q(f"({one.text} {other.text})", lambda texts: one.among(texts) and other.among(texts))


def either(one, other):
    return Q(f"({one.text} OR {other.text})", lambda texts: one.among(texts) or other.among(texts))


def without(one, other):
    return Q(f"({one.text} -{other.text})", lambda texts: one.among(texts) and not other.among(texts))


def loosely(one, two, three, four):
    """Without parentheses, what stands side by side belongs together more than what `OR` stands between."""
    first, second = together(one, two), without(three, four)
    return either(first, second)._replace(text=f"{one.text} {two.text} OR {three.text} -{four.text}")


class Unit(NamedTuple):
    """What is selected and counted: an article (at no position), or one of its paragraphs."""

    article: dict
    position: int | None

    def paragraphs(self):
        all_ = [{"role": "title", "text": self.article["title"]}, *self.article["paragraphs"]]
        return all_ if self.position is None else [all_[self.position]]

    def values(self, field):
        """What the unit has of what can be filtered by."""
        if field in ("entity", "entity_type"):
            key = "type" if field == "entity_type" else "entity"
            mentions = [it for it in self.article["mentions"] if self.position in (None, it["paragraph"] + 1)]
            return {it[key] for it in mentions} - {None}
        if field in ("tag", "author"):
            return set(self.article[f"{field}s"])
        return {self.article[field]}

    def first(self):
        """The first moment of the date that was given."""
        given = self.article["published_at"]
        if given is None or "T" in given:
            return given and datetime.fromisoformat(given)
        return datetime.fromisoformat(f"{given}-01-01"[:10]).replace(tzinfo=UTC)

    def time(self, interval):
        """The year, the month or the day of the date, where it was given as exactly."""
        length = {"year": 4, "month": 7, "day": 10}[interval]
        known = len(self.article["published_at"] or "") >= length
        return self.first().astimezone(UTC).isoformat()[:length] if known else None


def units(articles, kind):
    """All articles, or all paragraphs, in the order of their ids."""
    listed = [Unit(article, None) for article in sorted(articles, key=lambda article: article["id"])]
    if kind == "article":
        return listed
    return [Unit(it.article, position) for it in listed for position in range(len(it.paragraphs()))]


def holds(unit, asked):
    """Whether everything that is asked holds of a unit."""
    return all(condition(unit, name, given, asked) for name, given in asked.items())


def condition(unit, name, given, asked):
    """Whether one parameter holds of a unit."""
    match name:
        case "q":
            roles = asked.get("q_in", SEARCHED)
            return given.among([it["text"] for it in unit.paragraphs() if it["role"] in roles])
        case "published_from":
            return dated(unit, given, lambda at, end: at >= end)
        case "published_to":
            return dated(unit, given, lambda at, end: at <= end)
        case "q_in" | "within":
            return True
    field = name.removesuffix("_any").removesuffix("_not")
    found, wanted = unit.values(field), {own_id(it) for it in given}
    if field == "language":
        # A language stands for its variants: `xx` for `xx-YY`.
        wanted = {tag for tag in found for it in wanted if f"{tag}-".startswith(f"{it}-")}
    if name.endswith("_not"):
        return not found & wanted
    return bool(found & wanted) if name.endswith("_any") or field in ("source", "language", "id") else wanted <= found


def own_id(reference):
    """The entity that a Wikidata id leads to; anything else as it is."""
    return next((id for id, wikidata in ENTITIES.items() if wikidata == reference), reference)


def dated(unit, given, compare):
    """Whether a unit's date stands so to a moment, or to the year, month or day that is given of it."""
    first = unit.first()
    if first is None:
        return False
    if "T" in given:
        return compare(first, datetime.fromisoformat(given))
    return compare(first.astimezone(UTC).isoformat()[: len(given)], given)


def ordered(found, sort):
    """In the order of a list: equal ones stay in that of their ids, undated ones come last."""
    if sort == "title":
        return sorted(found, key=lambda unit: fold(unit.article["title"]))
    with_date = [unit for unit in found if unit.first()]
    with_date.sort(key=Unit.first, reverse=sort == "-published")
    return [*with_date, *(unit for unit in found if not unit.first())]


def counted(found, field):
    """How many units have each value, the most frequent first, then by value."""
    counts = Counter(value for unit in found for value in unit.values(field))
    return sorted(counts.items(), key=lambda it: (-it[1], it[0]))
