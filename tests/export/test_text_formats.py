"""What went in comes out: every mention at its offsets, in every format of texts, or counted as omitted."""

from collections import Counter

import pytest
from hypothesis import given, settings

from app.export.document import Report, join_paragraphs
from app.export.formats import TEXT_FORMATS
from tests.support.corpora import FOLDER
from tests.support.export_readers import LOSSLESS, READERS, WITHOUT_ENTITIES
from tests.support.exported_articles import corpus_articles, exported_articles, make_article


def write(suffix, articles):
    report = Report()
    return b"".join(TEXT_FORMATS[suffix].write(iter(articles), report)), report


def mentions_of(articles, suffix):
    return Counter(
        (
            article["id"],
            span.start,
            span.end,
            span.type,
            span.entity["id"] if span.entity and suffix not in WITHOUT_ENTITIES else None,
        )
        for article in articles
        for span in join_paragraphs(article).spans
    )


def check_mentions(suffix, articles):
    data, report = write(suffix, articles)
    read, expected = Counter(READERS[suffix](data, articles)), mentions_of(articles, suffix)

    assert read <= expected
    assert expected.total() - read.total() == report.omitted.total()
    assert (report.articles, report.mentions) == (len(articles), read.total())
    assert suffix not in LOSSLESS or read == expected
    return report


@pytest.mark.parametrize("suffix", READERS)
@settings(max_examples=15)
@given(articles=exported_articles())
def test_every_mention_is_read_back_or_counted_as_omitted(suffix, articles):
    check_mentions(suffix, articles)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the corpora are not there: {FOLDER}")
@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("name", ["gum_news", "meantime"])
def test_every_mention_of_a_real_corpus_is_read_back_or_counted_as_omitted(suffix, name):
    report = check_mentions(suffix, corpus_articles(name))

    assert report.mentions > 1_400


def test_date_that_crosses_a_mention_is_no_element_of_tei():
    mentions = [(3, 8, "place", None), (9, 15, "event", None)]
    text = "In Minsk 1991 fair"
    article = make_article(
        "a", [("title", "T", []), ("body", text, mentions, (0, 8, "1991"), (9, 13, "1991"), (5, 13, "1990"))]
    )
    data, report = write("tei.xml", [article])

    assert (
        '<p><date when="1991">In <placeName>Minsk</placeName></date> '
        '<name type="event"><date when="1991">1991</date> f</name>air</p>'
    ) in data.decode()
    assert report.mentions == 2
