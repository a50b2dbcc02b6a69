"""The article page: whatever a text is, the page has exactly that text, and each mention at its place."""

from pathlib import Path
from typing import Any
from unicodedata import normalize
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, fromstring

from app.web.mention_markup import mark_mentions
from tests.conftest import Api, write_documents
from tests.support.strategies import ROLES

MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</span></p></body>",
    "\"><svg onload='alert(1)'>",
    "&lt;b&gt; &amp; &#60; &notit;",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- comment --> ]]> <![CDATA[",
    "javascript:alert(1)",
    "' onmouseover='alert(1)",
    "%3Cscript%3E",
    "`code` <code>code</code>",
    "\u202eright-to-left\u202c \u200b zero",
)
"""Strings that become markup where a page forgets to escape them."""

letters = st.characters(exclude_categories=["Cc", "Cn", "Co", "Cs"])
words = st.one_of(st.sampled_from(MARKUP), st.text(letters, min_size=1, max_size=12))
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)


@st.composite
def paragraphs(draw: st.DrawFn) -> dict[str, Any]:
    """Return a paragraph as the API shows it, with mentions that nest and cross, and matches."""
    text = draw(texts)
    offsets = st.integers(0, len(text))
    spans = [sorted(span) for span in draw(st.lists(st.tuples(offsets, offsets), max_size=8))]
    names = st.builds(lambda name: {"id": "an-id", "name": name, "type": "person"}, texts)
    mentions = [
        {
            "start": start,
            "end": end,
            "exact": text[start:end],
            "type": "person",
            "entity": draw(st.none() | names),
            "label": draw(st.none() | texts),
            "confidence": draw(st.none() | st.floats(0, 1)),
            "origin": draw(st.sampled_from(["given", "catalogue", "rules", '"><b>'])),
            "evidence": draw(st.none() | st.just("surname")),
        }
        for start, end in spans
        if start < end
    ]
    ends = sorted(draw(st.sets(offsets, max_size=6)))
    matches = [{"start": start, "end": end} for start, end in zip(ends[::2], ends[1::2], strict=False)]
    return {"text": text, "mentions": mentions, "matches": matches}


def read_mention(element: HtmlElement, number: int) -> str:
    """Return what all elements of a mention hold together."""
    return "".join(part.text_content() for part in element.iterfind(f".//*[@data-mention='{number}']"))


def assert_shows(element: HtmlElement, paragraph: dict[str, Any]) -> None:
    """Assert that an element has the text of a paragraph, and an element for each of its mentions."""
    mentions = paragraph["mentions"]

    assert element.text_content() == paragraph["text"]
    assert [read_mention(element, number) for number in range(len(mentions))] == [
        mention["exact"] for mention in mentions
    ]
    assert {part.tag for part in element.iterdescendants()} <= {"span", "a", "mark"}
    assert not element.xpath(".//a//a")


@given(paragraphs())
def test_marked_text_is_the_text_and_mentions_hold_what_they_mention(paragraph: dict[str, Any]) -> None:
    element = fromstring(f"<div>{mark_mentions(paragraph, '/root')}</div>")
    text = paragraph["text"]
    matched = "".join(text[match["start"] : match["end"]] for match in paragraph["matches"])

    assert_shows(element, paragraph)
    assert "".join(mark.text_content() for mark in element.iterfind(".//mark")) == matched


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Return an article document, with mentions in its paragraphs."""
    body = draw(st.lists(texts.map(lambda text: f"x {' '.join(normalize('NFC', text).split())} x"), max_size=4))
    mentions = []
    for number, text in enumerate(body):
        offsets = st.integers(0, len(text))
        for start, end in draw(st.lists(st.tuples(offsets, offsets).map(sorted), max_size=4)):
            entity = {"name": f"x {draw(words)}", "type": "place"}
            mentions += [{"paragraph": number, "start": start, "end": end, "entity": entity}] if start < end else []
    return {
        "title": f"x {draw(texts)}",
        "paragraphs": [{"text": text, "role": draw(st.sampled_from(ROLES))} for text in body],
        "mentions": mentions,
        "tags": draw(st.lists(words, max_size=2)),
        "authors": draw(st.lists(words, max_size=2)),
        "source": draw(words),
        "rights": draw(words),
        "language": draw(st.sampled_from(["en", "ar", "zh"])),
    }


@settings(max_examples=8)
@given(documents=st.lists(documents(), min_size=3, max_size=3))
def test_page_has_exactly_the_text_of_the_article(api: Api, tmp_path: Path, documents: list[dict[str, Any]]) -> None:
    named = [{**document, "id": f"article-{number}"} for number, document in enumerate(documents)]
    outcome = api.seed(write_documents(tmp_path / "seeds", named), skip_bad=True)
    assume(outcome.added + outcome.changed + outcome.unchanged)

    for summary in api.json("/articles")["items"]:
        article = api.json(summary["url"])
        page = fromstring(api.get(f"{summary['url']}.html").content.decode())
        for paragraph in article["paragraphs"]:
            [element] = page.xpath(f"//*[@id='p{paragraph['position']}']/*[contains(@class, 'words')]")

            assert_shows(element, paragraph)
        assert len(page.xpath("//script")) == 1
        assert not page.xpath("//img | //svg | //b | //@onload | //@onerror | //@onmouseover")
        assert {urlsplit(url).scheme for url in page.xpath("//@href | //@src")} == {""}


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_a_question_never_becomes_markup(seeded: Api, text: str) -> None:
    query = urlencode({"q": text, "tag": text, "entity_not": text, "author": text})
    page = fromstring(seeded.get(f"/articles.html?{query}").content.decode())

    assert len(page.xpath("//script")) == 1
    assert not page.xpath("//img | //b | //@onload | //@onerror | //@onmouseover")
    assert page.xpath("//input[@id='q']/@value") == [text]


def test_words_of_the_question_are_marked_and_the_search_is_linked(seeded: Api) -> None:
    page = fromstring(seeded.get("/articles/stanislav-petrov.html?q=alarm").content.decode())
    answer = seeded.json("/articles/stanislav-petrov?q=alarm")
    matches = [match for paragraph in answer["paragraphs"] for match in paragraph["matches"]]

    assert len(page.xpath("//article[@class='text']//mark")) == len(matches) > 2
    assert page.xpath("//a[@href='/articles.html?q=alarm']")


def test_mention_links_to_its_entity(seeded: Api) -> None:
    page = fromstring(seeded.get("/articles/chernobyl.html").content.decode())
    [link] = page.xpath("//*[@id='p0']//span[@data-entity]/a")

    assert link.text == "Chernobyl"
    assert link.get("href").startswith("/entities/chernobyl")


def test_article_in_arabic_runs_from_right_to_left(api: Api, tmp_path: Path) -> None:
    document = {"id": "talks", "title": "NATO: محادثات", "text": "WHO قالت", "language": "ar"}
    api.seed(write_documents(tmp_path / "seeds", [document]))
    page = fromstring(api.get("/articles/talks.html").content.decode())

    assert page.xpath("//article[@class='text']/@dir | //article[@class='text']/@lang") == ["ar", "rtl"]


def test_article_that_is_gone_offers_the_search(seeded: Api) -> None:
    page = seeded.get("/articles/gone-long-ago.html")

    assert page.status_code == 404
    assert "There is no article 'gone-long-ago'" in fromstring(page.text).find(".//h1").text_content()
    assert fromstring(page.text).xpath("//form[@action='/articles.html']")
