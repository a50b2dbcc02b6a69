"""NITF: read news of agencies (News Industry Text Format), with the names that are marked in them."""

from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.annotated.entity_links import to_entity
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.xml.marked_text import MarkedTextReader, Vocabulary, set_marked_text
from app.seeding.readers.xml.parsing import Element, find_all, find_text, read_inline_text, read_xml

ROLES: dict[str, Role] = {
    **dict.fromkeys(
        ("p", "block", "body.content", "body.end", "tagline", "media", "table", "tr", "ol", "ul", "dl", "pre"), "body"
    ),
    **dict.fromkeys(("hl1", "hl2"), "heading"),
    **dict.fromkeys(("bq", "q"), "quote"),
    **dict.fromkeys(("li", "dt", "dd"), "list"),
    "media-caption": "caption",
    "media-producer": "credit",
}
LABELS = {
    "person": "person",
    "org": "organization",
    "location": "place",
    "event": "event",
    "object.title": "work",
    "virtloc": "virtloc",
}
SKIPPED = frozenset({"media-metadata", "media-reference", "media-object", "note"})
BREAKS = frozenset({"br", "td", "th"})


def read_nitf(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a file."""
    raw = RawArticle(file.name, name, {})
    fill_from_nitf(raw, read_xml(stream), file)
    yield raw


def fill_from_nitf(raw: RawArticle, root: Element, file: ScannedFile) -> None:
    """Fill an article with what a `nitf` element says."""
    content = next(find_all(root, "body.content"), None)
    if content is None:
        raise Fault("There is no `body.content` in this NITF; expected one.", root.sourceline)
    raw.document = {**raw.document, **read_head(root)}
    paragraphs = MarkedTextReader(Vocabulary(ROLES, find_label, find_entity, SKIPPED, BREAKS)).read(content)
    for end in find_all(root, "tagline"):
        paragraphs += MarkedTextReader(Vocabulary(ROLES, find_label, find_entity, SKIPPED, BREAKS)).read(end)
    set_marked_text(raw, paragraphs, file.options.get("types", {}))
    headline = next(find_all(root, "hedline"), root)
    extra = {"subtitle": find_text(headline, "hl2"), "dateline": find_text(root, "dateline", find=find_all)}
    if kept := {key: text for key, text in extra.items() if text}:
        raw.document["extra"] = kept
    set_aside_unusable(raw)


def read_head(root: Element) -> dict[str, Any]:
    """Return what the head of a file and that of its body say of the article."""
    issued = [
        date.get("norm") for date in find_all(root, "date.issue", "date.release", "story.date") if date.get("norm")
    ]
    bylines = [next(find_all(byline, "person"), byline) for byline in find_all(root, "byline")]
    keywords = [keyword.get("key") for keyword in find_all(root, "keyword")]
    holders = [holder.get("holder") for holder in find_all(root, "doc.copyright")]
    document = {
        "title": find_text(root, "hl1", "hedline", "title", find=find_all),
        "authors": [name.removeprefix("By ").removeprefix("by ") for name in map(read_inline_text, bylines) if name],
        "published_at": next(map(format_basic_date, issued), None),
        "source": find_text(root, "distributor", "copyrite.holder", find=find_all),
        "rights": next(filter(None, holders), None) or find_text(root, "rights", "copyrite", find=find_all),
        "tags": [keyword for keyword in keywords if keyword],
    }
    return {key: value for key, value in document.items() if value}


def format_basic_date(text: str) -> str:
    """Return a date of ISO 8601 in its basic form, such as 20250304T093000+0100, in the extended one."""
    date, _, time = text.partition("T")
    if len(date) != 8 or not date.isdecimal():
        return text
    day = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    if len(time) < 6 or not time[:6].isdecimal():
        return day
    zone = time[6:] or "Z"
    zone = f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone
    return f"{day}T{time[:2]}:{time[2:4]}:{time[4:6]}{zone}"


def find_label(element: Element) -> str | None:
    """Return the label of an element that marks a name."""
    return LABELS.get(element.tag.rpartition("}")[2])


def find_entity(element: Element) -> dict[str, Any] | None:
    """Return who or what a name means, by an address in its `value` or `idsrc`."""
    return to_entity(element.get("value")) or to_entity(element.get("code"))
