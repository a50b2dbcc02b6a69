"""Counting: the most frequent values are exact, though every segment tells only a few of its own."""

from collections import Counter
from random import Random
from types import SimpleNamespace

import pytest
from tantivy import Document, Index, Query, SchemaBuilder

from app.search.counts import term_counter
from app.search.counts.term_counter import TermCounter, aggregate
from app.search.index.storage import OpenIndex
from app.search.query.builder import build_selection
from app.search.query.filters import FilterParams
from app.search.selection import Selection
from tests.conftest import Api, write_documents
from tests.support.documents import document


@pytest.fixture(scope="module", params=[(0, 3), (1, 3), (2, 1), (3, 1)])
def tagged(fresh, tmp_path_factory, request):
    """A snapshot with several segments or one, and how many articles about storms have each tag."""
    seed, batches = request.param
    folder = tmp_path_factory.mktemp("tagged")
    api = Api(fresh(folder / "data"))
    random, counts = Random(seed), Counter()
    for batch in range(batches):
        documents = []
        for number in range(120 // batches):
            tags = {f"t{min(int(random.paretovariate(0.7)), 60)}" for _ in range(6)}
            text = random.choice(["Storm", "Storm", "Calm"])
            documents.append({"id": f"a{batch}-{number}", "title": "T", "text": text, "tags": [*tags]})
            counts.update(tags if text == "Storm" else ())
        api.seed(write_documents(folder / f"batch-{batch}", documents))
    yield api.service.snapshot, sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    api.close()


@pytest.mark.parametrize("density", [0, 10, 1_000])
def test_top_values_are_exact_by_either_method(tagged, monkeypatch, density):
    snapshot, expected = tagged
    storms, _ = build_selection(FilterParams(q="storm"), snapshot)
    monkeypatch.setattr(term_counter, "OVERSAMPLINGS", (1, 3))
    monkeypatch.setattr(snapshot.value_counts("articles", "tag"), "density", density)

    assert storms.searcher.num_segments in (1, 3)
    assert [storms.top("tag", size) for size in range(1, 30)] == [expected[:size] for size in range(1, 30)]


@pytest.mark.parametrize("question", ["storm", "calm", "storm OR calm", "nothing"])
@pytest.mark.parametrize(("likely", "many"), [(0.5, 3), (0.5, 1_000), (2, 1_000)])
def test_fields_counted_together_have_the_counts_of_each_by_itself(tagged, monkeypatch, question, likely, many):
    snapshot, _ = tagged
    selection, _ = build_selection(FilterParams(q=question), snapshot)
    monkeypatch.setattr(term_counter, "OVERSAMPLINGS", (1, many))
    monkeypatch.setattr(term_counter, "LIKELY", likely)
    fields = ("tag", "language", "source", "year", "entity")
    together = selection.tops(fields, 5)

    assert together == {field: selection.counts(field)[:5] for field in fields} == selection.tops(fields, 5)


def test_values_that_are_frequent_only_elsewhere_hide_no_others(api, tmp_path):
    tags_of = {"Calm": [["a", "b", "c"]] * 20, "Storm": [["a", "x"]] * 3 + [["a"]] * 17}
    for text, tags in tags_of.items():
        documents = [document(f"{text}-{number}", text, tags=names) for number, names in enumerate(tags)]
        api.seed(write_documents(tmp_path / text, documents))
    storms, _ = build_selection(FilterParams(q="storm"), api.service.snapshot)

    assert storms.searcher.num_segments == 2
    assert storms.tops(["tag"], 2) == {"tag": [("a", 20), ("x", 3)]}


def test_facets_of_a_list_are_counted_in_one_pass(tagged, monkeypatch):
    snapshot, _ = tagged
    storms, _ = build_selection(FilterParams(q="storm"), snapshot)
    passes = []

    def count(open_index, query, fields, *args, **options):
        passes.append([*fields])
        return aggregate(open_index, query, fields, *args, **options)

    monkeypatch.setattr(term_counter, "aggregate", count)
    monkeypatch.setattr(snapshot.value_counts("articles", "tag"), "density", 0)
    storms.tops(("tag", "source", "year", "language"), 10)

    assert passes == [["tag", "source", "year"]]


def test_value_that_all_documents_have_is_counted_without_a_search(tagged, monkeypatch):
    snapshot, _ = tagged
    storms, _ = build_selection(FilterParams(q="storm"), snapshot)
    nothing, _ = build_selection(FilterParams(q="storm calm"), snapshot)
    counted = storms.counts("language"), nothing.counts("language")
    monkeypatch.setattr(term_counter.TermCounter, "aggregate", None)

    assert len(snapshot.value_counts("articles", "language").values) == 1
    assert (storms.top("language", 9), nothing.top("language", 9)) == counted == ([("en", storms.total)], [])


@pytest.mark.parametrize("many", [1, 1_000])
def test_all_value_counts_are_exact_by_either_method(tagged, monkeypatch, many):
    snapshot, expected = tagged
    storms, _ = build_selection(FilterParams(q="storm"), snapshot)
    monkeypatch.setattr(term_counter, "DENSE_SHARE", many)

    assert storms.counts("tag") == expected


@pytest.fixture(scope="module")
def sources():
    """An index of a document for each of more sources than an aggregation returns."""
    builder = SchemaBuilder()
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("article", indexed=True, fast=True)
    schema = builder.build()
    index = Index(schema)
    with index.writer(num_threads=1) as writer:
        for number in range(term_counter.MAX_BUCKETS + 1):
            document = Document(source=f"s{number:05}")
            document.add_unsigned("article", number)
            writer.add_document(document)
    index.reload()
    return OpenIndex(index, schema, index.searcher())


@pytest.mark.parametrize("dense_share", [1, 1_000])
def test_more_values_than_an_aggregation_returns_are_counted(sources, monkeypatch, dense_share):
    monkeypatch.setattr(term_counter, "DENSE_SHARE", dense_share)
    total = sources.searcher.num_docs
    counter = TermCounter(sources, Query.all_query(), "source", lambda: total)
    expected = [(f"s{number:05}", 1) for number in range(total)]

    assert counter.all() == expected
    assert counter.single_valued() == (expected, total)


def test_articles_of_more_hits_than_an_aggregation_returns_are_found(sources):
    kinds = {"articles": sources, "paragraphs": sources}
    selection = Selection(SimpleNamespace(kinds=kinds), "paragraphs", Query.all_query)

    assert [*selection.article_keys()] == [*range(sources.searcher.num_docs)]


@pytest.mark.parametrize("buckets", [1, 7, 10_000])
def test_articles_of_paragraphs_are_found_in_parts(tagged, monkeypatch, buckets):
    snapshot, _ = tagged
    storms, _ = build_selection(FilterParams(q="storm"), snapshot)
    keys = [key for key, _ in storms.page("newest", 1_000).keys]
    monkeypatch.setattr("app.search.selection.MAX_BUCKETS", buckets)

    assert [*storms.as_kind("paragraphs").article_keys()] == sorted(keys)


def test_counts_over_all_articles_are_made_before_the_first_request(tagged):
    snapshot, _ = tagged

    counted = {("articles", field) for field in ("entity", "tag", "source", "language", "year")}

    assert counted <= snapshot.counts_cache.keys()
