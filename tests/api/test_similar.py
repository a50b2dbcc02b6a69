"""Similar articles: those that share most, and what they share."""

import pytest

from app.search.index.analysis import tokenize
from app.search.index.stemmers import stemmer_for
from tests.conftest import Api, write_documents
from tests.support.problems import problem, refused


@pytest.fixture
def serve(api: Api, tmp_path):
    """Let the corpus be these articles."""
    return lambda corpus: api.seed(write_documents(tmp_path / "seeds", corpus), only=True)


def article(id, text, tags=(), names=(), **more):
    entities = [{"start": 0, "end": 1, "entity": {"name": name, "type": "person"}} for name in names]
    return {"id": id, "title": "-", "text": text, "tags": [*tags], "mentions": entities, **more}


def neighbours(api, id, **asked):
    return [item["id"] for item in api.json(f"/articles/{id}/similar", **asked)["items"]]


def test_article_is_never_similar_to_itself(seeded: Api):
    for item in seeded.walk("/articles", fields="id", limit=100):
        assert item["id"] not in neighbours(seeded, item["id"], limit=100)


def test_shared_entities_and_tags_are_those_of_both_articles(seeded: Api):
    for id in ("chernobyl", "trinity-test"):
        whole = seeded.json(f"/articles/{id}")
        for other in seeded.json(f"/articles/{id}/similar")["items"]:
            why, similar = other["why"], seeded.json(f"/articles/{other['id']}")
            texts = [paragraph["text"] for paragraph in similar["paragraphs"]]
            words = {token.text for text in texts for token in tokenize(text, stemmer_for(similar["language"]))}

            assert {entity["id"] for entity in why["entities"]} == ids(whole, "entities") & ids(similar, "entities")
            assert {tag["id"] for tag in why["tags"]} == ids(whole, "tags") & ids(similar, "tags")
            assert all(tokenize(word, stemmer_for(whole["language"]))[0].text in words for word in why["words"])
            assert why["entities"] or why["tags"] or why["words"]


def ids(item, field):
    return {value["id"] for value in item[field]}


def test_article_that_shares_more_comes_first(api, serve):
    serve(
        [
            article("it", "Comets are seen.", ["sky", "ice"], ["Halley", "Oort"]),
            article("all", "A comet is seen.", ["sky", "ice"], ["Halley", "Oort"]),
            article("tags-and-one", "Nothing.", ["sky", "ice"], ["Halley"]),
            article("tags", "Nothing.", ["sky", "ice"]),
            article("tag", "Nothing.", ["sky"]),
            article("other", "Nothing.", ["sea"], ["Nemo"]),
        ]
    )

    assert neighbours(api, "it") == ["all", "tags-and-one", "tags", "tag"]


def test_article_that_shares_nothing_has_no_similar_articles(api, serve):
    serve(
        [
            article("it", "Comets are the most seen of all.", ["sky"], ["Halley"]),
            article("other", "Ships are the most seen of all, in 1986.", ["sea"], ["Nemo"], language="de"),
            article("third", "The of and.", ["land"]),
        ]
    )

    assert api.json("/articles/it/similar") == {"items": []}
    assert api.json("/articles/third/similar") == {"items": []}


@pytest.mark.parametrize("language", ["en", "de", "pl", "el", "zh", "hi"])
def test_articles_in_any_language_are_compared(api, serve, language):
    serve([article(id, text, language=language) for id, text in (("a", "北京大学 missile"), ("b", "在北京 missile"))])
    (neighbour,) = api.json("/articles/a/similar")["items"]

    assert neighbour["id"] == "b"
    assert "missile" in neighbour["why"]["words"]


def test_limit_shows_the_first_items(seeded: Api):
    assert neighbours(seeded, "chernobyl", limit=3) == neighbours(seeded, "chernobyl", limit=100)[:3]
    assert len(neighbours(seeded, "chernobyl")) == 10


@pytest.mark.parametrize(("limit", "bound"), [(0, "at least 1"), (101, "at most 100"), ("x", "not a whole number")])
def test_limit_has_bounds(seeded: Api, limit, bound):
    assert bound in refused(seeded.get(f"/articles/chernobyl/similar?limit={limit}"), "limit")


def test_similar_of_missing_article_is_404(seeded: Api):
    assert "no article 'nowhere'" in problem(seeded.get("/articles/nowhere/similar"), 404)["detail"]


@pytest.mark.parametrize(
    ("id", "likely"),
    [
        ("chernobyl", {"fukushima", "three-mile-island"}),
        ("fukushima", {"chernobyl", "three-mile-island"}),
        ("three-mile-island", {"chernobyl", "fukushima"}),
    ],
)
def test_similar_articles_are_what_a_reader_expects(seeded: Api, id, likely):
    assert likely & {*neighbours(seeded, id, limit=3)}


def test_fields_select_from_similar_articles(seeded: Api) -> None:
    items = seeded.json("/articles/trinity-test/similar", fields=["id", "why"])["items"]

    assert items == [
        {"id": item["id"], "why": item["why"]} for item in seeded.json("/articles/trinity-test/similar")["items"]
    ]
    assert "no field 'extract'" in refused(seeded.get("/articles/trinity-test/similar?fields=extract"), "fields")


def test_fields_select_from_one_article(seeded: Api) -> None:
    article = seeded.json("/articles/trinity-test", fields=["title", "paragraphs"], offset_unit="utf8")

    assert {*article} == {"title", "paragraphs"}
    assert [*seeded.json("/articles/trinity-test", q="test", fields="extract")] == ["extract"]
    assert "comes only with `q`" in refused(seeded.get("/articles/trinity-test?fields=extract"), "fields")
