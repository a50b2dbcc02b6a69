"""Feeds: one article an item, whatever their size; nothing is expanded or fetched."""

from unittest.mock import Mock

import pytest

from app.seeding.readers import CHUNK_BYTES
from app.seeding.readers.feeds import atom, rss
from app.seeding.readers.xml import wordpress
from tests.support.growth import assert_linear

ITEM = "<item>\n<title>Item {0}</title>\n<link>https://a.example/{0}</link>\n<description>{1}</description>\n</item>\n"


def write_feed(items):
    return f'<?xml version="1.0"?>\n<rss version="2.0">\n<channel>\n<title>A feed</title>\n{items}</channel>\n</rss>\n'


def test_long_feed_is_read_in_chunks_and_keeps_its_lines(reading):
    text = "Some words. " * (CHUNK_BYTES // 60)
    content = write_feed("".join(ITEM.format(number, text) for number in range(1, 13)))
    articles, findings = reading("a.rss", content)

    assert findings == []
    assert [(article.id, article.line, article.source) for article in articles] == [
        (f"item-{number}", 5 * number, "A feed") for number in range(1, 13)
    ]


def test_entities_of_html_are_read_as_their_characters(article):
    parsed = article("a.rss", write_feed(ITEM.format(1, "caf&eacute; &mdash; bar &nosuchthing; &amp;lt;")))

    assert parsed.paragraphs[1].text == "café — bar &nosuchthing; <"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (
            "<rss><channel>\n<item>\n<title>a</item></channel></rss>",
            3,
            "This is not XML: Opening and ending tag mismatch",
        ),
        (
            '<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel><item><title>&a;</title></item></channel></rss>',
            1,
            "The XML declares entities; expected none.",
        ),
        (
            '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><item><title>&a;</title></item></rss>',
            1,
            "The XML declares entities; expected none.",
        ),
        ("<rss>" + "<a>" * 100_000, 1, "This is not XML: "),
    ],
)
def test_broken_feed_is_a_fault_with_its_line(reading, content, line, message):
    _, (finding,) = reading("a.rss", content)

    assert (finding.line, finding.severity) == (line, "fault")
    assert finding.message.startswith(message)


def test_item_with_a_date_that_is_none_keeps_it_beside_its_text(reading):
    item = ITEM.format(1, "Text.").replace("</item>", "<pubDate>soon</pubDate></item>")
    (article,), (warning,) = reading("a.rss", write_feed(item))

    assert article.extra == {"published_at": "soon"}
    assert (
        warning.message == "`published_at` is 'soon', which is no date that is understood; it was kept under `extra`."
    )


def test_feed_of_nested_elements_that_never_end_takes_linear_time(reading):
    assert_linear(lambda count: reading("a.rss", b"<rss><channel>" + b"<item " * count), 50_000)


def test_xml_of_another_kind_is_named(reading):
    articles, (finding,) = reading("pom.xml", "<project><name>A</name></project>")

    assert articles == []
    assert finding.severity == "warning"
    assert finding.message.startswith("This XML, whose outermost element is `project`, was not read")


def test_item_of_a_json_feed_that_is_no_object_is_a_fault(reading):
    feed = '{"version": "https://jsonfeed.org/version/1", "title": "A", "items": [{"content_text": "Hello."}, 7]}'
    articles, (finding,) = reading("a.json", feed)

    assert [article.title for article in articles] == ["Hello."]
    assert finding.message == "Item 2 of the feed is not an object; expected an item."


@pytest.mark.parametrize(
    ("reader", "name", "feed"),
    [
        (rss, "a.rss", ("<rss><channel><title>F</title>", "<item><title>T</title></item>", "</channel></rss>")),
        (atom, "a.atom", ('<feed xmlns="http://www.w3.org/2005/Atom">', "<entry><title>T</title></entry>", "</feed>")),
        (wordpress, "a.wxr", ("<rss><channel>", "<item><title>T</title></item>", "</channel></rss>")),
    ],
)
def test_what_a_feed_says_of_all_its_items_is_read_once(reading, monkeypatch, reader, name, feed):
    function = "read_feed" if reader is atom else "read_channel"
    read_shared = Mock(wraps=getattr(reader, function))
    monkeypatch.setattr(reader, function, read_shared)
    begin, item, end = feed
    articles, _ = reading(name, begin + item * 20 + end)

    assert len(articles) == 20
    assert read_shared.call_count == 1
