"""`has` and `missing` select articles by which of their fields are null or empty."""

from app.search.index.schema import FILLED_FIELDS


def test_filled_and_empty_fields_are_those_of_the_articles(seeded):
    articles = seeded.walk("/articles", limit=100)

    assert FILLED_FIELDS.keys() <= articles[0].keys()
    for field in FILLED_FIELDS:
        filled = {article["id"] for article in articles if article[field]}
        assert {article["id"] for article in seeded.walk("/articles", has=field, limit=100)} == filled
        empty = {article["id"] for article in seeded.walk("/articles", missing=field, limit=100)}
        assert empty == {article["id"] for article in articles} - filled


def test_facet_counts_the_filled_fields(seeded):
    facet = seeded.json("/articles", facet="has", facet_size=100)["facets"]["has"]["values"]

    assert {each["value"]: each["count"] for each in facet} == {
        field: total for field in FILLED_FIELDS if (total := seeded.json("/articles", has=field)["total"])
    }
