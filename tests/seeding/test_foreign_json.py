"""JSON as news APIs, extractors and schema.org write it: envelopes, objects for names, and other keys."""

import json

import pytest

from app.seeding.article import format_precise_date

NEWS_API = {
    "status": "ok",
    "totalResults": 2,
    "articles": [
        {
            "source": {"id": None, "name": "The Minsk Courier"}, "author": "Ann Lee; Bo Li", "title": "Talks go on",
            "description": "In short.", "url": "https://x.org/a", "urlToImage": None,
            "publishedAt": "2024-05-01T10:00:00Z", "content": "The delegates met.",
        },
        {"title": "Nothing new", "content": "They met again."},
    ],
}  # fmt: skip
GUARDIAN = {
    "response": {
        "status": "ok",
        "results": [
            {
                "id": "world/2024/may/01/talks", "webTitle": "Talks go on",
                "webPublicationDate": "2024-05-01T10:00:00Z",
                "webUrl": "https://x.org/a", "fields": {"bodyText": "The delegates met.", "byline": "Ann Lee"},
                "tags": [{"id": "world/belarus", "type": "keyword", "webTitle": "Belarus"}],
            }
        ],
    }
}  # fmt: skip
NEW_YORK_TIMES = {
    "status": "OK",
    "response": {
        "docs": [
            {
                "web_url": "https://x.org/a", "headline": {"main": "Talks go on", "kicker": None}, "body": "They met.",
                "pub_date": "2024-05-01T10:00:00+0000", "byline": {"original": "By Ann Lee"},
                "keywords": [{"name": "subject", "value": "Belarus", "rank": 1}],
            }
        ]
    },
}  # fmt: skip
SCHEMA_ORG = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Talks go on",
    "articleBody": "The delegates met.",
    "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "givenName": "Bo", "familyName": "Li"}],
    "publisher": {"@type": "Organization", "name": "The Minsk Courier", "logo": {"url": "https://x.org/logo"}},
    "datePublished": "2024-05-01",
    "dateModified": "2024-05-02",
    "inLanguage": "en",
    "keywords": "Belarus, talks",
    "image": ["https://x.org/b.jpg"],
}


def read(reading, value, name="a.json"):
    articles, findings = reading(name, json.dumps(value))
    assert [finding.message for finding in findings if finding.severity == "fault"] == []
    return articles, [finding.message for finding in findings]


def test_the_articles_of_an_envelope_are_read(reading):
    (first, second), _ = read(reading, NEWS_API)

    assert (first.id, first.title, first.source, first.authors) == (
        "talks-go-on", "Talks go on", "The Minsk Courier", ("Ann Lee", "Bo Li"),
    )  # fmt: skip
    assert (first.source_url, first.published.at.isoformat()) == ("https://x.org/a", "2024-05-01T10:00:00+00:00")
    assert first.extra["description"] == "In short."
    assert second.id == "nothing-new"


def test_the_guardians_envelope_with_inner_fields_is_read(reading):
    (parsed,), warnings = read(reading, GUARDIAN)

    assert (parsed.title, parsed.tags, parsed.source_url) == ("Talks go on", ("Belarus",), "https://x.org/a")
    assert parsed.paragraphs[1].text == "The delegates met."
    assert parsed.id == "world-2024-may-01-talks"
    assert warnings == [
        "`id` is 'world/2024/may/01/talks', which is no id of an article; it became 'world-2024-may-01-talks'."
    ]


def test_the_new_york_times_objects_are_read(reading):
    (parsed,), _ = read(reading, NEW_YORK_TIMES)

    assert (parsed.title, parsed.authors, parsed.tags) == ("Talks go on", ("Ann Lee",), ("Belarus",))


@pytest.mark.parametrize("graph", [False, True])
def test_schema_org_is_read(reading, graph):
    others = [{"@type": "WebSite", "name": "Site"}, {"@type": "Person", "name": "Ann Lee"}]
    value = {"@context": "https://schema.org", "@graph": [others[0], SCHEMA_ORG, others[1]]} if graph else SCHEMA_ORG
    (parsed,), _ = read(reading, value)

    assert (parsed.title, parsed.authors, parsed.source) == ("Talks go on", ("Ann Lee", "Bo Li"), "The Minsk Courier")
    assert (parsed.tags, parsed.language) == (("Belarus", "talks"), "en")
    assert format_precise_date(parsed.updated) == "2024-05-02"


@pytest.mark.parametrize("key", ["articles", "results", "items", "docs", "data"])
@pytest.mark.parametrize("lines", [False, True], ids=["json", "lines"])
def test_every_usual_key_of_an_envelope_is_looked_into(reading, key, lines):
    value = {"total": 2, key: [{"title": title, "text": "A."} for title in ("One", "Two")]}
    articles, _ = read(reading, value, "a.jsonl" if lines else "a.json")

    assert [article.id for article in articles] == ["one", "two"]


def test_an_article_with_a_list_of_that_name_is_no_envelope(reading):
    (parsed,), _ = read(reading, {"title": "T", "text": "A.", "items": [{"a": 1}]})

    assert parsed.extra == {"items": [{"a": 1}]}


def test_a_fault_within_an_envelope_has_its_line(reading):
    broken = {"articles": [{"title": "T", "text": "A."}, {"title": "U", "text": "B.", "date": "soon"}]}
    _, (finding,) = reading("a.json", json.dumps(broken, indent=1))

    assert finding.line == 10


def test_what_extractors_write_is_read(reading):
    newspaper = {
        "title": "Talks go on", "text": "The delegates met.\nThey met again.", "authors": ["Ann Lee"],
        "publish_date": "2024-05-01 00:00:00", "url": "https://x.org/a", "source_url": "https://x.org",
        "keywords": ["talks"], "tags": ["Belarus"],
    }  # fmt: skip
    (parsed,), warnings = read(reading, newspaper)

    assert [paragraph.text for paragraph in parsed.paragraphs] == [
        "Talks go on",
        "The delegates met.",
        "They met again.",
    ]
    assert parsed.tags == ("talks", "Belarus")
    assert (parsed.source_url, parsed.extra) == ("https://x.org", {"url": "https://x.org/a"})
    assert warnings == [
        "`source_url` and `url` both give `source_url`; `source_url` was taken, and `url` is served under `extra`."
    ]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".ndjson"])
def test_json_lines_are_read_under_any_suffix(reading, suffix):
    lines = [json.dumps({"id": number, "title": "T", "text": "A."}) for number in (4, 5)]
    articles, findings = reading(f"a{suffix}", "\n".join(lines))

    assert ([article.id for article in articles], findings) == (["4", "5"], [])


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ({"ents": [{"start": 0, "end": 1}]}, "ents"),
        ({"annotations": [{"result": []}]}, "annotations"),
        ({"entities": [{"start_offset": 0}]}, "entities"),
    ],
)
def test_annotations_of_other_tools_are_warned_of(reading, document, key):
    (parsed,), warnings = read(reading, {"title": "T", "text": "A.", **document})

    assert parsed.extra == document
    assert warnings == [
        f"`{key}` seems to hold annotations; no mentions were made of them, and they are served under `extra`."
    ]


@pytest.mark.parametrize(
    "key", ["@context", "rate", "author_id", "publisher_id", "contents", "links", "updater", "title2", "type"]
)
def test_a_key_of_another_meaning_is_no_misspelt_one(reading, key):
    value = ["a"] if key in {"contents", "links"} else "a"
    (parsed,), warnings = read(reading, {"title": "T", "text": "A.", key: value})

    assert (parsed.extra, warnings) == ({key: value}, [])


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("titel", "title"),
        ("sorce", "source"),
        ("langauge", "language"),
        ("headlin", "headline"),
        ("atuhors", "authors"),
    ],
)
def test_a_slip_is_a_fault_that_names_the_key(complaints, key, meant):
    value = ["a"] if meant == "authors" else "a"
    messages = [message for _, message in complaints("a.json", json.dumps({"text": "A.", key: value}))]

    assert f"`{key}` is not a key; did you mean `{meant}`? (If not, write it under `extra`.)" in messages


def test_paragraphs_with_a_type_for_the_role_are_read(reading):
    paragraphs = [
        {"type": "paragraph", "text": "One."},
        {"type": "heading", "text": "Two"},
        {"type": "quote", "text": "Three."},
    ]
    (parsed,), _ = read(reading, {"title": "T", "paragraphs": paragraphs})

    assert [paragraph.role for paragraph in parsed.paragraphs] == ["title", "body", "heading", "quote"]


def test_html_in_a_body_is_read_as_a_reader_sees_it(reading):
    body = (
        "<h2>What next</h2><p>The <b>delegates</b> met&nbsp;in H<sub>2</sub>O.<br>Then</p><!-- ad -->"
        "<script>x()</script>"
        "<blockquote>Nobody knows.</blockquote><figure><img alt='x'><figcaption>The hall.</figcaption></figure>"
        "<ul><li>One</li><li>Two</li></ul>"
    )
    (parsed,), _ = read(reading, {"headline": "Talks &amp; <i>more</i>", "articleBody": body})

    assert [(paragraph.role, paragraph.text) for paragraph in parsed.paragraphs] == [
        ("title", "Talks & more"),
        ("heading", "What next"),
        ("body", "The delegates met in H2O. Then"),
        ("quote", "Nobody knows."),
        ("caption", "The hall."),
        ("list", "One"),
        ("list", "Two"),
    ]


def test_a_text_that_only_speaks_of_tags_is_no_html(reading):
    (parsed,), _ = read(reading, {"title": "Use <b> & co", "text": "Write <p> before a < b and c > d."})

    assert (parsed.title, parsed.paragraphs[1].text) == ("Use <b> & co", "Write <p> before a < b and c > d.")


def test_offsets_into_html_are_kept_with_a_warning(reading):
    document = {"title": "T", "text": "<p>Ann met.</p>", "mentions": [{"start": 3, "end": 6, "type": "person"}]}
    (parsed,), warnings = read(reading, document)

    assert parsed.paragraphs[1].text == "<p>Ann met.</p>"
    assert warnings == ["`text` holds HTML, which was kept as it stands, because the mentions have offsets into it."]


@pytest.mark.parametrize("number", ["18446744073709551616", "-9223372036854775809"])
def test_a_whole_number_beyond_64_bits_is_a_fault_in_its_line(complaints, number):
    ((line, message),) = complaints("a.json", '{"title": "T",\n "text": "A.",\n "tweet": ' + number + "}")

    assert line == 3
    assert message.endswith("has more than 64 bits; expected it as text, in quotation marks.")


def test_long_numbers_in_texts_and_fractions_are_kept(reading):
    document = (
        '{"title": "T", "text": "12345678901234567890123", "pi": 3.14159265358979323846, "most": 18446744073709551615}'
    )
    ((parsed,), findings) = reading("a.json", document)

    assert (parsed.extra["most"], findings) == (18446744073709551615, [])
