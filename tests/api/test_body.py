"""`body` adds the beginning of the text to articles of a list."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.article_renderer import BODY_ROLES, begin_text
from tests.conftest import write_documents
from tests.support.documents import document
from tests.support.problems import refused


def read_text(article):
    return "\n\n".join(each["text"] for each in article["paragraphs"] if each["role"] in BODY_ROLES)


@pytest.mark.parametrize("length", [1, 80, 300, 10_000])
def test_body_is_the_beginning_of_the_text_cut_after_a_word(seeded, length):
    articles = {article["id"]: article for article in seeded.walk("/articles", include="paragraphs", limit=100)}
    listed = seeded.walk("/articles", body=length, limit=100)

    assert {article["id"] for article in listed} == articles.keys()
    for article in listed:
        text, body = read_text(articles[article["id"]]), article["body"]
        assert text.startswith(body)
        assert len(body) <= length
        assert body == text or len(body) == length or text[len(body)].isspace()
        assert "paragraphs" not in article


@pytest.mark.parametrize(
    "more", ["", "&include=paragraphs", "&q=war&highlight=offsets", "&offset_unit=utf16", "&sort=title"]
)
def test_other_fields_are_the_same_with_body(seeded, more):
    plain = seeded.json(f"/articles?limit=5{more}")["items"]
    listed = seeded.json(f"/articles?limit=5&body=50{more}")["items"]

    assert [{name: value for name, value in each.items() if name != "body"} for each in listed] == plain
    assert all(each["body"] for each in listed)


def test_fields_may_name_the_body(seeded):
    [article] = seeded.json("/articles?body=50&fields=body&limit=1")["items"]

    assert [*article] == ["body"]
    assert "`body`" in refused(seeded.get("/articles?fields=body"), "fields")
    assert "at most 10,000" in refused(seeded.get("/articles?body=10001"), "body")


CUTS = [
    ("one two three", 7, "one two"),
    ("one two three", 8, "one two"),
    ("one two three", 6, "one"),
    ("one two three", 13, "one two three"),
    ("one two", 2, "on"),
    ("一二三四五", 3, "一二三"),
]


def test_cut_is_after_a_word_if_there_is_one(api, tmp_path):
    api.seed(
        write_documents(tmp_path / "seeds", [document(f"a{number}", text) for number, (text, _, _) in enumerate(CUTS)])
    )
    cut = [api.json("/articles", id=f"a{number}", body=length)["items"] for number, (_, length, _) in enumerate(CUTS)]

    assert [article["body"] for (article,) in cut] == [body for _, _, body in CUTS]


@given(st.lists(st.text(st.sampled_from("ab \n😀"), min_size=1, max_size=9), max_size=4), st.integers(1, 30))
def test_beginning_is_a_prefix_of_the_text(texts, length):
    text = "\n\n".join(texts)
    begun = begin_text([orjson.dumps({"role": "body", "text": each}) for each in texts], length)

    assert text.startswith(begun)
    assert len(begun) <= length
    assert begun == text or len(begun) == length or text[len(begun)].isspace()
