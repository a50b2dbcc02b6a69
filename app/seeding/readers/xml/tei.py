"""TEI: read texts of the Text Encoding Initiative, with the names and dates that are marked in them."""

from collections.abc import Iterator
from contextlib import suppress
from io import BufferedIOBase
from typing import Any

from app.models import Role
from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.normalize.spans.dates import check_value
from app.seeding.readers.annotated.entity_links import to_entity
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.xml.marked_text import MarkedTextReader, Vocabulary, set_marked_text
from app.seeding.readers.xml.parsing import Element, find_all, find_text, local_name, read_inline_text, read_xml

XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

ROLES: dict[str, Role] = {
    **dict.fromkeys(
        ("p", "ab", "l", "sp", "div", "div1", "div2", "div3", "front", "back", "list", "table", "row"), "body"
    ),
    **dict.fromkeys(("text", "body", "group", "floatingText", "opener", "closer", "figure", "lg", "titlePage"), "body"),
    **dict.fromkeys(("head", "trailer"), "heading"),
    **dict.fromkeys(("quote", "cit", "epigraph"), "quote"),
    **dict.fromkeys(("item", "label"), "list"),
    "figDesc": "caption",
    "dateline": "dateline",
}
LABELS = {
    "persName": "person",
    "placeName": "place",
    "orgName": "organization",
    "geogName": "place",
    "settlement": "place",
    "country": "place",
    "region": "place",
    "eventName": "event",
    "objectName": "product",
    "date": "date",
}
NAME_ELEMENTS = {"name", "rs"}
"""Elements whose `type` says what they mark."""
DATE_ATTRIBUTES = (
    ("when",),
    ("when-iso",),
    ("when-custom",),
    ("from", "to"),
    ("from-iso", "to-iso"),
    ("notBefore", "notAfter"),
    ("notBefore-iso", "notAfter-iso"),
)
"""The attributes that say which date or interval a `date` means. `when-custom` is for a decade, such as `198X`."""
SKIPPED = frozenset({"teiHeader", "note", "fw", "del", "sic", "orig", "byline", "docAuthor", "standOff", "facsimile"})
BREAKS = frozenset({"lb", "cb", "cell"})


def read_tei(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the articles of a file: one for each text of a corpus."""
    root = read_xml(stream)
    documents = [root] if local_name(root) == "TEI" else list(find_all(root, "TEI"))
    if not documents:
        raise Fault("There is no text in this TEI corpus; expected at least one.")
    for document in documents:
        yield to_article(file, name if len(documents) == 1 else None, document)


def to_article(file: ScannedFile, name: str | None, document: Element) -> RawArticle:
    """Return the article of a TEI document; notes are kept under `extra`."""
    header = next(find_all(document, "teiHeader"), None)
    raw = RawArticle(file.name, name, read_header(header) if header is not None else {}, document.sourceline)
    text = next(find_all(document, "text"), None)
    if text is None:
        raw.add_fault("There is no `text` in this TEI document; expected one.")
        return raw
    register = read_register(document)
    vocabulary = Vocabulary(
        ROLES, find_label, lambda element: find_entity(element, register), SKIPPED, BREAKS, find_date
    )
    language = document.get(XML_LANG) or text.get(XML_LANG)
    if language:
        raw.document.setdefault("language", language)
    bylines = [read_inline_text(byline) for byline in find_all(text, "byline", "docAuthor")]
    if bylines:
        raw.document.setdefault("authors", [byline.removeprefix("By ").removeprefix("by ") for byline in bylines])
    if notes := [read_inline_text(note) for note in find_all(text, "note")]:
        raw.document["extra"] = {"notes": notes}
    paragraphs = MarkedTextReader(vocabulary).read(text)
    title = raw.document.get("title")
    if paragraphs and paragraphs[0].role == "heading" and (title is None or paragraphs[0].text == title):
        paragraphs[0] = paragraphs[0]._replace(role="title")
        raw.document.pop("title", None)
    set_aside_unusable(raw)
    set_marked_text(raw, paragraphs, file.options.get("types", {}))
    return raw


def read_header(header: Element) -> dict[str, Any]:
    """Return what a header says of its text."""
    statement = next(find_all(header, "titleStmt"), header)
    publication = next(find_all(header, "publicationStmt"), header)
    sources = list(find_all(header, "sourceDesc"))
    dates = [date for part in (*sources, publication) for date in find_all(part, "date")]
    changes = [change.get("when") for change in find_all(header, "change") if change.get("when")]
    languages = (language.get("ident") for language in find_all(header, "language"))
    document = {
        "title": find_text(statement, "title"),
        "authors": [name for name in map(read_inline_text, find_all(statement, "author")) if name],
        "source": find_text(publication, "publisher", "distributor", find=find_all),
        "published_at": next((date.get("when") or read_inline_text(date) for date in dates), None),
        "updated_at": max(changes, default=None),
        "language": next(filter(None, languages), None),
        "rights": find_text(publication, "licence", "availability", find=find_all),
        "tags": [
            read_inline_text(term) for words in find_all(header, "keywords") for term in find_all(words, "term", "item")
        ],
    }
    return {key: value for key, value in document.items() if value}


def read_register(document: Element) -> dict[str, dict[str, Any]]:
    """Return the entities that a document describes, such as those of a `listPerson`, by id."""
    register = {}
    for entry in find_all(document, "person", "place", "org", "event", "object"):
        identifiers = [identifier.text for identifier in find_all(entry, "idno", "ptr") if identifier.text]
        links = [link for link in map(to_entity, [*identifiers, entry.get("sameAs"), entry.get("corresp")]) if link]
        name = find_text(entry, *LABELS, "name", "head", find=find_all)
        if id := entry.get(XML_ID):
            register[id] = {**({"name": name} if name else {}), **(links[0] if links else {})}
    return register


def find_label(element: Element) -> str | None:
    """Return the label of an element that marks a name."""
    name = local_name(element)
    if name in NAME_ELEMENTS:
        label: str = element.get("type") or "name"
        return label
    return LABELS.get(name)


def find_date(element: Element) -> str | None:
    """Return the value of a `date`: of `when`, without a time of day, or of an interval, such as `from` and `to`.

    Return None for any other element, and for a date without a value that documents can give.
    """
    if local_name(element) != "date":
        return None
    for names in DATE_ATTRIBUTES:
        value = "/".join((element.get(name) or "").partition("T")[0] for name in names)
        with suppress(ValueError):
            check_value(value)
            return value
    return None


def find_entity(element: Element, register: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """Return who or what a name means, by its `ref`, `key` or `corresp`."""
    for attribute in ("ref", "key", "corresp", "sameAs"):
        for link in (element.get(attribute) or "").split():
            entity = register.get(link.removeprefix("#")) or to_entity(link)
            if entity:
                return entity
    return None
