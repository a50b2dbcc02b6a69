"""The date of the last update is read from every format that has one, and refuses no article."""

import json

import pytest

from app.seeding.article import format_precise_date

SCHEMA_ORG = {
    "@type": "NewsArticle",
    "headline": "T",
    "datePublished": "2024-05-01",
    "dateModified": "2024-05-03T10:00Z",
}
PAGE = (
    "<html><head><title>T</title>{head}</head><body><article><h1>T</h1>"
    f"<p>{'They met in the old town hall, and they talked about the treaty. ' * 8}</p></article></body></html>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>T</title><id>a</id>{published}'
    "<updated>2024-05-03T10:00:00Z</updated><content>Text.</content></entry></feed>"
)
WORDPRESS = (
    '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    "<channel><wp:wxr_version>1.2</wp:wxr_version><item><title>T</title><content:encoded>Text.</content:encoded>"
    "<wp:post_date_gmt>2024-05-01 08:00:00</wp:post_date_gmt>"
    "<wp:post_modified_gmt>{modified}</wp:post_modified_gmt><wp:post_type>post</wp:post_type>"
    "<wp:status>publish</wp:status></item></channel></rss>"
)
NEWSML = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g"><itemMeta>'
    "<versionCreated>2024-05-03T10:00:00Z</versionCreated><firstCreated>2024-05-01</firstCreated></itemMeta>"
    "<contentMeta><headline>T</headline></contentMeta>"
    "<contentSet><inlineXML><html><body><p>Text.</p></body></html></inlineXML></contentSet></newsItem>"
)
MEDIAWIKI = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"><page><title>T</title><ns>0</ns><revision>'
    "<timestamp>{timestamp}</timestamp><text>Text.</text></revision></page></mediawiki>"
)
TEI = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>T</title></titleStmt>'
    "</fileDesc><revisionDesc><change when='2024-05-02'/><change when='2024-05-03T10:00:00Z'/></revisionDesc>"
    "</teiHeader><text><body><p>Text.</p></body></text></TEI>"
)
NINJS = {
    "uri": "urn:a",
    "type": "text",
    "headline": "T",
    "body_text": "Text.",
    "firstcreated": "2024-05-01",
    "versioncreated": "2024-05-03T10:00:00Z",
}


def meta(name):
    return PAGE.format(head=f'<meta property="{name}" content="2024-05-03T10:00:00Z">')


def front_matter(line):
    return f"---\ntitle: T\ndate: 2024-05-01\n{line}\n---\n\nText.\n"


@pytest.mark.parametrize(
    ("name", "content", "updated"),
    [
        ("a.md", front_matter("updated_at: 2024-05-03"), "2024-05-03"),
        ("a.md", front_matter("lastmod: 2024-05-03T10:00:00+02:00"), "2024-05-03T10:00:00+02:00"),
        ("a.md", front_matter("last_modified_at: 3 May 2024"), "2024-05-03"),
        ("a.json", json.dumps({"title": "T", "text": "Text.", "updated": "2024-05"}), "2024-05"),
        ("a.json", json.dumps({"title": "T", "text": "Text.", "dateModified": 1714730400}), "2024-05-03T10:00:00Z"),
        ("a.csv", "title,text,modified\nT,Text.,2024-05-03\n", "2024-05-03"),
        ("a.atom", ATOM.format(published="<published>2024-05-01</published>"), "2024-05-03T10:00:00Z"),
        ("a.atom", ATOM.format(published=""), "2024-05-03T10:00:00Z"),
        ("a.xml", WORDPRESS.format(modified="2024-05-03 10:00:00"), "2024-05-03T10:00:00Z"),
        ("a.xml", WORDPRESS.format(modified="0000-00-00 00:00:00"), None),
        ("a.xml", NEWSML, "2024-05-03T10:00:00Z"),
        ("a.xml", MEDIAWIKI.format(timestamp="2024-05-03T10:00:00Z"), "2024-05-03T10:00:00Z"),
        ("a.xml", TEI, "2024-05-03T10:00:00Z"),
        ("a.json", json.dumps(NINJS), "2024-05-03T10:00:00Z"),
        ("a.html", meta("article:modified_time"), "2024-05-03T10:00:00Z"),
        (
            "a.html",
            PAGE.format(head=f'<script type="application/ld+json">{json.dumps(SCHEMA_ORG)}</script>'),
            "2024-05-03T10:00:00Z",
        ),
    ],
)
def test_date_of_update_is_read(reading, name, content, updated):
    articles, findings = reading(name, content)

    assert [format_precise_date(article.updated) for article in articles] == [updated], findings
    assert not any(finding.severity == "fault" for finding in findings)


def test_json_feed_gives_the_date_of_update(reading):
    item = {
        "id": "1",
        "title": "T",
        "content_text": "Text.",
        "date_published": "2024-05-01",
        "date_modified": "2024-05-03",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [item]}
    [article], _ = reading("feed.json", json.dumps(feed))

    assert format_precise_date(article.updated) == "2024-05-03"
    assert "date_modified" not in article.extra


@pytest.mark.parametrize("value", ["yesterday", True, ["2024"], {"by": "Ann"}, 1.5])
@pytest.mark.parametrize("key", ["updated_at", "lastmod", "modified"])
def test_what_is_no_date_of_update_is_kept_with_a_warning(reading, key, value):
    [article], [finding] = reading("a.json", json.dumps({"title": "T", "text": "Text.", key: value, "extra": {"a": 1}}))

    assert (article.updated, article.extra) == (None, {"updated_at": value, "a": 1})
    assert (finding.severity, "no date that is understood" in finding.message) == ("warning", True)


@pytest.mark.parametrize("key", ["update", "updates", "updated_by", "updater", "modifier", "update_frequency"])
def test_keys_that_resemble_the_date_of_update_are_no_slips_of_it(reading, key):
    [article], findings = reading("a.json", json.dumps({"title": "T", "text": "Text.", key: "2024"}))

    assert (article.extra, findings) == ({key: "2024"}, [])
