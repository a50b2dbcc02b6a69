"""What was read of any format is written as article documents, which are read as the same articles."""

import json
from dataclasses import replace

import pytest

from app.seeding.article import Finding
from app.seeding.conversion import convert
from tests.support.golden import FIXTURES, KINDS, read_folder


def convert_folder(folder):
    """Return the JSON Lines of a folder."""
    items = convert([folder], language="en", follow_links=False)
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items if not isinstance(item, Finding))


def read_without_places(folder):
    """Return the articles of a folder without where they stand in files, and whether that named them."""
    return [
        replace(
            article,
            file="",
            line=1,
            has_derived_id=False,
            paragraphs=tuple(paragraph._replace(line=1) for paragraph in article.paragraphs),
        )
        for article in read_folder(folder)[0]
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_converted_fixtures_are_read_as_the_same_articles(kind, tmp_path):
    lines = convert_folder(FIXTURES / kind)
    (tmp_path / "kept.jsonl").write_text(lines, encoding="utf-8")

    assert read_without_places(tmp_path) == read_without_places(FIXTURES / kind)
    assert convert_folder(tmp_path) == lines


def test_conversion_reports_what_was_not_read(tmp_path):
    (tmp_path / "a.csv").write_text("title,text\nA,Text.\nB,\n")
    (article, finding) = convert([tmp_path], language="en", follow_links=False)

    assert article["title" if "title" in article else "paragraphs"][0] == {"role": "title", "text": "A"}
    assert (finding.line, finding.severity) == (3, "fault")
