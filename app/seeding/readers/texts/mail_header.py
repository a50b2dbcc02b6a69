"""Mail headers: take those above a text, as mails and newsgroup articles that were saved as text have them."""

import re
from email import message_from_string, policy
from typing import Any

from app.seeding.normalize.date_formats import parse_written_date

HEADER = re.compile(r"[A-Z][A-Za-z-]{1,40}: ?\S.*")
TELLING = {"from", "subject", "date", "newsgroups", "message-id"}
LEAST = 2
"""Headers of these names from which on lines with colons are a mail's."""


def take_mail_header(lines: list[str]) -> dict[str, Any]:
    """Blank the headers that a text begins with, and return what they say by the keys of a document.

    Other headers than subject, author and date are kept under `extra`. Returns nothing, and leaves the lines, if they
    do not look like a mail's.
    """
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    end = start
    while end < len(lines) and (HEADER.fullmatch(lines[end]) or (end > start and lines[end][:1] in {" ", "\t"})):
        end += 1
    names = {line.partition(":")[0].lower() for line in lines[start:end]}
    if len(names & TELLING) < LEAST or (end < len(lines) and lines[end].strip()):
        return {}
    message = message_from_string("\n".join(lines[start:end]), policy=policy.default)
    lines[start:end] = [""] * (end - start)
    headers = {name.lower(): " ".join(str(value).split()) for name, value in message.items()}
    document: dict[str, Any] = {}
    if subject := headers.pop("subject", ""):
        document["title"] = subject
    if date := headers.get("date"):
        try:
            parse_written_date(date)
            document["published_at"] = headers.pop("date")
        except ValueError:
            pass  # It stays in `extra`.
    if author := find_author(message["from"]):
        document["authors"] = [author]
    return {**document, "extra": {"headers": headers}} if headers else document


def find_author(header: Any) -> str | None:
    """Return the name of the first address of a header, or None."""
    addresses = getattr(header, "addresses", ())
    return next((address.display_name for address in addresses if address.display_name), None)
