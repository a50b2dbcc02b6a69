"""Every answer has exactly the shape that is declared for it, whatever is asked of it."""

from typing import Any

import pytest
from pydantic import BaseModel

from app.api.errors import ProblemDetails
from app.api.routes.articles import ArticlePage, ParagraphDetail
from app.api.routes.corpus import CorpusSummary
from app.api.routes.entities import Entity, EntityPage
from app.api.routes.health import Health, Readiness
from app.api.routes.paragraphs import ParagraphPage
from app.api.routes.tags import Tag, TagPage
from app.api.routes.timeline import Timeline
from app.schemas import Article, Paragraph
from tests.conftest import Api


def conforms(schema: type[BaseModel], answer: Any) -> None:
    """Without coercion, and without anything that the schema does not name: such would be dropped."""
    assert schema.model_validate(answer, strict=True).model_dump(exclude_unset=True) == answer


@pytest.mark.parametrize(
    ("shape", "question"),
    [
        (ArticlePage, "/articles?limit=100"),
        (ArticlePage, "/articles?limit=100&include=paragraphs"),
        (ArticlePage, "/articles?q=war&offset_unit=utf16"),
        (ArticlePage, "/articles?entity=nobody&tag=nothing"),
        (ParagraphPage, "/paragraphs?limit=100"),
        (ParagraphPage, "/paragraphs?q=war&offset_unit=utf8"),
        (EntityPage, "/entities?limit=100"),
        (EntityPage, "/entities?entity=minsk&within=paragraph"),
        (EntityPage, "/entities?name_prefix=m&type=place"),
        (TagPage, "/tags?limit=100"),
        (TagPage, "/tags?q=war&sort=name"),
        (Timeline, "/timeline"),
        (Timeline, "/timeline?interval=day&q=war"),
        (Timeline, "/timeline?entity=nobody"),
        (CorpusSummary, "/corpus"),
        (Health, "/health/live"),
        (Readiness, "/health/ready"),
        (ProblemDetails, "/articles?limit=0&sirt=title"),
        (ProblemDetails, "/nope"),
    ],
)
def test_response_matches_its_declared_schema(seeded: Api, shape: Any, question: str) -> None:
    conforms(shape, seeded.get(question).json())


def test_every_article_and_paragraph_matches_its_declared_schema(seeded: Api) -> None:
    for article in seeded.walk("/articles", limit=100):
        whole = seeded.json(article["url"])
        conforms(Article, whole)
        assert {name: whole[name] for name in article} == article
        assert [paragraph["position"] for paragraph in whole["paragraphs"]] == list(range(len(whole["paragraphs"])))
        lone = seeded.json(whole["paragraphs"][-1]["url"])
        conforms(ParagraphDetail, lone)
        assert lone == {**whole["paragraphs"][-1], "offset_unit": "codepoint"}


def test_every_paragraph_of_the_list_is_that_of_its_article(seeded: Api) -> None:
    whole = {item["id"]: item["paragraphs"] for item in seeded.walk("/articles", include="paragraphs", limit=100)}
    listed = seeded.walk("/paragraphs", limit=100)

    assert len(listed) == sum(map(len, whole.values()))
    for paragraph in listed:
        conforms(Paragraph, paragraph)
        assert whole[paragraph["article"]["id"]][paragraph["position"]] == paragraph


def test_every_entity_and_tag_matches_its_declared_schema(seeded: Api) -> None:
    for shape, address in ((Entity, "/entities"), (Tag, "/tags")):
        for item in seeded.walk(address, limit=100):
            conforms(shape, item)
            assert seeded.json(item["url"]) == item
            for link in item["links"].values():
                assert seeded.json(link)["total"] >= 0
            assert seeded.json(item["links"]["articles"])["total"] == item["count"]


@pytest.mark.parametrize("address", ["/articles", "/paragraphs", "/entities", "/tags"])
def test_only_the_fields_that_were_asked_for_are_shown(seeded: Api, address: str) -> None:
    [item] = seeded.json(f"{address}?limit=1")["items"]
    for name, value in item.items():
        assert seeded.json(f"{address}?limit=1&fields={name}")["items"] == [{name: value}]
    both = seeded.json(f"{address}?limit=1&fields=url&fields={list(item)[-1]}")["items"][0]
    assert set(both) == {"url", list(item)[-1]}


def test_paragraphs_are_shown_where_they_are_asked_for_as_fields(seeded: Api) -> None:
    [item] = seeded.json("/articles?id=trinity-test&include=paragraphs&fields=paragraphs")["items"]

    assert item["paragraphs"] == seeded.json("/articles/trinity-test")["paragraphs"]
    assert seeded.json("/articles?id=trinity-test&fields=paragraphs")["items"] == [item]


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "utf8"])
@pytest.mark.parametrize(
    "address",
    ["/articles?limit=1", "/articles/trinity-test", "/paragraphs?limit=1", "/articles/trinity-test/paragraphs/1"],
)
def test_offset_unit_is_in_the_response(seeded: Api, address: str, unit: str) -> None:
    answer = seeded.json(f"{address}{'&' if '?' in address else '?'}offset_unit={unit}")
    article = answer["items"][0] if address.startswith("/articles?") else answer

    assert article["offset_unit"] == unit


def test_link_header_has_the_links_of_the_body(seeded: Api) -> None:
    first = seeded.get("/articles?limit=2&q=war")
    following = first.json()["next"]
    assert first.headers["link"] == f'<{following}>; rel="next"'
    second = seeded.get(following)

    assert f'<{second.json()["previous"]}>; rel="prev"' in second.headers["link"]
    assert second.headers["link"].isascii()
    assert "link" not in seeded.get("/articles?limit=100").headers


def test_a_page_takes_as_many_statements_as_an_item(seeded: Api) -> None:
    forgetful = Api(seeded.settings.model_copy(update={"cache": 0}))
    statements: list[str] = []
    [connection] = forgetful.service.documents.connections
    for question in (
        "/articles?",
        "/articles?include=paragraphs&",
        "/paragraphs?",
        "/entities?",
        "/tags?",
        "/articles?q=war&highlight=offsets&",
    ):
        counts = []
        for limit in (1, 100):
            connection.set_trace_callback(statements.append)
            forgetful.json(f"{question}limit={limit}")
            connection.set_trace_callback(None)
            counts.append(len(statements))
            statements.clear()

        assert counts[0] == counts[1] <= 3, question
    forgetful.close()
