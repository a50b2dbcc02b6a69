"""Packages: open zip files of XML, within a limit of unpacked bytes."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase, BytesIO
from typing import Any

from app.seeding.limits import LEAST_UNPACKED, LONGEST_XML, MOST_UNPACKED
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.decoding import read_bytes
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.texts.article_header import Block
from app.seeding.readers.web.blocks import set_blocks
from app.seeding.readers.xml.parsing import Element, find_all, find_text, parse_xml

ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What `zipfile` raises for files that are damaged, encrypted or packed in an unusual way."""


@contextmanager
def open_package(stream: BufferedIOBase) -> Iterator[zipfile.ZipFile]:
    """Open a package. Raises `Fault` if it is damaged, encrypted, or unpacks to too much."""
    data = read_bytes(stream, LONGEST_XML)
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            unpacked = sum(member.file_size for member in package.infolist())
            if unpacked > max(10 * LEAST_UNPACKED, MOST_UNPACKED * len(data)):
                raise Fault(f"The file unpacks to more than {MOST_UNPACKED} times its size; expected an article.")
            yield package
    except ZIP_ERRORS as error:
        raise Fault(f"This is not a whole zip file ({error}); expected one without a password.") from None


def parse_member(package: zipfile.ZipFile, name: str) -> Element | None:
    """Return the root element of a file of a package; None without it. Raises `Fault` if it is too long or no XML."""
    data = read_member(package, name)
    return None if data is None else parse_xml(data)


def read_member(package: zipfile.ZipFile, name: str) -> bytes | None:
    """Return the bytes of a file of a package; None without it. Raises `Fault` if it is too long."""
    if name not in package.namelist():
        return None
    with package.open(name) as member:
        data = member.read(LONGEST_XML + 1)
    if len(data) > LONGEST_XML:
        raise Fault(f"`{name}` in the file is longer than {LONGEST_XML // 1_000_000} MB; expected less.")
    return data


def set_titled_blocks(raw: RawArticle, blocks: list[Block]) -> None:
    """Set the paragraphs of an article; its title is the block that is one, a heading at the top, or its property."""
    title = next((block for block in blocks if block.is_main_heading), None)
    if title is None and blocks and blocks[0].role == "heading":
        title = blocks[0]
    if title:
        raw.document["title"] = title.text
    raw.document.setdefault("title", (raw.name or "").rpartition("/")[2])
    set_aside_unusable(raw)
    set_blocks(raw, [block for block in blocks if block is not title])


def read_properties(root: Element | None) -> dict[str, Any]:
    """Return title, authors, date and other keys of an element with properties of Dublin Core."""
    if root is None:
        return {}
    subjects = [" ".join(element.itertext()) for element in find_all(root, "subject", "keywords", "keyword")]
    creators = [
        " ".join("".join(element.itertext()).split()) for element in find_all(root, "creator", "initial-creator")
    ]
    document = {
        "title": find_text(root, "title", find=find_all),
        "authors": [*dict.fromkeys(creator for creator in creators if creator)],
        "published_at": find_text(root, "date", "created", "creation-date", "modified", find=find_all),
        "updated_at": find_text(root, "modified", find=find_all),
        "language": find_text(root, "language", find=find_all),
        "source": find_text(root, "publisher", find=find_all),
        "rights": find_text(root, "rights", find=find_all),
        "tags": [tag.strip() for subject in subjects for tag in subject.replace(";", ",").split(",") if tag.strip()],
    }
    return {key: value for key, value in document.items() if value}
