"""Mail: read messages such as newsletters, one an `.eml` file, or many in an `.mbox`."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import getaddresses
from io import BufferedIOBase
from itertools import pairwise

from app.seeding.article import Finding, ScannedFile
from app.seeding.limits import LONGEST_JSON, LONGEST_XML
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.annotated.spans import shorten_to_title
from app.seeding.readers.decoding import read_bytes
from app.seeding.readers.feeds.items import escape
from app.seeding.readers.item_faults import report_fault
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.splitting import Records, split_at_lines
from app.seeding.readers.texts.article_header import Block
from app.seeding.readers.web.blocks import read_html_blocks, set_blocks

FROM_LINE = re.compile(rb"^From \S.*\d{4}\r?\n", re.MULTILINE)
QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
BOUNDARY = re.compile(rb"boundary", re.IGNORECASE)
MOST_BOUNDARIES = 200
LONGEST_HEADER = 10_000
"""Characters of a header that is decoded."""
SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)


def split_messages(_file: ScannedFile, stream: BufferedIOBase, size: int) -> Iterator[Records]:
    """Yield chunks of whole messages."""
    return split_at_lines(stream, size, lambda line: FROM_LINE.match(line) is not None)


def read_eml(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a message."""
    raw = RawArticle(file.name, name, {})
    fill_from_message(raw, read_bytes(stream, LONGEST_XML))
    yield raw


def read_mbox(
    file: ScannedFile, _name: str, stream: BufferedIOBase, line: int = 1, _offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of a mailbox, one for each message."""
    data = read_bytes(stream, 2 * LONGEST_JSON)
    starts = [match.start() for match in FROM_LINE.finditer(data)]
    if data[: starts[0] if starts else None].strip():
        yield Finding(file.name, line, "This is no message; expected one that begins with a line `From ` and a date.")
    for start, end in pairwise([*starts, len(data)]):
        raw = RawArticle(file.name, None, {}, line + data.count(b"\n", 0, start))
        message = data[start:end].partition(b"\n")[2]
        with report_fault(raw):
            fill_from_message(raw, QUOTED_FROM.sub(rb"\1", message))
        yield raw


def fill_from_message(raw: RawArticle, data: bytes) -> None:
    """Fill an article with a message: its HTML, or else its plain text without the signature."""
    # Each line is compared with the boundaries of all parts around it.
    if len(BOUNDARY.findall(data)) > MOST_BOUNDARIES:
        raise Fault(f"The message has more than {MOST_BOUNDARIES} boundaries of parts; expected fewer.", raw.line)
    message = BytesParser(policy=policy.default).parsebytes(data)
    blocks = read_body(message, raw.line) if isinstance(message, EmailMessage) else []
    subject = read_header(message, "Subject")
    senders = [
        name or address for name, address in getaddresses([(read_header(message, "From") or "")[:LONGEST_HEADER]])
    ]
    document = {
        "title": subject or (shorten_to_title(blocks[0].text) if blocks else None),
        "authors": [sender for sender in senders if sender],
        "published_at": read_header(message, "Date"),
        "source": (read_header(message, "List-Id") or "").partition("<")[0].strip(' "') or None,
        "language": read_header(message, "Content-Language"),
    }
    extra = {"message_id": read_header(message, "Message-ID"), "attachments": list_attachments(message)}
    raw.document = {key: value for key, value in document.items() if value}
    raw.document["extra"] = {key: value for key, value in extra.items() if value}
    set_blocks(raw, blocks)
    set_aside_unusable(raw)


def read_header(message: EmailMessage, name: str) -> str | None:
    """Return a header on one line, or None without it; a header that is malformed or long is read as it stands."""
    written = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), None)
    if written is None:
        return None
    try:
        # The parser of headers takes quadratic time.
        value = message.get(name) if len(written) < LONGEST_HEADER else written
    except (ValueError, IndexError, AttributeError, KeyError):
        value = written
    return " ".join(str(value).split()) or None


def read_body(message: EmailMessage, line: int) -> list[Block]:
    """Return the blocks of the body of a message, all of which stand in this line."""
    for kind in ("html", "plain"):
        part = message.get_body((kind,))
        if part is None:
            continue
        text = read_content(part)
        if kind == "plain":
            text = escape(SIGNATURE.split(text)[0])
        if blocks := read_html_blocks(text, line, has_blank_lines=kind == "plain"):
            return blocks
    return []


def read_content(part: MIMEPart) -> str:
    """Return the text of a part; bytes that are not of the encoding that it names become replacement characters."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def list_attachments(message: EmailMessage) -> list[str]:
    """Return the names of the files that are attached to a message."""
    return [part.get_filename() or part.get_content_type() for part in message.walk() if part.is_attachment()]
