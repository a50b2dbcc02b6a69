"""Dates that texts talk about are found and understood well enough; `dates.py` measures more."""

import pytest

from tests.benchmarks.dates import CORPORA, Score, measure
from tests.support.corpora import FOLDER


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there are no corpora at {FOLDER}")
def test_dates_are_found_and_understood_as_well_as_they_should() -> None:
    score = Score(*map(sum, zip(*(measure(FOLDER, name) for name in CORPORA), strict=True)))

    assert score.finding >= 0.9
    assert score.f1 >= 0.85
