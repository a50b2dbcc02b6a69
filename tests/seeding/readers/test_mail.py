"""Mail: messages of any make are read, or end in a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.seeding.readers import CHUNK_BYTES
from tests.support.growth import assert_linear

HEADERS = "From: Ann Lee <a@example.org>\nSubject: Talks {0}\nDate: Tue, 4 Mar 2025 09:30:00 +0000\n"


def test_long_mailbox_is_read_in_chunks_and_keeps_its_lines(reading):
    text = "Some words.\n" * (CHUNK_BYTES // 60)
    messages = [
        f"From a@example.org Tue Mar  4 09:30:00 2025\n{HEADERS.format(number)}\n{text}\n" for number in range(9)
    ]
    articles, findings = reading("a.mbox", "".join(messages))
    length = messages[0].count("\n")

    assert findings == []
    assert [(article.id, article.line) for article in articles] == [
        (f"talks-{number}", 1 + number * length) for number in range(9)
    ]


@pytest.mark.parametrize(
    ("write_message", "size"),
    [
        (lambda count: "\n".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}" for n in range(count)), 125),
        (lambda count: "From: " + "a@b.example, " * count + "\nSubject: A\n\nText.\n", 12_500),
        (lambda count: "Subject: " + "=?utf-8?q?a?= " * count + "\n\nText.\n", 6_250),
        (lambda count: "Subject: A\nContent-Type: text/plain; charset=nosuch\n\n" + "Text.\n" * count, 1),
        (lambda count: "Subject: A\nContent-Type: text/html\n\n" + "<div>" * count, 6_250),
    ],
    ids=["parts", "addresses", "words", "encoding", "elements"],
)
def test_message_made_to_take_long_takes_linear_time(reading, write_message, size):
    def read(count):
        articles, findings = reading("a.eml", write_message(count))

        assert articles or findings
        assert "The program failed" not in "".join(finding.message for finding in findings)

    assert_linear(read, size)


def test_text_before_the_first_message_of_a_mailbox_is_a_fault(reading):
    articles, (finding,) = reading("a.mbox", f"Hello.\nFrom a@b Tue Mar  4 09:30:00 2025\n{HEADERS.format(1)}\nText.\n")

    assert [article.title for article in articles] == ["Talks 1"]
    assert finding.message.startswith("This is no message")


LINES = st.sampled_from(
    [
        b"Subject: A",
        b"Subject: =?x?q?",
        b"From: <",
        b"Date: 99",
        b"Content-Type: multipart/mixed; boundary=b",
        b"--b",
        b"--b--",
        b"",
        b"\xff",
        b"Content-Transfer-Encoding: base64",
        b"Content-Type: text/html; charset=utf-16",
        b"<p>Text",
        b"List-Id: <",
        b"From x 2025",
    ]
)


@settings(max_examples=60)
@given(st.lists(LINES, max_size=12))
def test_no_message_makes_the_program_fail(reading, lines):
    _, findings = reading("a.eml", b"\n".join(lines) + b"\n")

    assert "The program failed" not in "".join(finding.message for finding in findings)
