"""XML: nothing is fetched or expanded, long exports are read in chunks, and bad files end in a sentence."""

import pytest

from app.seeding.readers import CHUNK_BYTES
from tests.support.growth import assert_linear

TEI = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>{}</body></text></TEI>'
PAGE = "<page><title>Page {0}</title><ns>0</ns>\n<revision><text>{1}</text></revision></page>\n"


def write_wiki(pages):
    return f'<mediawiki xml:lang="en">\n<siteinfo><sitename>A wiki</sitename></siteinfo>\n{pages}</mediawiki>\n'


def test_long_export_is_read_in_chunks_and_keeps_its_lines(reading):
    pages = "".join(PAGE.format(number, "Some words. " * (CHUNK_BYTES // 60)) for number in range(12))
    articles, findings = reading("a.xml", write_wiki(pages))

    assert findings == []
    assert [(article.id, article.line, article.source) for article in articles] == [
        (f"page-{number}", 3 + 2 * number, "A wiki") for number in range(12)
    ]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (TEI.format("<p>a</q>"), 1, "This is not XML: Opening and ending tag mismatch"),
        ("<TEI><teiHeader/></TEI>", 1, "There is no `text` in this TEI document; expected one."),
        ("<teiCorpus/>", 1, "There is no text in this TEI corpus; expected at least one."),
        ("<nitf><body/></nitf>", 1, "There is no `body.content` in this NITF; expected one."),
        ('<!DOCTYPE a [<!ENTITY b "c">]>\n<TEI>&b;</TEI>', 1, "The XML declares entities; expected none."),
        (TEI.format("<p>" * 300 + "a" + "</p>" * 300), 1, "This is not XML: Excessive depth in document"),
        ("<TEI", 1, "This is not XML: "),
    ],
)
def test_broken_xml_is_a_fault_with_its_line(reading, content, line, message):
    _, (finding,) = reading("a.xml", content)

    assert (finding.line, finding.severity) == (line, "fault")
    assert finding.message.startswith(message)


@pytest.mark.parametrize(
    ("write_text", "size"),
    [
        (lambda count: "{{a|" * count, 1_250),
        (lambda count: "[[a|" * count, 1_250),
        (lambda count: "''" * count, 3_125),
        (lambda count: "&lt;b&gt;" * count, 1_250),
        (lambda count: "* " * count, 3_125),
        (lambda count: "{|\n" * count, 312),
        (lambda count: "[http://a " * count, 1_250),
        (lambda count: "{{{" * count + "}}}" * count, 125),
    ],
    ids=["templates", "links", "styles", "tags", "lists", "tables", "addresses", "arguments"],
)
def test_wikitext_made_to_take_long_takes_linear_time(reading, write_text, size):
    def read(count):
        articles, findings = reading("a.xml", write_wiki(PAGE.format(1, write_text(count))))

        assert articles or findings
        assert "The program failed" not in "".join(finding.message for finding in findings)

    assert_linear(read, size)


def test_names_of_xml_keep_their_lines_and_paragraphs(reading):
    body = "<p>Ann\n  came to <placeName>Port\n Anne</placeName>.</p>\n<p><persName/>It rained.</p>"
    (article,), findings = reading("a.xml", "<!-- a -->\n" + TEI.format("<head>A title</head>" + body))
    (mention,) = article.mentions

    assert findings == []
    assert [paragraph.text for paragraph in article.paragraphs] == ["A title", "Ann came to Port Anne.", "It rained."]
    assert (mention.paragraph, mention.start, mention.end, mention.type) == (1, 12, 21, "place")


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ('when="1986"', "1986"),
        ('when="1986-04-26T01:23:00+03:00"', "1986-04-26"),
        ('when-iso="1986-04"', "1986-04"),
        ('when-custom="198X"', "198X"),
        ('from="1986-04-26" to="1986-05-06"', "1986-04-26/1986-05-06"),
        ('notBefore="1985" notAfter="1987"', "1985/1987"),
    ],
)
def test_dates_that_tei_marks_are_those_of_their_paragraphs(reading, attributes, value):
    body = f"<p>Rain.</p><p>It  was <date {attributes}> the <placeName>Kyiv</placeName>\n day </date>.</p>"
    (article,), findings = reading("a.xml", TEI.format("<head>A title</head>" + body))

    assert findings == []
    assert article.dates == ((2, 7, 19, value),)
    assert [(mention.start, mention.end) for mention in article.mentions] == [(11, 15)]


@pytest.mark.parametrize("attributes", ["", 'when="--04-26"', 'from="1986"', 'from="1900-01-01" to="1999-12-31"'])
def test_date_of_tei_without_a_value_stays_a_mention(reading, attributes):
    (article,), findings = reading("a.xml", TEI.format(f"<head>T</head><p>On <date {attributes}>that day</date>.</p>"))
    (mention,) = article.mentions

    assert findings == []
    assert (article.dates, mention.label, mention.start, mention.end) == (None, "date", 3, 11)


def test_date_in_a_dateline_alone_leaves_dates_to_be_looked_for(reading):
    dateline = '<opener><dateline>Kyiv, <date when="1986-05-02">2 May</date></dateline></opener>'
    (article,), findings = reading("a.xml", TEI.format(f"<head>T</head>{dateline}<p>It began in April 1986.</p>"))

    assert findings == []
    assert article.dates is None
