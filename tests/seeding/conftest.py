"""Files made for one test, scanned and read as a run reads them."""

import pytest

from app.seeding.article import Finding, ScannedFile
from app.seeding.readers import ReadResult, read_chunk, split_file
from app.seeding.scanner import scan


def read_file(file: ScannedFile, language: str = "en") -> ReadResult:
    """Read all pieces of a file."""
    readings = [
        ReadResult([], [item]) if isinstance(item, Finding) else read_chunk(item, language) for item in split_file(file)
    ]
    return ReadResult(
        [article for each in readings for article in each.articles],
        [finding for each in readings for finding in each.findings],
    )


@pytest.fixture
def reading(tmp_path):
    """Write a file, and read the folder it stands in."""

    def write_and_read(name, content, language="en"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        scanned = scan([tmp_path])
        readings = [read_file(file, language) for file in scanned.files]
        return ReadResult(
            [article for each in readings for article in each.articles],
            [*scanned.findings, *(finding for each in readings for finding in each.findings)],
        )

    write_and_read.folder = tmp_path
    return write_and_read


@pytest.fixture
def article(reading):
    """Write a file and read the one article in it, which has no fault."""

    def write_and_read(name, content, language="en"):
        articles, findings = reading(name, content, language)
        assert [finding for finding in findings if finding.severity == "fault"] == []
        (only,) = articles
        return only

    return write_and_read


@pytest.fixture
def complaints(reading):
    """Write a file, and return line and message of everything that is said about it."""

    def write_and_read(name, content):
        return [(finding.line, finding.message) for finding in reading(name, content).findings]

    return write_and_read
