"""Mention counter: how many selected documents mention each entity or type, and how many mentions they have."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from typing import Any

from tantivy import Occur, Query

from app.search.counts.term_counter import order_values
from app.search.counts.value_counts import Value
from app.search.index.mention_terms import ANYTHING, SEPARATOR, MentionTerm
from app.search.query.mention_conditions import MentionConditions
from app.search.selection import Selection
from app.system.threads import leave_event_loop


@dataclass
class MentionCounter:
    """The selected documents, to be counted by what their mentions that meet the conditions name."""

    selection: Selection
    field: str
    """`entity` or `entity_type`."""
    conditions: MentionConditions

    @cached_property
    def bounds(self) -> dict[str, int]:
        """Return for each value at least as many as there are documents: the sum of the counts of its terms."""
        return {value: sum(counts) for value, counts in self.term_counts.items()}

    @cached_property
    def term_counts(self) -> dict[str, list[int]]:
        """Return for each value how many documents have each of its terms that meet the conditions."""
        leave_event_loop()
        counts: dict[str, list[int]] = defaultdict(list)
        selection = self.selection
        terms = selection.searcher.terms_with_prefix(f"{self.field}_mention", "", filter_query=selection.query)
        for term, count in terms:
            mention = MentionTerm.decode(term)
            if self.conditions.accept(mention):
                counts[mention.value].append(count)
        return counts

    def count_of(self, value: str) -> int:
        """Return how many of the documents mention a value like this, by a search, which takes 20 to 900 us."""
        mentions = self.conditions.build_query(self.selection.open_index, self.field, value)
        both = Query.boolean_query([(Occur.Must, self.selection.query), (Occur.Must, mentions)])
        result: Any = self.selection.searcher.search(both, 1)
        return int(result.count)

    def count_listed(self, value: str) -> int:
        """Return the same for a value of `bounds`: what has a single term is counted by that."""
        counts = self.term_counts[value]
        return counts[0] if len(counts) == 1 and self.conditions.min_count is None else self.count_of(value)

    def counts(self, values: Iterable[str]) -> list[Value]:
        """Return how many of the documents mention each of these values of `bounds`, the most frequent first."""
        return order_values([(value, count) for value in values if (count := self.count_listed(value))])

    def top(self, size: int, is_counted: Callable[[str], bool]) -> list[Value]:
        """Return the most frequent values of those that are counted, then by value.

        They are counted in the order of their bounds, until no other one can be among the first.
        """
        values: list[Value] = []
        for value, most in order_values([*self.bounds.items()]):
            if len(values) >= size and most < nlargest(size, (count for _, count in values))[-1]:
                break
            if is_counted(value) and (count := self.count_listed(value)):
                values.append((value, count))
        return order_values(values)[:size]


def count_mentions(selection: Selection, field: str, values: Iterable[str], conditions: MentionConditions) -> int:
    """Return how many mentions of these entities or types, that meet the conditions, the selected paragraphs have.

    Of `ANYTHING`, each of the paragraphs must have one.
    """
    if conditions.narrow:
        return sum(count_accepted_mentions(selection, field, value, conditions) for value in values)
    return sum(count_all_mentions(selection, field, value) for value in values)


def count_all_mentions(selection: Selection, field: str, value: str) -> int:
    """Return how many mentions of an entity or type the selected documents have."""
    # A document with one mention has no term that says so: each counts once, and for its term as often again.
    total = selection.total if value == ANYTHING else selection.count_of(field, value)
    prefix = f"{value}{SEPARATOR}"
    terms = selection.searcher.terms_with_prefix(f"{field}_count", prefix, filter_query=selection.query)
    return total + sum((int(term.removeprefix(prefix)) - 1) * documents for term, documents in terms)


def count_accepted_mentions(selection: Selection, field: str, value: str, conditions: MentionConditions) -> int:
    """Return how many mentions of an entity or type, that meet the conditions, the selected paragraphs have."""
    prefix = "" if value == ANYTHING else f"{value}{SEPARATOR}"
    read_terms = selection.searcher.terms_with_prefix
    # Equal mentions of a paragraph have one term, which counts once, and another one for how many they are.
    terms = read_terms(f"{field}_mention", prefix, filter_query=selection.query)
    for term, documents in read_terms(f"{field}_equal", prefix, filter_query=selection.query):
        mention, _, count = term.rpartition(SEPARATOR)
        terms.append((mention, (int(count) - 1) * documents))
    return sum(mentions for term, mentions in terms if conditions.accept(MentionTerm.decode(term)))
