"""Examples from the project's own articles: questions, parameter values and responses."""

import json
from functools import cache
from pathlib import Path
from typing import Any

QUESTIONS = {
    "articles?q=missile": "Articles about missiles, the most relevant first.",
    "articles?entity=minsk&entity=moscow": "Articles that mention both Minsk and Moscow.",
    "paragraphs?entity=united-states&entity=soviet-union": "Paragraphs that mention both countries.",
    "entities?q=%22arms+control%22&type=person": "People who are mentioned in articles with this phrase.",
    "timeline?tag=nuclear-testing&interval=year": "Articles with a tag, counted by year.",
}
"""URLs of five example queries, with descriptions; all use the same filters."""

PARAMETER_VALUES: dict[str, Any] = {
    "q": "missile",
    "match": "any",
    "q_in": ["title", "heading"],
    "within": "paragraph",
    "entity": ["minsk", "moscow"],
    "entity_any": ["mikhail-gorbachev", "ronald-reagan"],
    "entity_not": ["united-states"],
    "entity_type": ["product"],
    "entity_type_any": ["person", "organization"],
    "entity_type_not": ["place"],
    "entity_name": ["mikhail gorbachev"],
    "entity_in": ["title"],
    "min_mentions": 3,
    "local": False,
    "tag": ["nuclear-testing"],
    "tag_any": ["deterrence", "arms-control"],
    "tag_not": ["nuclear-energy"],
    "author": ["Annotated Articles contributors"],
    "author_any": ["Annotated Articles contributors"],
    "author_not": ["Annotated Articles contributors"],
    "source": ["Annotated Articles"],
    "source_not": ["Annotated Articles"],
    "language": ["en"],
    "language_not": ["en"],
    "published_from": "1962-10",
    "published_to": "1991",
    "updated_from": "2026",
    "updated_to": "2026-12",
    "about_from": "1945-07",
    "about_to": "1945-08",
    "has": ["published_at", "caption"],
    "has_any": ["source", "authors"],
    "missing": ["published_at"],
    "id": ["trinity-test"],
    "sort": "title",
    "limit": 5,
    "cursor": "WyI5ZjJjIiwibiJd",
    "facet": ["tag", "entity"],
    "facet_size": 3,
    "facet_prefix": "nuc",
    "include": ["paragraphs"],
    "body": 200,
    "offset_unit": "utf16",
    "highlight": "offsets",
    "markup": "mentions",
    "entity_id": ["minsk", "moscow"],
    "tag_id": ["deterrence", "arms-control"],
    "type": ["person"],
    "name": "Мінск",
    "name_prefix": "gorb",
    "interval": "year",
    "by": "about",
    "of": ["minsk"],
    "exact": ["Moscow"],
    "origin": ["catalogue"],
    "min_confidence": 0.5,
    "context": 60,
    "min_count": 2,
    "after": "trinity-test",
}
"""An example value for each parameter, by its name."""

EXAMPLE_URLS = {
    "list_articles": "/articles?q=oreshnik+missile&highlight=markup&body=80&facet=tag&facet_size=2&limit=1"
    "&entity_not=minks",
    "read_article": "/articles/stanislav-petrov?q=alarm&markup=mentions",
    "list_similar": "/articles/stanislav-petrov/similar?limit=1",
    "read_paragraph": "/articles/stanislav-petrov/paragraphs/0?markup=mentions",
    "list_paragraphs": "/paragraphs?entity=united-states&entity=soviet-union&q=talks&highlight=markup&markup=mentions"
    "&limit=1",
    "list_mentions": "/mentions?of=minsk&context=40&limit=2",
    "list_entities": "/entities?entity=mikhail-gorbachev&within=paragraph&name_prefix=r&limit=1",
    "read_graph": "/entities/graph?tag=nuclear-testing&limit=3&min_count=2",
    "read_entity": "/entities/minsk",
    "list_tags": "/tags?q=Chernobyl&name_prefix=nuclear&limit=2",
    "read_tag": "/tags/nuclear-testing",
    "read_timeline": "/timeline?entity=mikhail-gorbachev&interval=year",
    "read_corpus": "/corpus",
    "read_live": "/health/live",
    "read_ready": "/health/ready",
    "read_index": "/",
}
"""The URL of the example response of each operation."""

EXPORT_URLS = {
    "export_articles": "/articles.jsonl",
    "export_article": "/articles/stanislav-petrov.md",
    "export_paragraphs": "/paragraphs.csv",
    "export_mentions": "/mentions.csv",
    "export_entities": "/entities.csv",
    "export_tags": "/tags.csv",
    "export_timeline": "/timeline.csv",
    "export_graph": "/entities/graph.graphml",
}
"""A URL of each operation whose response is a file, and no example."""

MISSING_URLS = {
    "read_article": "/articles/minsk-talks",
    "list_similar": "/articles/minsk-talks/similar",
    "read_paragraph": "/articles/stanislav-petrov/paragraphs/99",
    "read_entity": "/entities/minks",
    "read_tag": "/tags/deterence",
    "export_article": "/articles/minsk-talks.md",
    **{name: f"{url.partition('.')[0]}.docx" for name, url in EXPORT_URLS.items() if name != "export_article"},
}
"""A URL of each operation to which there is nothing: status 404."""

OWN_ERRORS = (404, 422, 503)
"""The statuses whose example is one of the operation; the others have the same response at every URL."""


def error_url(operation: str, status: int) -> str | None:
    """Return a URL for which an operation responds with one of `OWN_ERRORS`; with 503, while there is no corpus."""
    if status == 404:
        return MISSING_URLS.get(operation)
    url = EXAMPLE_URLS.get(operation) or EXPORT_URLS.get(operation)
    return url and (f"{url.partition('?')[0]}?lang=en" if status == 422 else url)


@cache
def load_responses() -> dict[str, Any]:
    """Return the example responses, which tests/api/test_openapi.py records from the project's own articles.

    Their keys are names of operations, names of operations with one of `OWN_ERRORS`, and names of shared responses.
    """
    return dict(json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8")))
