"""The ranking finds what people judged relevant at least as well as it should."""

import pytest

from tests.benchmarks.quality import TARGETS, measure
from tests.conftest import SHARED

CORPORA = SHARED / "corpora"


@pytest.mark.skipif(not CORPORA.is_dir(), reason=f"there are no collections at {CORPORA}")
@pytest.mark.parametrize("name", TARGETS)
def test_ranking_reaches_its_targets(name):
    precision, gain = measure(CORPORA, name)

    assert precision >= TARGETS[name][0]
    assert gain >= TARGETS[name][1]
