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


def rendered(reading, text, name="a.md"):
    """The paragraphs under the title, and the warnings."""
    ((parsed,), findings) = reading(name, f"# T\n\n{text}\n")
    return [(p.role, p.text) for p in parsed.paragraphs[1:]], [(finding.line, finding.message) for finding in findings]


def bodies(*texts):
    return [("body", text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H<sub>2</sub>O is <b>wet</b>.", bodies("H2O is wet.")),
        ("One<br>two<br/>three.", bodies("One two three.")),
        ("<!-- more -->\n\nText <!-- hidden --> here.", bodies("Text here.")),
        ("<div>three</div>", bodies("three")),
        ("<script>\nlet x = 1;\n\nlet y;\n</script>\n\nText.", bodies("Text.")),
        ("<figure>\n<img src=a.png>\n<figcaption>The hall.</figcaption>\n</figure>", [("caption", "The hall.")]),
        ("<blockquote><p>Never.</p></blockquote>", [("quote", "Never.")]),
        ("<details><summary>More</summary>Text &amp; text.</details>", bodies("More", "Text & text.")),
        ("`<b>` stays code.", bodies("<b> stays code.")),
        ("~~Struck~~ out.", bodies("Struck out.")),
    ],
)
def test_html_is_read_as_a_reader_sees_it(reading, text, expected):
    assert rendered(reading, text) == (expected, [])


def test_a_table_is_read_row_by_row(reading):
    table = "| Country | Capital |\n|---------|:-------:|\n| Belarus | **Minsk** |\n| Nauru   |         |\n"

    assert rendered(reading, table)[0] == bodies("Country; Capital", "Belarus; Minsk", "Nauru")


def test_a_table_of_html_is_read_row_by_row(reading):
    table = "<table><tr><th>Country</th><th>Capital</th></tr><tr><td>Belarus</td><td>Minsk</td></tr></table>"

    assert rendered(reading, table)[0] == bodies("Country; Capital", "Belarus; Minsk")


def test_rows_of_a_table_know_their_lines(article):
    parsed = article("a.md", "# T\n\n| A |\n|---|\n| B |\n| C |\n")

    assert [paragraph.line for paragraph in parsed.paragraphs] == [1, 3, 5, 6]


def test_footnotes_stand_at_the_end_without_their_marks(reading):
    text = "Text[^1] goes on.[^note]\n\n[^1]: A footnote text.\n[^note]: Another *one*.\n\nThe end."

    assert rendered(reading, text) == (bodies("Text goes on.", "The end.", "A footnote text.", "Another one."), [])


@pytest.mark.parametrize(
    ("text", "expected", "lines"),
    [
        ('{{< figure src="a.png" >}}\n\nText.', bodies("Text."), [3]),
        ("{{% note %}}\nMind the gap.\n{{% /note %}}", bodies("Mind the gap."), [3, 5]),
        ("{% highlight ruby %}\nText.\n{% endhighlight %}", bodies("Text."), [3, 5]),
        ('See [the list]({{ site.url }}/list) and [more]({{ "/" | url }}).', bodies("See the list and more."), [3]),
        ("Text.\n{: .class #id}", bodies("Text."), []),
        ("## Heading {#anchor}\n\nText.", [("heading", "Heading"), ("body", "Text.")], []),
        (":::note Mind\nThe gap.\n:::", bodies("Mind The gap."), []),
        ("::: {.callout}\n\nThe gap.\n\n:::", bodies("The gap."), []),
        ("`{{< code >}}` and ``{% x %}``", bodies("{{< code >}} and {% x %}"), []),
        ("```\n{{< code >}}\n:::\n```", bodies("{{< code >}}\n:::"), []),
    ],
)
def test_template_tags_are_left_out_and_their_content_kept(reading, text, expected, lines):
    paragraphs, warnings = rendered(reading, text)

    assert paragraphs == expected
    assert warnings == [(line, "Template tags of a site generator were left out.") for line in lines]


def test_imports_of_mdx_are_left_out(reading):
    text = "import Foo from './foo'\nexport const x = 1\n\nText <Foo bar={1} />here.\n\nimport taxes rose."

    assert rendered(reading, text, "a.mdx")[0] == bodies("Text here.", "import taxes rose.")


@pytest.mark.parametrize("suffix", ["markdown", "MD", "mdx"])
def test_every_suffix_of_markdown_is_read(article, suffix):
    assert article(f"a.{suffix}", "# T\n\n*Text*.\n").paragraphs[1].text == "Text."


def test_task_boxes_are_left_out(reading):
    assert rendered(reading, "- [ ] Open\n- [x] Done\n- [link](x)")[0] == [
        ("list", "Open"), ("list", "Done"), ("list", "link"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1945. First test.\n1949. Second test.", ["1945. First test.", "1949. Second test."]),
        ("1986. A year of accidents.", ["1986. A year of accidents."]),
        ("1. One\n2. Two", ["One", "Two"]),
        ("1. One\n1. Two", ["One", "Two"]),
        ("0. One\n1. Two", ["One", "Two"]),
        ("3) Three\n4) Four", ["3) Three", "4) Four"]),
        ("- a\n\n  1945. b\n\n        more\n- c", ["a", "1945. b", "more", "c"]),
    ],
)
def test_list_numbers_that_say_something_are_kept(reading, text, expected):
    assert [text for _, text in rendered(reading, text)[0]] == expected


def test_every_item_of_a_deep_list_is_kept(article):
    items = "\n".join(f"{'  ' * depth}- item{depth}" for depth in range(12))

    assert [p.text for p in article("a.md", f"# T\n\n{items}\n").paragraphs[1:]] == [f"item{n}" for n in range(12)]


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
