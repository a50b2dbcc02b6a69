"""Titles: what the title of a text is, and what is none."""

import json

import pytest

from app.seeding.normalize.titles import make_title


def texts(article):
    return [(paragraph.role, paragraph.text) for paragraph in article.paragraphs]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("minsk-talks", "Minsk talks"),
        ("2016/_posts/2016-10-03-minsk_talks", "Minsk talks"),
        ("posts/minsk-talks/index", "Minsk talks"),
        ("posts/_index", "Posts"),
        ("My Note (2)", "My Note (2)"),
        ("COVID-19", "COVID 19"),
        ("пераклад-тэксту", "Пераклад тэксту"),
    ],
)
def test_a_file_name_gives_a_title(name, title):
    assert make_title(name) == title


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("talks/minsk-talks.md", "The text.\n"),
        ("talks/minsk-talks.md", "---\ntags: [a]\n---\n\nThe text.\n"),
        ("talks/minsk-talks.json", json.dumps({"text": "The text."})),
        ("talks/minsk-talks.txt", "{{date|May 1, 2024}}\n\nThe text.\n"),
        ("talks/minsk-talks.txt", "A first paragraph that goes on. " * 10 + "\n\nThe text.\n"),
    ],
)
def test_without_a_title_the_file_name_gives_one_with_a_warning(reading, name, content):
    ((parsed,), (finding,)) = reading(name, content)

    assert parsed.title == "Minsk talks"
    assert parsed.paragraphs[-1].text == "The text."
    assert (finding.severity, finding.message) == (
        "warning", "There is no title; 'Minsk talks' was made from the file's name.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "heading", ["# Talks go on", "## Talks go on", "Talks go on\n===========", "Before.\n\n# Talks go on"]
)
def test_the_first_heading_of_markdown_is_the_title(article, heading):
    parsed = article("a.md", f"{heading}\n\nThe text.\n")

    assert parsed.title == "Talks go on"
    assert [role for role, _ in texts(parsed)].count("heading") == 0


def test_a_second_level_heading_below_text_is_no_title(article):
    assert texts(article("a.md", "The text.\n\n## Later\n\nMore.\n")) == [
        ("title", "A"), ("body", "The text."), ("heading", "Later"), ("body", "More."),
    ]  # fmt: skip


def test_an_address_in_the_first_line_is_that_of_the_article(article):
    parsed = article("a.txt", "https://x.org/news/1\nTalks go on\n\nThe text.\n")

    assert (parsed.source_url, texts(parsed)) == (
        "https://x.org/news/1",
        [("title", "Talks go on"), ("body", "The text.")],
    )


def test_a_mail_has_its_subject_as_title(article):
    header = (
        "From: Ann Lee <ann@x.org>\nNewsgroups: sci.space\nSubject: =?utf-8?q?Talks_=C3=A0_Minsk?=\n  go on\n"
        "Date: Wed, 1 May 2024 10:00:00 +0200\n"
    )
    parsed = article("a.txt", f"{header}\nThe delegates met.\n\nNote: they met.\n")

    assert (parsed.title, parsed.authors) == ("Talks à Minsk go on", ("Ann Lee",))
    assert parsed.published.at.isoformat() == "2024-05-01T08:00:00+00:00"
    assert texts(parsed)[1:] == [("body", "The delegates met."), ("body", "Note: they met.")]
    assert parsed.extra["headers"]["newsgroups"] == "sci.space"
    assert parsed.paragraphs[1].line == 7


def test_lines_with_colons_are_no_mail(article):
    parsed = article("a.txt", "Minsk: talks go on\n\nDate: unknown. From: nowhere.\n\nThe text.\n")

    assert parsed.title == "Minsk: talks go on"


@pytest.mark.parametrize("ruler", ["======", "-----", "* * * * *", "___", "~~~~~"])
def test_a_ruler_is_neither_title_nor_heading(article, ruler):
    parsed = article("a.txt", f"{ruler}\nTalks go on\n{ruler}\n\nFirst.\n\n{ruler}\n\nSecond.\n")

    assert texts(parsed) == [("title", "Talks go on"), ("body", "First."), ("body", "Second.")]


def test_a_ruler_in_a_text_without_blank_lines_joins_no_lines(article):
    assert texts(article("a.txt", "Title\n=====\nOne.\nTwo.\n")) == [
        ("title", "Title"),
        ("body", "One."),
        ("body", "Two."),
    ]


def test_a_wrapped_title_is_joined_also_above_the_caption(article):
    title = "Delegates of three countries go on talking in\nMinsk about the end of the tests"
    parsed = article("a.txt", f"{title}\nBy Ann Lee\n\n{title}\nThe hall on Friday.\n\nThe text.\n")

    assert texts(parsed) == [
        ("title", title.replace("\n", " ")),
        ("caption", "The hall on Friday."),
        ("body", "The text."),
    ]
    assert parsed.authors == ("Ann Lee",)


@pytest.mark.parametrize(
    "first",
    ["Talks go on\nThe delegates met again.", "Delegates of three countries go on talking in Minsk\nThey met again."],
)
def test_a_line_below_a_title_that_is_a_sentence_is_text(article, first):
    parsed = article("a.txt", f"{first}\n\nThe text.\n")

    assert parsed.title == first.split("\n")[0]
    assert len(parsed.paragraphs) == 3


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("<!DOCTYPE html>\n<html><body>x", "a page of HTML"),
        ("\n-DOCSTART- -X- O O\n\nEU NNP B-NP", "a file of CoNLL columns"),
    ],
)
def test_another_format_in_a_text_file_is_a_fault_that_names_it(complaints, content, what):
    assert complaints("a.txt", content) == [(1, f"This is {what}; expected plain text.")]
