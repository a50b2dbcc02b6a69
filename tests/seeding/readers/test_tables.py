"""Tables: one article a row, with lines, in chunks, and with a sentence for what can't be read."""

import pytest

from app.seeding.readers import CHUNK_BYTES, split_file
from app.seeding.scanner import scan


def test_rows_keep_their_lines_across_chunks(reading):
    text = "word " * (CHUNK_BYTES // 15)
    rows = "".join(f'{number},"Title\n{number}",{text}\r\n' for number in range(12))
    articles, findings = reading("a.csv", f"id,title,text\r\n{rows}")

    assert findings == []
    assert [(article.id, article.line) for article in articles] == [(str(n), 2 + 2 * n) for n in range(12)]


def test_long_table_is_split_in_constant_memory(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w") as file:
        file.write("title,text\n")
        for number in range(100_000):
            file.write(f'Title {number},"The text of ""row"" {number}, which is not long."\n')
    (file,) = scan([tmp_path]).files
    sizes = [len(chunk.lines) for chunk in split_file(file)]

    assert len(sizes) > 10
    assert max(sizes) < 1.1 * CHUNK_BYTES


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_the_one_that_divides_the_first_row(article, delimiter):
    parsed = article(
        "a.csv",
        delimiter.join(["title", "text", "note"])
        + "\n"
        + delimiter.join(["A", "B, c; d", "e"]).replace("B, c; d", '"B, c; d"'),
    )

    assert [paragraph.text for paragraph in parsed.paragraphs] == ["A", "B, c; d"]


def test_a_bad_row_costs_only_itself(reading):
    articles, findings = reading("a.csv", "title,text\nA,Text.\nB,\nC,Text.,more\nD,Text.\n")

    assert [article.title for article in articles] == ["A", "D"]
    assert [(finding.line, finding.message) for finding in findings] == [
        (3, "The row has no text; expected one."),
        (4, "The row has 3 cells, but the table 2 columns; expected as many."),
    ]


def test_text_that_is_not_utf8_is_read_with_a_warning(reading):
    articles, (finding,) = reading("a.csv", b"title,text\nA,Text.\nB,caf\xe9\n")

    assert finding.severity == "warning"
    assert "iconv" in finding.message
    assert "café" in str(articles)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "The table has no rows"),
        ("title,text\n", "The table has no rows"),
        ("a,b\n1,2\n", "No column of this table is known to hold a text. Its columns are `a`, `b`; name the one that"),
        (
            'title,text\n"A,' + ("x" * 1_000_000 + "\n") * 20,
            "This row has more than 20 MB (is a quotation mark not closed?)",
        ),
    ],
)
def test_table_that_is_none_is_a_fault(reading, content, message):
    articles, findings = reading("a.csv", content)

    assert articles == []
    assert [finding.message[: len(message)] for finding in findings] == [message]
