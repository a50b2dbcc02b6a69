"""Resolution: find the entities and tags that an article refers to."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.seeding.article import Finding, Identity, NewArticle, NewMention
from app.seeding.limits import MOST_WARNINGS
from app.seeding.normalize.raw import shorten
from app.seeding.registry import EntityRow, Registry, TagRow


class ResolvedArticle(NamedTuple):
    """An article with the rows of its entities and tags."""

    article: NewArticle
    source_fingerprint: str
    """As `fingerprints.source_fingerprint` returns it."""
    entities: Sequence[EntityRow | None]
    """One for each mention; None where the mention identifies nobody."""
    tags: Sequence[TagRow]


def resolve_article(
    article: NewArticle, source_fingerprint: str, registry: Registry
) -> ResolvedArticle | list[Finding]:
    """Resolve an article's references, or return a fault for each mention of an unknown id.

    Creates the entities and tags that the article brings along, unless it has a fault.
    """
    ids = {mention.entity for mention in article.mentions if isinstance(mention.entity, str)}
    rows: dict[Any, EntityRow | None] = {id: registry.entities.resolve(id) for id in ids}
    if unknown_ids := {id for id, row in rows.items() if row is None}:
        unknown = [mention for mention in article.mentions if mention.entity in unknown_ids]
        faults = [unknown_id_fault(article, mention, registry) for mention in unknown[:MOST_WARNINGS]]
        if more := len(unknown) - len(faults):
            faults.append(Finding(article.file, article.line, f"There are {more:,} more mentions of unknown ids."))
        return faults
    entities = [
        registry.entities.resolve(mention.entity) if isinstance(mention.entity, Identity) else rows.get(mention.entity)
        for mention in article.mentions
    ]
    return ResolvedArticle(article, source_fingerprint, entities, [registry.tags.resolve(tag) for tag in article.tags])


def unknown_id_fault(article: NewArticle, mention: NewMention, registry: Registry) -> Finding:
    """Return the fault of a mention whose entity does not exist."""
    id = str(mention.entity)
    suggestion = registry.entities.suggest_id(id)
    hint = f"did you mean '{suggestion}'?" if suggestion else "expected one of the catalogue's, or {name, type}."
    line = article.paragraphs[mention.paragraph].line
    return Finding(article.file, line, f"No entity has the id '{shorten(id)}'; {hint}")
