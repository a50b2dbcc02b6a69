"""Feeds, news items and metadata of pages are what their readers and their standards take."""

import json
from html.parser import HTMLParser

import feedparser
from hypothesis import given, settings
from jsonschema import validate
from pyld import jsonld

from app.export.document import Report, replace_invalid_xml
from app.export.formats import FEED_FORMATS, TEXT_FORMATS
from app.export.web.feed import Feed
from tests.support.exported_articles import exported_articles, make_article

ORIGIN = "https://news.example.org"
FEED = Feed('Articles: q="a & b"', f"{ORIGIN}/articles.atom?q=a", f"{ORIGIN}/articles?q=a", "2026-11-30T14:00:00Z")

STRING = {"type": "string"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$"}
URI = {"type": "string", "pattern": r"^[a-z]+:[!-~]+$"}


def record(required=(), **properties):
    """Return the schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,
    }


def array(items):
    return {"type": "array", "items": items}


CONCEPT = record(name=STRING, rel=STRING, uri=URI, literal=STRING)
VALUE = record(["value"], role=STRING, contentType=STRING, value=STRING)
NINJS = record(
    ["uri"],
    standard=record(name=STRING, version=STRING, schema=URI),
    uri=URI,
    type={"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"]},
    representationType={"enum": ["full", "partial"]},
    firstCreated=MOMENT,
    versionCreated=MOMENT,
    contentCreated=MOMENT,
    language=STRING,
    slugline=STRING,
    title=STRING,
    by=STRING,
    copyrightHolder=STRING,
    copyrightNotice=STRING,
    usageTerms=STRING,
    headlines=array(VALUE),
    descriptions=array(VALUE),
    bodies=array(
        record(
            ["value"],
            role=STRING,
            contentType=STRING,
            charCount={"type": "integer"},
            wordCount={"type": "integer"},
            value=STRING,
        )
    ),
    infoSources=array(record(name=STRING, role=STRING, uri=URI, literal=STRING)),
    altIds=array(record(role=STRING, value=STRING)),
    people=array(CONCEPT),
    organisations=array(CONCEPT),
    places=array(CONCEPT),
    events=array(CONCEPT),
    objects=array(CONCEPT),
    subjects=array(CONCEPT),
)
"""What IPTC's schema of ninjs 3.1 says about the properties of a text."""

JSON_FEED = record(
    ["version", "title", "items"],
    version={"const": "https://jsonfeed.org/version/1.1"},
    title=STRING,
    home_page_url=URI,
    feed_url=URI,
    items=array(
        record(
            ["id", "content_html"],
            id=STRING,
            url=URI,
            external_url=URI,
            title=STRING,
            summary=STRING,
            content_html=STRING,
            date_published=MOMENT,
            date_modified=MOMENT,
            authors=array(record(name={"type": "string", "minLength": 1})),
            tags=array(STRING),
            language=STRING,
        )
    ),
)
"""What the specification of JSON Feed 1.1 says about a feed of texts."""


class TextReader(HTMLParser):
    """Reads the text of HTML, and the id of the entity of each element that has one."""

    def __init__(self):
        super().__init__()
        self.text, self.entities = "", []

    def handle_starttag(self, _tag, attributes):
        self.entities += [value for name, value in attributes if name == "data-entity"]

    def handle_data(self, data):
        self.text += data


def read_html(html):
    reader = TextReader()
    reader.feed(html)
    reader.close()
    return reader


def complete(article):
    """Return the article with the whole URL that exports give it."""
    return {**article, "url": ORIGIN + article["url"]}


def write(suffix, articles):
    report = Report()
    articles = iter(map(complete, articles))
    if suffix in FEED_FORMATS:
        return b"".join(FEED_FORMATS[suffix].write(FEED, articles, report)), report
    return b"".join(TEXT_FORMATS[suffix].write(articles, report)), report


def body_of(article):
    return "".join(paragraph["text"] for paragraph in article["paragraphs"][1:])


def without_space(text):
    return "".join(text.split())


TALKS = make_article(
    "talks",
    [
        ("title", "Talks <in> Minsk", [(11, 16, "place", "minsk")]),
        ("heading", "Day one", []),
        ("body", "Ann Lee & others spoke in Minsk.", [(0, 7, "person", "ann-lee"), (26, 31, "place", "minsk")]),
        ("list", "One", []),
        ("list", "Two", []),
        ("quote", "Nobody listened.", []),
    ],
    published_at="2025-12",
    authors=["A. Writer"],
    source="The Paper",
    source_url="https://paper.example/talks",
    rights="CC0",
)
UNDATED = make_article("undated", [("title", "No date", []), ("body", "Text.", [])])


@settings(max_examples=25)
@given(articles=exported_articles())
def test_feedparser_reads_every_entry_of_an_atom_feed(articles):
    data, report = write("atom", articles)
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)

    assert not feed.bozo
    assert [entry.id for entry in feed.entries] == [f"tag:news.example.org,2026:{each['url']}" for each in articles]
    assert [without_space(read_html(entry.content[0].value).text) for entry in feed.entries] == [
        without_space(replace_invalid_xml(body_of(article))) for article in articles
    ]
    assert report.articles == len(articles)


def test_atom_feed_says_what_it_is_and_when_it_changed():
    data, _ = write("atom", [TALKS, UNDATED])
    feed = feedparser.parse(data)
    first, second = feed.entries

    assert feed.version == "atom10"
    assert (feed.feed.title, feed.feed.updated) == (FEED.title, FEED.updated_at)
    assert [(link.rel, link.href) for link in feed.feed.links] == [("self", FEED.url), ("alternate", FEED.list_url)]
    assert (first.title_detail.value, first.link) == ("Talks <in> Minsk", f"{ORIGIN}/articles/talks")
    assert (first.published, first.updated) == ("2025-12-01T00:00:00Z",) * 2
    assert (first.author, [tag.label for tag in first.tags]) == ("A. Writer", ["Arms"])
    assert [link.href for link in first.links if link.rel == "via"] == ["https://paper.example/talks"]
    assert "published" not in second
    assert second.updated == "1970-01-01T00:00:00Z"


def test_ids_of_a_feed_are_the_same_on_every_port_and_scheme():
    ids = set()
    for origin in ("http://news.example.org:8000", ORIGIN):
        pieces = FEED_FORMATS["feed.json"].write(FEED, iter([{**TALKS, "url": f"{origin}/articles/talks"}]), Report())
        ids.add(json.loads(b"".join(pieces))["items"][0]["id"])

    assert ids == {"tag:news.example.org,2026:/articles/talks"}


@settings(max_examples=25)
@given(articles=exported_articles())
def test_json_feed_is_what_its_specification_says(articles):
    data, _ = write("feed.json", articles)
    feed = json.loads(data)
    validate(feed, JSON_FEED)

    assert [without_space(read_html(item["content_html"]).text) for item in feed["items"]] == [
        without_space(body_of(article)) for article in articles
    ]


def test_item_of_a_json_feed_has_what_is_known_of_an_article():
    data, _ = write("feed.json", [TALKS, UNDATED])
    first, second = json.loads(data)["items"]

    assert first == {
        "id": "tag:news.example.org,2026:/articles/talks",
        "url": f"{ORIGIN}/articles/talks",
        "external_url": "https://paper.example/talks",
        "title": "Talks <in> Minsk",
        "summary": "Ann Lee & others spoke in Minsk.",
        "date_published": "2025-12-01T00:00:00Z",
        "authors": [{"name": "A. Writer"}],
        "tags": ["Arms"],
        "language": "en",
        "content_html": "<h2>Day one</h2>\n"
        '<p><span class="mention" data-type="person" data-entity="ann-lee">Ann Lee</span> &amp; others spoke in '
        '<span class="mention" data-type="place" data-entity="minsk">Minsk</span>.</p>\n'
        "<ul><li>One</li><li>Two</li></ul>\n"
        "<blockquote>Nobody listened.</blockquote>",
    }
    assert "date_published" not in second


@settings(max_examples=25)
@given(articles=exported_articles())
def test_lines_of_ninjs_are_news_items_with_every_mention_of_their_text(articles):
    data, report = write("ninjs.jsonl", articles)
    items = [json.loads(line) for line in data.splitlines()]
    for item in items:
        validate(item, NINJS)
    marked = [read_html(item["bodies"][1]["value"]) for item in items]
    texts = [without_space(body_of(article)) for article in articles]
    mentions = [each for article in articles for part in article["paragraphs"][1:] for each in part["mentions"]]
    titles = [each for article in articles for each in article["paragraphs"][0]["mentions"]]

    assert [without_space(reader.text) for reader in marked] == texts
    assert {id for reader in marked for id in reader.entities} == {
        mention["entity"]["id"] for mention in mentions if mention["entity"]
    }
    assert (report.mentions, report.omitted["in the title"]) == (len(mentions), len(titles))


def test_news_item_names_who_and_what_is_mentioned():
    data, _ = write("ninjs.jsonl", [TALKS])
    item = json.loads(data)

    assert item["uri"] == f"{ORIGIN}/articles/talks"
    assert item["headlines"] == [{"role": "main", "value": "Talks <in> Minsk"}]
    assert item["people"] == [{"name": "Ann-Lee", "rel": "mentions", "uri": f"{ORIGIN}/entities/ann-lee"}]
    assert item["places"] == [{"name": "Minsk", "rel": "mentions", "uri": f"{ORIGIN}/entities/minsk"}]
    assert item["subjects"] == [{"name": "Arms", "rel": "about", "uri": f"{ORIGIN}/tags/arms"}]
    assert item["versionCreated"] == "2025-12-01T00:00:00Z"


def test_uri_of_a_news_item_is_ascii():
    data, _ = write("ninjs.jsonl", [make_article("мінск", [("title", "M", [(0, 1, "place", "мінск")])])])
    item = json.loads(data)
    validate(item, NINJS)

    assert item["places"][0]["uri"] == f"{ORIGIN}/entities/%D0%BC%D1%96%D0%BD%D1%81%D0%BA"


def test_json_ld_processor_reads_news_articles_with_what_they_mention():
    def load(url, _options):
        assert url == "https://schema.org"
        context = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "sameAs": {"@type": "@id"}}
        return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": {"@context": context}}

    data, report = write("schema.jsonld", [TALKS, UNDATED])
    first, second = jsonld.expand(json.loads(data), {"documentLoader": load})
    mentioned = {each["@id"]: each["@type"] for each in first["https://schema.org/mentions"]}

    assert first["@type"] == second["@type"] == ["https://schema.org/NewsArticle"]
    assert first["@id"] == f"{ORIGIN}/articles/talks"
    assert mentioned == {
        f"{ORIGIN}/entities/minsk": ["https://schema.org/Place"],
        f"{ORIGIN}/entities/ann-lee": ["https://schema.org/Person"],
    }
    assert first["https://schema.org/datePublished"] == [{"@value": "2025-12"}]
    assert "https://schema.org/datePublished" not in second
    assert (report.articles, report.mentions) == (2, 3)
