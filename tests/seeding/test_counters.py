"""Counters: any sequence of runs gives the corpus that one run into an empty database gives."""

import json
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Api, every_database, write_documents
from tests.support.documents import mentioning, place

pytestmark = every_database

PLACES = ["Minsk", "Riga", "Kyiv"]
FILES = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.tuples(
        st.lists(st.sampled_from(PLACES), max_size=3, unique=True),
        st.sampled_from([None, "1986", "2025-12-18", "1945-08"]),
        st.sampled_from([[], ["Peace"], ["Peace", "War"]]),
    ),
    min_size=1,
)


def write(folder, files):
    """Write a file for each article, with the places that it mentions, its date and its tags."""
    for path in folder.glob("*.json"):
        path.unlink()
    for id, (names, published, tags) in files.items():
        document = mentioning(id, *map(place, names)) if names else {"id": id, "text": "Nobody.", "mentions": []}
        document |= {"title": id, "published_at": published, "tags": tags}
        (folder / f"{id}.json").write_text(json.dumps(document))


def all_responses(api):
    """All responses, without the revision."""
    corpus = api.json("/corpus")
    del corpus["revision"], corpus["changes"]
    addresses = [f"/entities/{name.lower()}" for name in PLACES] + ["/tags/peace", "/tags/war"]
    return [
        corpus,
        api.walk("/articles", include="paragraphs"),
        api.walk("/paragraphs"),
        api.walk("/entities"),
        api.walk("/tags"),
        *(api.get(address).json() for address in addresses),
    ]


def expected_counts(files):
    """The expected articles, mentions, first and last date of each place."""
    dates_by_place = defaultdict(list)
    for names, published, _ in files.values():
        for name in names:
            dates_by_place[name.lower()].append(published)
    spelled = {"1986": "1986-01-01", "1945-08": "1945-08-01"}
    counts = {}
    for name, dates in dates_by_place.items():
        days = sorted(spelled.get(date, date) for date in dates if date)
        counts[name] = (len(dates), len(dates), days[0] if days else None, days[-1] if days else None)
    return counts


@settings(max_examples=6)
@given(st.lists(FILES, min_size=2, max_size=4))
def test_any_sequence_of_runs_gives_the_corpus_of_a_single_run(fresh, states):
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_documents(Path(temporary) / "seeds", [])
        (folder / "articles.jsonl").unlink()
        api, other = (Api(fresh(Path(temporary) / name)) for name in ("data", "other"))
        for files in states:
            write(folder, files)
            api.seed(folder, prune=True)
            rows = api.walk("/entities")
            counts = {row["id"]: (row["count"], row["mentions"], row["first"], row["last"]) for row in rows}

            assert counts == expected_counts(files)
        other.seed(folder)

        assert all_responses(api) == all_responses(other)
        api.close()
        other.close()


@pytest.mark.parametrize("gone", ["one", "two", "three"])
def test_first_and_last_date_follow_removed_articles(fresh, tmp_path, gone):
    files = {"one": (PLACES, "1986", []), "two": (PLACES, "1945-08", []), "three": (PLACES, "2025-12-18", [])}
    folder = tmp_path / "seeds"
    folder.mkdir()
    api = Api(fresh(tmp_path / "data"))
    write(folder, files)
    api.seed(folder)
    del files[gone]
    write(folder, files)
    api.seed(folder, prune=True)
    rows = api.walk("/entities")
    api.close()
    counts = {row["id"]: (row["count"], row["mentions"], row["first"], row["last"]) for row in rows}

    assert counts == expected_counts(files)
