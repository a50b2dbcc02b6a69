"""Saved web pages: nothing is fetched or executed, and a page that can't be read ends in a sentence."""

import socket

import pytest

from tests.support.growth import assert_linear

PARAGRAPH = "<p>No ferry left the harbour on Tuesday morning, and the crews said that none would leave before noon.</p>"


def write_page(body, head=""):
    return f"<html><head><title>Ferries stop</title>{head}</head><body><article>{body}</article></body></html>"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<html><body></body></html>", "No article was recognised in this page"),
        ("<ul>" + "<li><a href='/a'>A link</a></li>" * 9 + "</ul>", "No article was recognised in this page"),
        (write_page("<br>" * 100_001), "The page has more than 100,000 elements"),
        ("\x00\x01\x02" * 100, "This is not HTML"),
    ],
)
def test_page_without_an_article_is_a_fault(reading, content, message):
    articles, (finding,) = reading("a.html", content)

    assert articles == []
    assert finding.message.startswith(message)


@pytest.mark.parametrize(
    ("write_body", "size"),
    [
        (lambda count: "<div>" * count + PARAGRAPH * 3, 3_000),
        (lambda count: "<b>" * count + PARAGRAPH * 3, 2_500),
        (lambda count: PARAGRAPH + "<p>" + "a" * count + "</p>", 300_000),
        (lambda count: "<table>" * count + "<td>x" * count, 300),
        (lambda count: '<a href="' * count, 2_000),
    ],
    ids=["nested", "inline", "long", "tables", "quotes"],
)
def test_page_made_to_take_long_takes_linear_time(reading, write_body, size):
    def read(count):
        articles, findings = reading("a.html", write_page(write_body(count)))

        assert articles or findings[0].severity == "fault"
        assert "The program failed" not in "".join(finding.message for finding in findings)

    assert_linear(read, size)


def test_page_is_read_without_network(article, monkeypatch):
    def refuse(*_):
        raise AssertionError("A reader opened a connection.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    head = '<link rel="stylesheet" href="http://127.0.0.1:9/a.css"><base href="http://127.0.0.1:9/">'
    body = PARAGRAPH * 2 + '<img src="http://127.0.0.1:9/a.png"><iframe src="http://127.0.0.1:9/"></iframe>'

    assert len(article("a.html", write_page(body, head)).paragraphs) >= 2


def test_title_of_a_page_is_its_heading_where_the_head_has_none(article):
    parsed = article("a.html", f"<article><h1>Ferries stop</h1>{PARAGRAPH * 2}</article>")

    assert [paragraph.role for paragraph in parsed.paragraphs][:2] == ["title", "body"]
    assert parsed.title == "Ferries stop"


def test_elements_with_strange_names_are_read(article):
    assert article("a.html", f"<h&head><h1>Ferries stop</h1><a&b>{PARAGRAPH * 2}</a&b>").title == "Ferries stop"
