"""Markdown: what is exported is read back by the Markdown reader, and by a parser as links to entities."""

from hypothesis import given, settings
from markdown_it import MarkdownIt

from app.export.document import Report, join_paragraphs, take_outermost
from app.export.formats import TEXT_FORMATS
from tests.support.exported_articles import exported_articles

PARSER = MarkdownIt("commonmark")


def write(articles):
    report = Report()
    return b"".join(TEXT_FORMATS["md"].write(iter(articles), report)).decode(), report


def text_of(token):
    children = token.children or []
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(map(text_of, children)) if children else token.content


def words(text):
    """Return a text without what Markdown can't hold: the kinds and the number of white space."""
    return " ".join(text.split())


@settings(max_examples=25)
@given(articles=exported_articles().filter(lambda articles: len(articles) == 1))
def test_every_paragraph_and_link_is_read_by_a_parser(articles):
    [article] = articles
    markdown, report = write(articles)
    body = markdown.split("---\n", 2)[2]
    inline = [token for token in PARSER.parse(body) if token.type == "inline"]
    links = [child.attrs["href"] for token in inline for child in token.children if child.type == "link_open"]
    paragraphs = article["paragraphs"]
    identified = [
        take_outermost(span for span in join_paragraphs({"paragraphs": [paragraph]}).spans if span.entity)[0]
        for paragraph in paragraphs
    ]

    assert [words(text_of(token)) for token in inline] == [words(paragraph["text"]) for paragraph in paragraphs]
    assert links == [f"/entities/{span.entity['id']}" for spans in identified for span in spans]
    assert report.mentions == len(links)
