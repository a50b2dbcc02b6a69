"""Pairs of values: two ways to count them give the same numbers."""

from app.search.counts import co_occurrence
from app.search.counts.co_occurrence import count_pairs
from app.search.selection import MatchAll
from tests.conftest import Api


def test_pairs_have_the_same_counts_by_either_method(seeded: Api, monkeypatch) -> None:
    selection = MatchAll(seeded.service.snapshot, "paragraphs")
    values = selection.counts("entity")[:40]
    counted = []
    for few_values in (0, 40):
        monkeypatch.setattr(co_occurrence, "FEW_VALUES", few_values)
        counted.append(count_pairs(selection, "entity", values, 1))

    assert len(counted[0]) > 20
    assert counted[0] == counted[1]
