"""PDF: say how to convert a file, whose paragraphs and headings can't be had reliably."""

from collections.abc import Iterator
from io import BufferedIOBase

from app.seeding.article import Finding, ScannedFile


def refuse_pdf(file: ScannedFile, _name: str, _stream: BufferedIOBase) -> Iterator[Finding]:
    """Warn of a file that was not read."""
    message = "PDF was not read, for its paragraphs are lost in it; convert it to .docx, .html or .txt first."
    yield Finding(file.name, 1, message, "warning")
