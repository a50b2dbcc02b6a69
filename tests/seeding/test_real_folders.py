"""Folders as people have them: each kind of file is read, or named as not read."""

import json

import pytest

from app.seeding.seed import check

FOLDERS = {
    "jekyll": {
        "_config.yml": "title: Blog\n",
        "_posts/2016-10-03-minsk-talks.md": (
            "---\nlayout: post\ntitle: Talks &amp; tests\ndate: 2016-10-03 14:00:00 -4\ncategories: [news]\n"
            "author: {name: Ann Lee}\n"
            '---\nSee [the list]({{ "/list" | url }}).\n\n<span>They met.</span>\n'
        ),
        "_posts/2016-11-05-later.markdown": "---\ntitle: Later\n---\nThe text.\n",
        "_drafts/new.md": "---\ntitle: New\n---\nNot yet.\n",
        "assets/a.css": "",
    },
    "zola": {"a.md": '+++\ntitle = "A"\n[taxonomies]\ntags = ["x"]\n+++\nThe text.\n\n<!-- more -->\n\nMore.\n'},
    "hugo": {
        "content/posts/talks/index.md": "---\ntitle: Talks\ndraft: false\n---\n{{< figure src=a.png >}}\n\nThe text.\n",
        "content/posts/_index.md": "---\ntitle: Posts\n---\nAll of them.\n",
        "content/posts/draft.md": "---\ntitle: D\ndraft: true\n---\nNot yet.\n",
    },
    "eleventy": {"a.md": "---\nnewstitle: News\nlink: /a\n---\nThe text.\n", "b.md": "---\ntags: x\n---\nText.\n"},
    "obsidian": {"My Note.md": "The [text](b.md) ==here==.\n", "b.canvas": "{}"},
    "data set": {
        "train.csv": "title,text\nA row,Its text.\n",
        "classes.txt": "One.\n\nTwo.\n",
        "readme.txt": "About the data.\n",
    },
    "news category": {
        "a.json": "\n".join(
            json.dumps({"link": "https://x.org/a", "headline": "Same", "category": "WORLD", "text": text})
            for text in "AB"
        )
    },
    "brat": {"a.txt": "Talks\n\nAnn met Bo.\n", "a.ann": "T1\tPER 7 10\tAnn\n", "annotation.conf": ""},
    "bbc": {
        "001.txt": b"Budget rises\n\nThe minister said that it costs \xa330bn, and that no cuts were planned.\n",
        "README.TXT": "About.\n",
    },
    "wire": {"a.txt": "https://x.org/a\n\nTalks go on\n\nThe delegates met.\n"},
    "mail": {"a.txt": "From: Ann <a@x.org>\nSubject: Talks\nDate: Fri, 07 Oct 2016 14:00:00 GMT\n\nThe text.\n"},
    "pdftotext": {"a.txt": "Talks go on\n\nThe text.\n\n\fThe second page.\n\f"},
}  # fmt: skip

EXPECTED = {
    "jekyll": (
        ["Talks & tests", "Later"],
        ["1 file was not read: drafts in `_drafts`.", "1 file was not read: 1 .css."],
    ),
    "zola": (["A"], []),
    "hugo": (["Posts", "Talks"], ["This is a draft, so it is not served."]),
    "eleventy": (["News", "B"], ["There is no title; 'B' was made from the file's name."]),
    "obsidian": (["My Note"], ["1 file was not read: 1 .canvas."]),
    "data set": (["One.", "A row"], []),
    "news category": (["Same", "Same"], []),
    "brat": (["Talks"], ["1 file was not read: 1 .conf."]),
    "bbc": (["Budget rises"], []),
    "wire": (["Talks go on"], []),
    "mail": (["Talks"], []),
    "pdftotext": (["Talks go on"], []),
}


@pytest.fixture(params=FOLDERS)
def kind(request, tmp_path):
    for name, content in FOLDERS[request.param].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return request.param


def test_a_folder_is_read_and_what_is_not_is_named(kind, reading, tmp_path):
    (tmp_path / "defaults.yaml").write_text("source: Own\n")
    articles, findings = reading(".keep", "")
    titles, warnings = EXPECTED[kind]
    messages = [finding.message for finding in findings]

    assert [finding for finding in findings if finding.severity == "fault"] == []
    assert sorted(article.title for article in articles) == sorted(titles)
    assert [message for message in warnings if message not in messages] == []


def test_dates_authors_and_tags_of_a_jekyll_blog_are_read(reading):
    for name, content in FOLDERS["jekyll"].items():
        articles, _ = reading(name, content)
    talks, later = articles

    assert (talks.authors, talks.tags) == (("Ann Lee",), ("news",))
    assert [article.published.at.isoformat() for article in (talks, later)] == [
        "2016-10-03T18:00:00+00:00", "2016-11-05T00:00:00+00:00",
    ]  # fmt: skip
    assert [paragraph.text for paragraph in talks.paragraphs[1:]] == ["See the list.", "They met."]


@pytest.mark.parametrize("name", ["a.xls", "a.png", "a.ann", "LICENSE"])
def test_a_folder_of_another_format_is_a_fault_that_counts_it(tmp_path, name):
    (tmp_path / name).write_text("x")
    outcome = check([tmp_path])

    assert [finding.severity for finding in outcome.findings] == ["warning", "fault"]
    assert outcome.findings[0].message.startswith("1 file was not read: 1 ")
