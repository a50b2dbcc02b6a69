"""Finding groups: findings of one cause are one group, whatever they quote."""

import pytest

from app.seeding.article import Finding
from app.seeding.reports.finding_groups import generalize, group_findings


@pytest.mark.parametrize(
    ("message", "pattern"),
    [
        ("`published_at`: 'soon' is not a date.", "`published_at`: … is not a date."),
        ("Byte 12 (0xe9) is not UTF-8.", "Byte … (…) is not UTF-…."),
        ("The article has 10,000,001 characters.", "The article has … characters."),
        ("The id 'a' is that of the article in /x/y.md:12; give", "The id … is that of the article in …; give"),
        ("The file can't be read: it isn't there.", "The file can't be read: it isn't there."),
        ("'O'Neill' is not Bo's.", "… is not Bo's."),
    ],
)
def test_what_differs_between_files_is_left_out(message, pattern):
    assert generalize(message) == pattern


def test_findings_of_one_cause_and_severity_are_one_group():
    findings = [
        Finding("/a", 1, "There is no 'x'."),
        Finding("/b", 2, "There is no 'y'."),
        Finding("/b", 3, "There is no 'z'.", "warning"),
        Finding("/b", 4, "There is no 'z'."),
    ]
    first, second = group_findings(findings)

    assert (first.pattern, [finding.line for finding in first.findings], first.files) == (
        "There is no ….", [1, 2, 4], {"/a", "/b"},
    )  # fmt: skip
    assert (second.severity, [finding.line for finding in second.findings]) == ("warning", [3])
