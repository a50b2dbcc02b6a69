"""Markdown with front matter."""

import pytest

ARTICLE = """\
---
id: harbour-news
title: Harbour reopens
Author: Ana Silva
date: 2025-12-18
lang: no
tags: [1984, "weather, sea", Yes]
caption: Ferries at the pier.
credit: Jo Li
mood: calm
rank: 3
flags: [true, ~, 1.5, x]
entities:
  Washington: washington-dc
  March: null
---
# Harbour reopens

The *harbour* of [Porto](https://example.org) opened **again** &amp;
`fully`.

## What next

> Nobody knows.

- First ![pic](a.png)
- Second
  1. Nested

---

    code
"""


def test_markdown_elements_get_their_roles(article):
    parsed = article("a.md", ARTICLE)

    assert [(paragraph.role, paragraph.text, paragraph.line) for paragraph in parsed.paragraphs] == [
        ("title", "Harbour reopens", 3),
        ("caption", "Ferries at the pier.", 8),
        ("credit", "Jo Li", 9),
        ("body", "The harbour of Porto opened again & fully.", 19),
        ("heading", "What next", 22),
        ("quote", "Nobody knows.", 24),
        ("list", "First pic", 26),
        ("list", "Second", 27),
        ("list", "Nested", 28),
        ("body", "code", 32),
    ]


def test_front_matter_follows_yaml_1_2(article):
    parsed = article("a.md", ARTICLE)

    assert (parsed.id, parsed.authors, parsed.language) == ("harbour-news", ("Ana Silva",), "no")
    assert parsed.published.at.isoformat() == "2025-12-18T00:00:00+00:00"
    assert parsed.tags == ("1984", "weather, sea", "Yes")
    assert parsed.entity_overrides == {"Washington": "washington-dc", "March": None}
    assert parsed.extra == {"mood": "calm", "rank": 3, "flags": [True, None, 1.5, "x"]}


def test_the_first_heading_is_the_title_without_another(article):
    parsed = article("a.md", "# A *title*\n\nBy Ana Silva\n\n*18 December 2025*\n\nText.\n\n# Later\n\nMore.\n")

    assert [(paragraph.role, paragraph.text) for paragraph in parsed.paragraphs] == [
        ("title", "A title"),
        ("dateline", "18 December 2025"),
        ("body", "Text."),
        ("heading", "Later"),
        ("body", "More."),
    ]
    assert parsed.authors == ("Ana Silva",)
    assert parsed.published.precision == "day"


def test_a_first_heading_that_differs_from_the_title_stays(article):
    parsed = article("a.md", "---\ntitle: Given\n---\n# Another\n\nText.\n")

    assert [paragraph.role for paragraph in parsed.paragraphs] == ["title", "heading", "body"]


def test_a_picture_that_stands_alone_gives_a_caption(article):
    assert article("a.md", "# T\n\n![Ferries](a.png)\n\nText.\n").paragraphs[1].role == "caption"


def test_html_is_kept_with_a_warning(reading):
    ((parsed,), findings) = reading("a.md", "# T\n\nOne <b>two</b>.\n\n<div>three</div>\n")

    assert [paragraph.text for paragraph in parsed.paragraphs[1:]] == ["One <b>two</b>.", "<div>three</div>"]
    assert [(finding.line, finding.severity) for finding in findings] == [(3, "warning"), (5, "warning")]


@pytest.mark.parametrize(
    ("above", "line", "message"),
    [
        ("titel: x", 2, "`titel` is not a key; did you mean `title`?"),
        ("title: x\ndate: 2025-13-40", 3, "`published_at`: '2025-13-40' is not a date"),
        ("title: x\ndate: yesterday", 3, "`published_at`: 'yesterday' is not a date"),
        ("title: x\nlanguage: english!", 3, "`language` should be a language tag"),
        ("title: x\ntitle: y", 3, "The key `title` is given twice"),
        ("- a\n- b", 2, "The front matter is not a mapping"),
        ("title: x\n--- {}\nsource: y", 3, "There is a second YAML document"),
        ("title: \ufffe", 2, "This is not YAML"),
        ("just words", 2, "The front matter is not a mapping"),
        ("title: x\nsource: a: b", 3, "This is not YAML"),
        ("title: x\nsource: [a", 3, "This is not YAML"),
        ("title: &a x\nsource: *a", 3, "`*a` is an alias"),
        ("title: x\n? [a]\n: b", 3, "A key is a list"),
        ("title: x\nmentions: []", 3, "`mentions` belongs to JSON"),
        ("title: x\nid: '?!'", 3, "`id` is '?!'; expected lower-case letters and digits, of which it has none."),
        ("title: x\nauthors: {a: b}", 3, "`authors` should be a valid list; it is an object."),
        ("title: x\nannotate: perhaps", 3, "`annotate` should be a valid boolean; it is 'perhaps'."),
        ("title: x\nmore: " + "[" * 100_000, 3, "The YAML is nested more than 100 deep"),
    ],
)
def test_a_fault_in_front_matter_has_its_line(complaints, above, line, message):
    ((finding_line, finding_message),) = complaints("a.md", f"---\n{above}\n---\n\nText.\n")

    assert finding_line == line
    assert finding_message.startswith(message)


def test_a_picture_without_description_is_left_out(article):
    assert len(article("a.md", "# T\n\n![](a.png)\n\nText.\n").paragraphs) == 2
