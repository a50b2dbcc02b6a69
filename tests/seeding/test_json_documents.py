"""Article documents in JSON and JSON Lines."""

import gzip
import json

import pytest

from app.seeding.readers import CHUNK_BYTES

UNREADABLE = bytes(range(128, 256))
"""What no encoding makes text of."""

DOCUMENT = {"title": "Title", "paragraphs": ["Ann met Bo.", {"role": "quote", "text": "Hello."}]}


def test_an_article_of_a_json_file_knows_its_lines(article):
    parsed = article("2025/12/foo bar.json", json.dumps({**DOCUMENT, "mood": {"a": [1, None]}}, indent=1))

    assert parsed.id == "2025-12-foo-bar"
    assert [(paragraph.role, paragraph.text, paragraph.line) for paragraph in parsed.paragraphs] == [
        ("title", "Title", 2),
        ("body", "Ann met Bo.", 4),
        ("quote", "Hello.", 5),
    ]
    assert parsed.extra == {"mood": {"a": [1, None]}}


def test_an_article_of_a_list_gets_its_id_from_its_title(reading):
    articles, findings = reading("a.json", json.dumps([DOCUMENT, {**DOCUMENT, "title": "Other one"}], indent=1))

    assert [(article.id, article.line) for article in articles] == [("title", 2), ("other-one", 12)]
    assert findings == []


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_bad_line_does_not_affect_the_others(reading, pack):
    good = json.dumps(DOCUMENT).encode()
    lines = [b"\xef\xbb\xbf" + good, b"", b"{not json", good.replace(b"Title", b"Third"), UNREADABLE, b"[1]"]
    articles, findings = reading("a.jsonl" if pack is bytes else "a.jsonl.gz", pack(b"\n".join(lines)))

    assert [(article.id, article.line) for article in articles] == [("title", 1), ("third", 4)]
    assert [(finding.line, " ".join(finding.message.split()[:5])) for finding in findings] == [
        (3, "This is not JSON: unexpected"),
        (5, f"Byte {2 * len(good) + 16} (0x80) is not"),
        (6, "An article is a JSON"),
    ]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_lines_of_a_file_in_several_chunks_keep_their_numbers_and_offsets(reading, pack):
    lines = [json.dumps({**DOCUMENT, "id": f"a{n}", "mood": "x" * (CHUNK_BYTES // 2)}).encode() for n in range(9)]
    lines[7] = UNREADABLE
    articles, findings = reading("a.jsonl" if pack is bytes else "a.jsonl.gz", pack(b"\n".join(lines)))

    assert [(article.id, article.line) for article in articles] == [(f"a{n}", n + 1) for n in (0, 1, 2, 3, 4, 5, 6, 8)]
    assert [(finding.line, " ".join(finding.message.split()[:3])) for finding in findings] == [
        (8, f"Byte {sum(len(line) + 1 for line in lines[:7])} (0x80)")
    ]


def test_nothing_is_read_after_a_line_that_is_too_long(reading):
    good = json.dumps(DOCUMENT).encode()
    articles, findings = reading("a.jsonl", b"\n".join([good, b"[" + b" " * 20_000_001, good.replace(b"T", b"t")]))

    assert [article.line for article in articles] == [1]
    assert [finding.line for finding in findings] == [2]


@pytest.mark.parametrize(
    ("name", "content", "line", "message"),
    [
        ("a.json", "", 1, "The file is empty"),
        ("a.jsonl", "\n \n", 1, "The file is empty"),
        ("a.json", "[]", 1, "The list is empty"),
        ("a.json", '{\n "title": "a",\n}', 2, "This is not JSON"),
        ("a.json", '{\n "title": NaN}', 2, "This is not JSON"),
        ("a.json", '{"title": "\\ud800"}', 1, "This is not JSON"),
        ("a.json", "[" * 100_000, 1, "The JSON is nested more than 100 deep"),
        ("a.json", '{"title": "a",\n "title": "b"}', 2, "The key `title` is given twice"),
        ("a.json", '{"text": "a",\n "x": [\n{"k": 1, "k": 2}]}', 3, "The key `k` is given twice"),
        ("a.jsonl", '{"title": "a", "title": "b \\u0022\\u0022"}', 1, "The key `title` is given twice"),
        ("a.json", '{"text": "a",\n "x":\n[[{"k": {"l": 1, "l": 2}}]]}', 3, "The key `l` is given twice"),
        ("a.json", '{"title": "a",\n "text": "b",\n "tilte": "c"}', 3, "`tilte` is not a key; did you mean `title`"),
        ("a.json.gz", b"nonsense", 1, "The gzip file is damaged"),
        ("a.jsonl.gz", gzip.compress(json.dumps(DOCUMENT).encode(), mtime=0)[:-9], 1, "The gzip file is damaged"),
    ],
)
def test_a_broken_file_is_a_fault_with_its_line(reading, name, content, line, message):
    _, (finding,) = reading(name, content)

    assert (finding.line, finding.severity) == (line, "fault")
    assert finding.message.startswith(message)


@pytest.mark.parametrize(("name", "unit"), [("a.jsonl", "line"), ("a.json", "file"), ("a.jsonl.gz", "line")])
def test_file_or_line_of_over_20_mb_is_a_fault(reading, name, unit):
    content = gzip.compress(b" " * 400_000_000, 1) if name.endswith(".gz") else b"[" + b" " * 20_000_001
    _, (finding,) = reading(name, content)

    assert (finding.line, finding.severity) == (1, "fault")
    assert finding.message.startswith(f"The {unit} is longer than 20 MB")


def test_escaped_quotation_marks_are_no_duplicate_key(article):
    assert article("a.json", '{"title": "\\u0022a\\u0022", "text": "b"}').title == '"a"'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": 1}, "`title` should be a valid string; it is 1."),
        ({"tags": ["a", None]}, "`tags[1]` should be a valid string; it is null."),
        ({"annotate": 1}, "`annotate` should be a valid boolean; it is 1."),
        ({"published_at": True}, "`published_at` should be a date, such as 2025-12-18; it is true."),
        ({"published_at": []}, "`published_at` should be a date, such as 2025-12-18; it is a list."),
        ({"paragraphs": {}}, "`paragraphs` should be a valid list; it is an object."),
        ({"paragraphs": [1]}, "`paragraphs[0]` should be a valid dictionary"),
        ({"paragraphs": [{"txt": "a"}]}, "`paragraphs[0].text` is missing."),
        ({"paragraphs": [{"text": "a", "rolle": "body"}]}, "`paragraphs[0].rolle` is not a key; did you mean `role`?"),
        ({"paragraphs": [{"text": "a", "role": "footer"}]}, "`paragraphs[0].role` should be 'title', 'dateline'"),
        ({"offset_unit": "bytes"}, "`offset_unit` should be 'codepoint', 'utf16' or 'utf8'; it is 'bytes'."),
        ({"text": "a"}, "There is both `paragraphs` and `text`"),
        ({"paragraphs": None}, "There is no text"),
        ({"paragraphs": ["a", {"role": "title", "text": "b"}]}, "Only the first paragraph may have the role"),
        ({"paragraphs": [{"role": "title", "text": "b"}]}, "`title` is 'Title', but the paragraph with that role is"),
        ({"paragraphs": ["a\u0000"]}, "There is a control character, U+0000, at offset 1"),
        ({"source": "a\u001bb"}, "`source` has a control character, U+001B"),
        (
            {"entities": {"A": 1}},
            "`entities.A` should be an entity's id, null, or an object with these by",
        ),
        ({"title": "!"}, "The title has no letter and no digit and gives no id"),
        (
            {"id": "a.b"},
            "`id` is 'a.b', which is no id of an article; it became 'a-b'.",
        ),
        ({"id": "a" * 201}, "`id` has 201 characters; expected at most 200."),
    ],
)
def test_a_fault_of_a_document_says_what_was_expected(complaints, change, message):
    findings = complaints("a.jsonl", json.dumps({**DOCUMENT, **change}))

    assert any(text.startswith(message) for _, text in findings), findings


def test_a_fault_inside_a_document_has_its_own_line(complaints):
    mentions = [{"paragraph": 0, "start": 0, "end": 3, "type": "person"}, {"paragraph": 9, "start": 0, "end": 3}]
    ((line, message),) = complaints("a.json", json.dumps({**DOCUMENT, "mentions": mentions}, indent=1))

    assert line == 17
    assert message == "`mentions[1]` is in paragraph 9, but there are only 2, counted from 0."
