"""`markup=mentions`: paragraphs with their text as HTML, wherever paragraphs are returned in full."""

import pytest

from app.markup import mark_mentions


def expected(paragraph):
    return mark_mentions(paragraph["text"], paragraph["mentions"])


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "utf8"])
def test_paragraphs_of_an_article_come_with_html_in_every_offset_unit(seeded, unit):
    plain = seeded.json("/articles/chernobyl")
    marked = seeded.json(f"/articles/chernobyl?markup=mentions&offset_unit={unit}")

    assert [paragraph["html"] for paragraph in marked["paragraphs"]] == [*map(expected, plain["paragraphs"])]
    assert "html" not in plain["paragraphs"][0]


def test_listed_paragraphs_and_a_single_one_come_with_html(seeded):
    listed = seeded.json("/paragraphs?entity=minsk&markup=mentions")["items"]
    single = seeded.json(f"{listed[0]['url']}?markup=mentions")

    assert [paragraph["html"] for paragraph in listed] == [*map(expected, listed)]
    assert 'data-entity="minsk"' in single["html"] == expected(single)


def test_html_is_a_field_that_needs_its_parameter(seeded):
    items = seeded.json("/paragraphs?entity=minsk&markup=mentions&fields=html")["items"]
    refused = seeded.get("/paragraphs?entity=minsk&fields=html")

    assert {*items[0]} == {"html"}
    assert refused.status_code == 422
    assert "markup=mentions" in refused.json()["detail"]


def test_matches_and_mentions_are_marked_apart(seeded):
    [paragraph, *_] = seeded.json("/paragraphs?q=minsk&highlight=markup&markup=mentions")["items"]

    assert "<mark>" in paragraph["markup"]
    assert "<mark>" not in paragraph["html"] == expected(paragraph)
