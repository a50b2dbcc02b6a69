"""Other XML: say what a file looks like that none of the readers of XML knows."""

from collections.abc import Iterator
from io import BufferedIOBase

from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import shorten
from app.seeding.readers.xml.parsing import local_name, read_xml

KINDS = {
    "urlset": "a sitemap, which has no texts",
    "sitemapindex": "a sitemap, which has no texts",
    "opml": "a list of feeds",
    "typeSystemDescription": "the type system of XMI files, which are read without it",
}


def read_unknown(file: ScannedFile, _name: str, stream: BufferedIOBase) -> Iterator[Finding]:
    """Warn of a file that was not read."""
    name = local_name(read_xml(stream))
    if kind := KINDS.get(name):
        message = f"This is {kind}; nothing was read from it."
    else:
        message = f"This XML, whose outermost element is `{shorten(name)}`, was not read; expected a feed, TEI or NITF."
    yield Finding(file.name, 1, message, "warning")
