"""Conversion: write articles that were read as article documents, so that a folder can be cleaned once and kept."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.seeding.article import Finding, Identity, NewArticle, NewMention, format_precise_date
from app.seeding.readers import read_chunk, split_file
from app.seeding.scanner import scan


def convert(paths: Sequence[Path], *, language: str, follow_links: bool) -> Iterator[dict[str, Any] | Finding]:
    """Yield the document of every article under these paths, and the findings, in the order of the files.

    Only one chunk of a file is in memory. Reading the documents again gives the same articles.
    """
    scanned = scan(paths, follow_links=follow_links)
    yield from scanned.findings
    for file in scanned.files:
        for chunk in split_file(file):
            if isinstance(chunk, Finding):
                yield chunk
                continue
            articles, findings = read_chunk(chunk, language)
            yield from map(to_document, articles)
            yield from findings


def to_document(article: NewArticle) -> dict[str, Any]:
    """Return an article as a document, without the keys that have no value."""
    document = {
        "id": article.id,
        "language": article.language,
        "source": article.source,
        "source_url": article.source_url,
        "authors": article.authors,
        "rights": article.rights,
        "published_at": format_precise_date(article.published),
        "updated_at": format_precise_date(article.updated),
        "tags": article.tags,
        "paragraphs": list_paragraphs(article),
        "entities": article.entity_overrides,
        "extra": article.extra,
    }
    kept: dict[str, Any] = {key: value for key, value in document.items() if value}
    if article.mentions or not article.annotate:
        kept["mentions"] = [to_mention_document(mention, article) for mention in article.mentions]
        kept["annotate"] = article.annotate
    return kept


def list_paragraphs(article: NewArticle) -> list[dict[str, Any]]:
    """Return the paragraphs of an article as documents, with the dates that its document has."""
    paragraphs: list[dict[str, Any]] = [
        {"role": paragraph.role, "text": paragraph.text} | ({} if article.dates is None else {"dates": []})
        for paragraph in article.paragraphs
    ]
    for position, start, end, value in article.dates or ():
        exact = article.paragraphs[position].text[start:end]
        paragraphs[position]["dates"].append({"start": start, "end": end, "exact": exact, "value": value})
    return paragraphs


def to_mention_document(mention: NewMention, article: NewArticle) -> dict[str, Any]:
    """Return a mention as a document, with the words that it marks."""
    entity: Any = mention.entity
    if isinstance(entity, Identity):
        identity = {"name": entity.name, "type": entity.type, "wikidata": entity.wikidata, "id": entity.id}
        entity = {key: value for key, value in identity.items() if value is not None}
    document = {
        "paragraph": mention.paragraph,
        "start": mention.start,
        "end": mention.end,
        "exact": article.paragraphs[mention.paragraph].text[mention.start : mention.end],
        "type": mention.type,
        "label": mention.label,
        "entity": entity,
        "confidence": mention.confidence,
        "origin": None if mention.origin == "given" else mention.origin,
        "evidence": mention.evidence,
    }
    return {key: value for key, value in document.items() if value is not None}
