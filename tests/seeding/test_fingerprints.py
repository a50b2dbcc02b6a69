"""Fingerprints: what they depend on, and that those of earlier versions still hold."""

from dataclasses import replace
from datetime import UTC, datetime

from app.seeding.article import NewArticle, NewMention, NewParagraph, PreciseDate
from app.seeding.fingerprints import compute_fingerprint, source_fingerprint

ARTICLE = NewArticle(
    id="a",
    title="T",
    paragraphs=(NewParagraph("title", "T"), NewParagraph("body", "B", "s", 3)),
    language="en",
    file="/x",
    line=4,
    published=PreciseDate(datetime(2025, 1, 2, tzinfo=UTC), "day"),
    mentions=(NewMention(1, 0, 1, "x", "place", "l", 0.5),),
    dates=(),
    entity_overrides={"N": None},
    extra={"k": [1]},
)


def test_a_source_fingerprint_of_this_pipeline_version_stays_as_it_was():
    assert source_fingerprint(ARTICLE) == "121988937fdd443c8ac944ee8f1d0ea4"


def test_a_source_fingerprint_ignores_where_the_article_is_in_which_file():
    assert source_fingerprint(replace(ARTICLE, file="/y", line=5)) == source_fingerprint(ARTICLE)
    assert source_fingerprint(replace(ARTICLE, title="U")) != source_fingerprint(ARTICLE)


def test_a_fingerprint_separates_its_parts():
    assert compute_fingerprint("ab", "c") != compute_fingerprint("a", "bc")
