"""Plain text as news sites show it."""

from datetime import UTC, datetime

import pytest

from app.seeding.scanner import scan
from tests.conftest import SHARED
from tests.seeding.conftest import read_file

SAMPLE = SHARED / "seed-article"

PASTED = """\
Harbour reopens after storm

Harbour reopens after storm
Ferries wait at the pier on Friday.
Ana Silva

The harbour opened again on Friday, after two days
in which no ship could leave.

What comes next

Repairs to the pier will take until spring.

Tags
weather
Shipping, ferries
"""


def roles(article):
    return [paragraph.role for paragraph in article.paragraphs]


def texts(article):
    return [paragraph.text for paragraph in article.paragraphs]


def test_a_pasted_article_gets_its_roles(article):
    parsed = article("harbour.txt", PASTED)

    assert [(paragraph.role, paragraph.section, paragraph.line) for paragraph in parsed.paragraphs] == [
        ("title", None, 1),
        ("caption", None, 4),
        ("credit", None, 5),
        ("body", None, 7),
        ("heading", None, 10),
        ("body", "What comes next", 12),
    ]
    assert parsed.paragraphs[3].text == (
        "The harbour opened again on Friday, after two days in which no ship could leave."
    )
    assert parsed.tags == ("weather", "Shipping", "ferries")
    assert (parsed.id, parsed.title, parsed.language) == ("harbour", "Harbour reopens after storm", "en")
    assert parsed.annotate


@pytest.mark.skipif(not SAMPLE.exists(), reason="The sample article is not on this machine.")
def test_the_sample_article_gets_its_roles():
    (file,) = scan([SAMPLE]).files

    ((sample,), findings) = read_file(file)

    assert findings == []
    assert roles(sample) == ["title", "caption", "credit", *["body"] * 6, "heading", *["body"] * 4]
    assert {paragraph.section for paragraph in sample.paragraphs[10:]} == {"Relations with the United States"}
    assert sample.tags == ()


@pytest.mark.parametrize("end", ["Tags", "Tags:", "TAGS\n\n", "Tags: "])
def test_an_empty_tag_block_is_no_paragraph(article, end):
    assert roles(article("a.txt", f"Title\n\nSome text here.\n\n{end}")) == ["title", "body"]


@pytest.mark.parametrize("end", ["Tags: a, b b", "Tags:\na\nb b", "tags\na, b b,"])
def test_a_tag_block_has_tags_in_lines_or_between_commas(article, end):
    assert article("a.txt", f"Title\n\nSome text.\n\n{end}\n").tags == ("a", "b b")


def test_the_word_tags_inside_the_text_begins_no_tag_block(article):
    parsed = article("a.txt", "Title\n\nTags: none.\n\nThe end of the text.\n")

    assert parsed.tags == ()
    assert texts(parsed)[1:] == ["Tags: none.", "The end of the text."]


def test_without_blank_lines_each_line_is_a_paragraph(article):
    assert texts(article("a.txt", "Title\nOne.\nTwo.\nThree.\nTags: a\n")) == ["Title", "One.", "Two.", "Three."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_separate_lines(article, end):
    assert texts(article("a.txt", end.join(["Title", "", "One", "two.", "", "Three."]))) == [
        "Title",
        "One two.",
        "Three.",
    ]


def test_a_byte_order_mark_is_dropped(article):
    assert article("a.txt", b"\xef\xbb\xbfTitle\n\nText.\n").title == "Title"


def test_a_lone_line_under_the_repeated_title_is_the_caption(article):
    assert roles(article("a.txt", "Title\n\nTitle\nReuters\n\nText.\n")) == ["title", "caption", "body"]


def test_a_long_last_line_under_the_repeated_title_is_no_credit(article):
    parsed = article("a.txt", "Title\n\nTitle\nA picture of\nships that lie in the old harbour.\n\nText.\n")

    assert texts(parsed)[1] == "A picture of ships that lie in the old harbour."
    assert roles(parsed) == ["title", "caption", "body"]


def test_a_heading_needs_a_paragraph_after_it_and_one_before_it(article):
    parsed = article("a.txt", "Title\n\nNot yet\n\nText.\n\nNot here\n\nBut here\n\nText.\n\nNor at the end\n")

    assert roles(parsed) == ["title", "body", "body", "body", "heading", "body", "body"]


def test_a_long_line_of_a_script_without_spaces_is_no_heading(article):
    line = "ภาษาไทย" * 30

    assert roles(article("a.txt", f"หัวข้อ\n\n{line}\n\n{line}\n\n{line}\n")) == ["title", "body", "body", "body"]


@pytest.mark.parametrize("line", ["18 December 2025", "December 18, 2025", "Thursday, December 18, 2025", "2025-12-18"])
def test_a_lone_date_is_a_dateline_and_gives_the_date(article, line):
    parsed = article("a.txt", f"Title\n\n{line}\n\nText.\n")

    assert roles(parsed) == ["title", "dateline", "body"]
    assert parsed.published.at == datetime(2025, 12, 18, tzinfo=UTC)
    assert parsed.published.precision == "day"


def test_a_byline_gives_authors_and_is_no_paragraph(article):
    parsed = article("a.txt", "Title\nBy Ana Silva, Jo Li and Kim Ode\n4 May 2020\n\nText.\n")

    assert parsed.authors == ("Ana Silva", "Jo Li", "Kim Ode")
    assert roles(parsed) == ["title", "dateline", "body"]


@pytest.mark.parametrize("line", ["By the end of the year nothing was left", "By Monday it was over."])
def test_a_sentence_that_begins_with_by_is_text(article, line):
    assert texts(article("a.txt", f"Title\n\n{line}\n\nText.\n"))[1] == line


def test_plain_text_may_have_front_matter(article):
    parsed = article("a.txt", "---\ntitle: Title\ntags: [x]\n---\nTitle\n\nText.\n\nTags: y\n")

    assert [(paragraph.text, paragraph.line) for paragraph in parsed.paragraphs] == [("Title", 2), ("Text.", 7)]
    assert parsed.tags == ("x", "y")


def test_tags_in_front_matter_may_be_one_string(article):
    assert article("a.txt", "---\ntags: a, b\n---\nTitle\n\nText.\n\nTags: c").tags == ("a", "b", "c")


def test_a_fault_in_the_front_matter_of_plain_text_has_its_line(complaints):
    assert complaints("a.txt", "---\ntilte: a\n---\nTitle\n\nText.\n") == [
        (2, "`tilte` is not a key; did you mean `title`? (If not, write it under `extra`.)")
    ]


def test_a_repeated_title_without_caption_is_dropped(article):
    assert roles(article("a.txt", "Title\n\nTitle\n\nText.\n")) == ["title", "body"]


def test_a_date_between_paragraphs_is_no_heading(article):
    parsed = article("a.txt", "Title\n\nText.\n\n4 May 2020\n\nText.\n")

    assert roles(parsed) == ["title", "body", "dateline", "body"]


def test_a_title_in_front_matter_leaves_another_first_line_in_the_text(article):
    assert texts(article("a.txt", "---\ntitle: Given\n---\nFirst.\n\nText.\n")) == ["Given", "First.", "Text."]


def test_an_article_without_text_gives_a_warning(reading):
    ((parsed,), (finding,)) = reading("a.txt", "Title\n")

    assert texts(parsed) == ["Title"]
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"Title\n\n" + bytes(range(128, 256)), 3, "Byte 7 (0x80) is not UTF-8, and no other encoding was recognized"),
        (b"", 1, "The file is empty"),
        (b"\xef\xbb\xbf \n\n", 1, "The file is empty"),
        ("\u00a0\n".encode(), 1, "The file is empty"),
        (b"Title\n\nA\x00b.\n", 3, "There is a control character, U+0000"),
        (b"Title\r\n\r\nA \x07b.\r\n", 3, "There is a control character, U+0007"),
        (b"---\ntitle: x\n\nText.\n", 1, "The front matter is not closed"),
        (b"---\n\n---\n", 1, "There is no title"),
        (b"---\ntitle: " + b"a" * 9_000 + b"\n---\nb", 2, "The title has 9,000 characters; expected at most 2,000"),
        (b"a\n" * 5_000_001, 1, "The file is longer than 10 MB"),
        (b"a\n" * 60_000, 50_001, "There are more than 50,000 paragraphs"),
    ],
    ids=["bytes", "empty", "white", "no-break space", "nul", "bell", "unclosed", "nothing", "title", "long", "lines"],
)
def test_a_broken_file_is_a_fault_with_its_line(reading, content, line, message):
    articles, (finding,) = reading("a.txt", content)

    assert articles == []
    assert (finding.line, finding.severity) == (line, "fault")
    assert finding.message.startswith(message)
