"""Mention counter: how many selected documents mention each entity or type in a way that filters consider."""

from collections import Counter
from collections.abc import Callable
from heapq import nlargest
from typing import Any, NamedTuple

from tantivy import Occur, Query

from app.search.counts.term_counter import order_values
from app.search.counts.value_counts import Value
from app.search.index.mention_terms import MentionTerm
from app.search.query.mention_conditions import MentionConditions
from app.search.selection import Selection
from app.system.threads import leave_event_loop


class MentionCounter(NamedTuple):
    """The selected documents, to be counted by what their mentions that meet the conditions name."""

    selection: Selection
    field: str
    """`entity` or `entity_type`."""
    conditions: MentionConditions

    def count_of(self, value: str) -> int:
        """Return how many of the documents mention a value like this."""
        mentions = self.conditions.build_query(self.selection.open_index, self.field, value)
        both = Query.boolean_query([(Occur.Must, self.selection.query), (Occur.Must, mentions)])
        result: Any = self.selection.searcher.search(both, 1)
        return int(result.count)

    def top(self, size: int, is_counted: Callable[[str], bool]) -> list[Value]:
        """Return the most frequent values of those that are counted, then by value.

        A document may have several terms of a value, so that their sum is too large: values are looked up in the order
        of these sums, until no other one can be among the first.
        """
        leave_event_loop()
        values: list[Value] = []
        for value, most in self.sums().most_common():
            if len(values) >= size and most < nlargest(size, (count for _, count in values))[-1]:
                break
            if is_counted(value) and (count := self.count_of(value)):
                values.append((value, count))
        return order_values(values)[:size]

    def sums(self) -> Counter[str]:
        """Return for each value at least as many as there are documents."""
        sums: Counter[str] = Counter()
        selection = self.selection
        terms = selection.searcher.terms_with_prefix(f"{self.field}_mention", "", filter_query=selection.query)
        for term, count in terms:
            mention = MentionTerm.decode(term)
            if self.conditions.accept(mention):
                sums[mention.value] += count
        return sums
