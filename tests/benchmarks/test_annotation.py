"""Names that no catalogue knows are marked well enough; `annotation.py` measures more."""

import pytest

from app.settings import Settings
from tests.benchmarks.annotation import measure, read_demonyms, score, score_entities, select_scored
from tests.support.corpora import FOLDER

LEAST_F1 = {"gum_news": 0.6, "meantime": 0.57}


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there are no corpora at {FOLDER}")
@pytest.mark.parametrize("name", LEAST_F1)
def test_names_are_marked_and_identified_as_well_as_they_should(name):
    marks, gold = measure(FOLDER, name, rules=Settings().rules)
    scored = select_scored(marks, gold, read_demonyms(FOLDER))
    rules = [mark for mark in scored if mark.origin == "rules"]
    *_, purity = score_entities(rules, gold)

    assert score(scored, gold, exact=True).f1 >= LEAST_F1[name]
    assert score(scored, gold, exact=True).precision >= 0.85
    assert score(rules, gold, exact=True).precision >= 0.85
    assert purity >= 0.97
