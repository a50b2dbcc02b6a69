"""Served articles: read answers of this service, and its exports in JSON Lines, as the articles that were seeded.

A mention keeps its origin, such as `catalogue`, and no other dates are looked for, so that an export, seeded and
exported again, is the same.
"""

from typing import Any

SUMMARY_KEYS = {"id", "url", "lead", "word_count", "offset_unit", "links"}
"""Keys that an article has in a list, among others."""
PART_KEYS = {"article", "position", "role"}
"""Keys that paragraphs and mentions have in lists of their own."""
DOCUMENT_KEYS = (
    *("id", "source", "source_url", "language", "authors", "rights", "published_at", "updated_at", "offset_unit"),
    "extra",
)
PARAGRAPH_KEYS = ("role", "text", "dates")
MENTION_KEYS = ("start", "end", "exact", "type", "label", "confidence", "origin", "evidence")


def is_served_article(value: dict[str, Any]) -> bool:
    """Tell whether a JSON object is an article with its paragraphs, as this service returns it."""
    paragraphs = value.get("paragraphs")
    return (
        isinstance(paragraphs, list)
        and bool(paragraphs)
        and all(
            isinstance(paragraph, dict) and isinstance(paragraph.get("mentions"), list) and "position" in paragraph
            for paragraph in paragraphs
        )
    )


def refuse_part(value: dict[str, Any]) -> str | None:
    """Return what is wrong with an answer of this service that holds no whole article; None for anything else."""
    if SUMMARY_KEYS.issubset(value) and "paragraphs" not in value:
        return "This is an article without its paragraphs; expected them: ask for `include=paragraphs`."
    if PART_KEYS.issubset(value):
        return "This is a part of an article; expected a whole one: ask for `/articles?include=paragraphs`."
    return None


def to_served_document(value: dict[str, Any]) -> dict[str, Any]:
    """Return the document of an article that this service returned."""
    document = {key: value[key] for key in DOCUMENT_KEYS if value.get(key) is not None}
    tags = [tag.get("name") for tag in value.get("tags", []) if isinstance(tag, dict)]
    paragraphs = [
        {key: paragraph[key] for key in PARAGRAPH_KEYS if key in paragraph} for paragraph in value["paragraphs"]
    ]
    wikidata = {
        entity.get("id"): entity.get("wikidata") for entity in value.get("entities", []) if isinstance(entity, dict)
    }
    mentions = [
        to_mention(mention, index, wikidata) if isinstance(mention, dict) else mention
        for index, paragraph in enumerate(value["paragraphs"])
        for mention in paragraph["mentions"]
    ]
    return {**document, "tags": tags, "paragraphs": paragraphs, "mentions": mentions}


def to_mention(mention: dict[str, Any], paragraph: int, wikidata: dict[Any, Any]) -> dict[str, Any]:
    """Return a mention in a paragraph of a document; `wikidata` has Wikidata ids by the ids of entities."""
    values = {key: mention[key] for key in MENTION_KEYS if mention.get(key) is not None}
    entity = mention.get("entity")
    if isinstance(entity, dict):
        known = {key: entity.get(key) for key in ("id", "name", "type")}
        values["entity"] = {**known, "wikidata": wikidata.get(entity.get("id"))}
    return {"paragraph": paragraph, **values}
