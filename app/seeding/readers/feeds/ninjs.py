"""ninjs: read news of agencies in JSON (IPTC's News in JSON, versions 1 to 3)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.models import EntityType
from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.annotated.entity_links import to_entity
from app.seeding.readers.feeds.items import escape
from app.seeding.readers.feeds.recognition import fold_ninjs_key
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.texts.article_header import Block
from app.seeding.readers.web.blocks import read_html_blocks, set_blocks

NAMED: dict[str, EntityType] = {
    **dict.fromkeys(("person", "people"), "person"),
    **dict.fromkeys(("organisation", "organisations", "organization", "organizations"), "organization"),
    **dict.fromkeys(("place", "places"), "place"),
    **dict.fromkeys(("event", "events"), "event"),
    **dict.fromkeys(("object", "objects"), "product"),
}
"""Keys under which an item lists who and what it is about."""
CONSUMED = {
    *("headline", "byline", "by", "language", "copyrightnotice", "versioncreated"),
    *("bodyhtml", "bodyxhtml", "bodytext"),
}
"""Keys, folded, whose values become parts of the article."""
MOST_NAMES = 200
"""Names of an item that are looked for in its text."""
LONGEST_NAME = 200


def read_ninjs(file: ScannedFile, name: str | None, item: Mapping[str, Any], line: int) -> RawArticle | Finding:
    """Return the article of an item, or a warning about one that is no text, or not to be published.

    The names of persons, organisations, places, events and objects that the item lists are marked wherever they stand
    in the text; the annotators add others.
    """
    values = {fold_ninjs_key(key): value for key, value in item.items()}
    status, kind = values.get("pubstatus", "usable"), values.get("type", "text")
    if status != "usable" or kind not in {"text", "composite", "article"}:
        what = f"is a {kind}" if status == "usable" else f"has the status '{status}'"
        return Finding(file.name, line, f"This ninjs item {what}, so it was left out.", "warning")
    raw = RawArticle(file.name, name, read_metadata(values), line)
    pictures = [block for picture in find_pictures(values.get("associations")) for block in read_caption(picture, line)]
    set_blocks(raw, [*read_body(values, line), *pictures])
    if mentions := [*find_names(raw.document["paragraphs"], values)]:
        raw.document |= {"mentions": mentions, "annotate": True}
    set_aside_unusable(raw)
    return raw


def read_metadata(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an item says of its article, and the rest as `extra`."""
    sources = list_objects(values.get("infosources", values.get("infosource")))
    subjects = list_objects(values.get("subjects", values.get("subject")))
    dates = (values.get(key) for key in ("contentcreated", "firstcreated", "versioncreated"))
    document = {
        "title": choose_text(values.get("headline") or values.get("headlines") or values.get("title")),
        "authors": [re.sub(r"(?i)^by\s+", "", author) for author in list_authors(values)],
        "source": next((source["name"] for source in sources if source.get("name")), None),
        "published_at": next(filter(None, dates), None),
        "updated_at": values.get("versioncreated"),
        "language": values.get("language"),
        "rights": values.get("copyrightnotice") or values.get("usageterms") or values.get("copyrightholder"),
        "tags": [subject["name"] for subject in subjects if isinstance(subject.get("name"), str)],
    }
    rest = {key: leave_rest(key, value) for key, value in values.items()}
    document["extra"] = {key: value for key, value in rest.items() if value not in (None, "", [], {})}
    return {key: value for key, value in document.items() if value}


def leave_rest(key: str, value: Any) -> Any:
    """Return what of a value of an item does not become a part of the article."""
    match key:
        case "headlines" | "bodies" if isinstance(value, list):
            return [item for item in list_objects(value) if item.get("role") not in {None, "main"}]
        case "associations":
            pictures = find_pictures(value)
            others = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
            return [item for item in others if item not in pictures]
    return None if key in CONSUMED else value


def list_objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def list_authors(values: Mapping[str, Any]) -> Sequence[str]:
    """Return the names of the authors."""
    byline = values.get("byline") or values.get("by") or ""
    if isinstance(byline, str):
        return [name for name in re.split(r"\s*(?:;|,|\sand\s)\s*", byline) if name]
    return [name for author in list_objects(byline) if isinstance(name := author.get("name"), str)]


def choose_text(value: Any, *types: str) -> str | None:
    """Return a text, or from a list the one of a content type, and of these the main one."""
    if not isinstance(value, list):
        return value if isinstance(value, str) else None
    texts = [item for item in list_objects(value) if isinstance(item.get("value"), str)]
    if types:
        texts = [item for item in texts if str(item.get("contenttype", item.get("contentType"))).startswith(types)]
    main = [item for item in texts if item.get("role") in {"main", "headline"}]
    return next((str(item["value"]) for item in main or texts), None)


def read_body(values: Mapping[str, Any], line: int) -> list[Block]:
    """Return the blocks of the body, from HTML if there is any."""
    html_types = ("text/html", "application/xhtml")
    html = values.get("bodyxhtml") or values.get("bodyhtml") or choose_text(values.get("bodies"), *html_types)
    if isinstance(html, str) and html.strip():
        return read_html_blocks(html, line)
    text = values.get("bodytext") or choose_text(values.get("bodies")) or ""
    return read_html_blocks(escape(text), line, has_blank_lines=True) if isinstance(text, str) else []


def find_pictures(associations: Any) -> list[dict[str, Any]]:
    """Return the pictures of an item: an object by name in version 1, a list since version 2."""
    items = list(associations.values()) if isinstance(associations, dict) else associations
    return [item for item in list_objects(items) if item.get("type") in {"picture", "graphic"}]


def read_caption(picture: Mapping[str, Any], line: int) -> Iterator[Block]:
    """Yield the caption and the credit of a picture."""
    values = {fold_ninjs_key(key): value for key, value in picture.items()}
    caption = values.get("descriptiontext") or choose_text(values.get("descriptions")) or values.get("bodytext")
    credit = values.get("byline") or values.get("by") or values.get("copyrightholder")
    for role, text in (("caption", caption), ("credit", credit)):
        if isinstance(text, str) and text.strip():
            yield Block("caption" if role == "caption" else "credit", " ".join(text.split()), line)


def find_names(paragraphs: Sequence[Mapping[str, str]], values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a mention for each place where a name that the item lists stands as whole words."""
    names = [(item, type) for key, type in NAMED.items() for item in list_objects(values.get(key))]
    for item, type in names[:MOST_NAMES]:
        name = item.get("name")
        if not isinstance(name, str) or not 1 < len(name) <= LONGEST_NAME:
            continue
        links = (to_entity(item.get(key)) for key in ("uri", "code", "literal"))
        link = next((link for link in links if link and "wikidata" in link), {})
        entity = {"name": name, "type": type, **link}
        whole_words = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for index, paragraph in enumerate(paragraphs):
            for match in whole_words.finditer(paragraph["text"]):
                yield {"paragraph": index, "start": match.start(), "end": match.end(), "type": type, "entity": entity}
