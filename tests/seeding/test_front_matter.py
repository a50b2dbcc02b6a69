"""Front matter: YAML and TOML above a text, of which no part is lost in silence."""

import pytest

from app.seeding.seed import check

ZOLA = """\
+++
title = "Increasing the minimum"
date = 2024-05-06
authors = ["Ann Lee"]
draft = false

[taxonomies]
tags = ["releases"]
categories = ["news"]

[extra]
mood = "calm"
+++

# First

The text.
"""


def test_toml_front_matter_is_read(reading):
    ((parsed,), findings) = reading("a.md", ZOLA)

    assert (parsed.title, parsed.authors, parsed.tags) == ("Increasing the minimum", ("Ann Lee",), ("releases", "news"))
    assert parsed.published.at.isoformat() == "2024-05-06T00:00:00+00:00"
    assert parsed.extra == {"mood": "calm"}
    assert [paragraph.text for paragraph in parsed.paragraphs] == ["Increasing the minimum", "First", "The text."]
    assert findings == []


@pytest.mark.parametrize(
    ("above", "line", "message"),
    [
        ('title = "x"\ntitle = "y"', 3, "This is not TOML: Cannot overwrite a value"),
        ("title = x", 2, "This is not TOML: Invalid value"),
        ('tilte = "x"', 2, "`tilte` is not a key; did you mean `title`?"),
        ('title = "x"\ndate = "soon"', 3, "`published_at`: 'soon' is not a date"),
        ("title = " + "[" * 5_000, 2, "The TOML is nested more than 100 deep"),
    ],
)
def test_a_fault_in_toml_has_its_line(complaints, above, line, message):
    findings = complaints("a.md", f"+++\n{above}\n+++\n\nText.\n")

    assert [number for number, text in findings if text.startswith(message)] == [line]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("above", ["\n", "\ufeff\n\n", "  \n"])
def test_front_matter_may_stand_below_empty_lines(article, name, above):
    parsed = article(name, f"{above}---\ntitle: Lead\ntags: [x]\n---\n\nBody here is.\n")

    assert [paragraph.text for paragraph in parsed.paragraphs] == ["Lead", "Body here is."]
    assert parsed.tags == ("x",)
    assert parsed.paragraphs[1].line == above.count("\n") + 6


def test_front_matter_below_empty_lines_that_is_not_closed_is_a_fault_in_its_line(complaints):
    ((line, message),) = complaints("a.md", "\n---\ntitle: x\n\nText.\n")

    assert (line, message) == (2, "The front matter is not closed; expected a line `---` after its last key.")


@pytest.mark.parametrize("title", ["&co and more", "!important words", "!Attention"])
def test_what_yaml_takes_for_an_anchor_or_a_tag_is_part_of_the_value(article, title):
    assert article("a.md", f"---\ntitle: {title}\n---\nBody.\n").title == title


def test_what_yaml_takes_for_a_comment_is_warned_of_where_it_looks_like_text(complaints):
    above = "title: Talks #2 go on\nsource: The #1 paper\nrights: CC0 # as agreed\nmood: '#ok'"

    assert complaints("a.md", f"---\n{above}\n---\nBody.\n") == [
        (2, "'#2 go on' is a comment in YAML; quote the whole value if it belongs to it."),
        (3, "'#1 paper' is a comment in YAML; quote the whole value if it belongs to it."),
    ]


def test_a_name_that_is_settled_as_an_unknown_entity_is_a_fault_in_its_line(tmp_path):
    (tmp_path / "a.md").write_text("---\ntitle: T\nentities:\n  Minsk: minsk\n  Fryazino: zzzzzz\n---\nText.\n")
    (finding,) = check([tmp_path]).findings

    assert (finding.line, finding.message) == (
        5, "`entities` settles 'Fryazino' as 'zzzzzz', but there is no such entity; expected the id of one.",
    )  # fmt: skip
