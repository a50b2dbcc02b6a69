"""Draft of a catalogue: list the most frequent names of a folder that no catalogue has, as an entities.yaml to edit."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.console import abort, pluralize, print_line
from app.models import EntityType
from app.seeding.article import Identity, NewArticle
from app.seeding.catalogue import read_catalogue
from app.seeding.scanner import scan
from app.seeding.workers import annotate
from app.settings import DEFAULT_RULES, Settings

CONTEXT = 40
"""Code points of an example before and after the name."""


@dataclass
class LocalName:
    """A name that only rules mark, and where it stands."""

    name: str
    type: EntityType
    articles: set[str] = field(default_factory=set)
    mentions: int = 0
    evidence: Counter[str] = field(default_factory=Counter)
    example: str = ""


def run_names(settings: Settings, paths: Sequence[Path], limit: int) -> None:
    """Print the names as YAML, the most frequent first; the line above each entry says where it stands."""
    catalogue = read_catalogue(paths, follow_links=settings.follow_links).catalogue
    files = scan(paths, follow_links=settings.follow_links).files
    rules = DEFAULT_RULES if settings.rules == "off" else settings.rules
    chunks = annotate(files, catalogue, settings.language, rules, ner=settings.ner)
    names = collect_names(article for chunk in chunks for article, _ in chunk.articles)
    if not names:
        abort("There are no names here that the catalogue lacks.")
    print_line("# Names that no catalogue has, the most frequent first. Keep what is right, correct what is not,")
    print_line("# and save it as entities.yaml in the folder of the articles.")
    for name in names[:limit]:
        for line in draft_entry(name):
            print_line(line)
    if len(names) > limit:
        print_line(f"# {len(names) - limit:,} more names are rarer; --limit shows more.")


def collect_names(articles: Iterable[NewArticle]) -> list[LocalName]:
    """Return the local names of articles, the most often mentioned first, then by name."""
    names: dict[Identity, LocalName] = {}
    for article in articles:
        for mention in article.mentions:
            identity = mention.entity
            if isinstance(identity, Identity) and identity.local:
                name = names.setdefault(identity, LocalName(identity.name, identity.type))
                text = article.paragraphs[mention.paragraph].text
                example = text[max(mention.start - CONTEXT, 0) : mention.end + CONTEXT]
                name.articles.add(article.id)
                name.mentions += 1
                name.evidence[mention.evidence or mention.origin] += 1
                name.example = name.example or " ".join(example.split())
    return sorted(names.values(), key=lambda name: (-name.mentions, name.name, name.type))


def draft_entry(name: LocalName) -> Iterator[str]:
    """Yield the lines of an entry of entities.yaml."""
    counts = f"{pluralize(name.mentions, 'mention')} in {pluralize(len(name.articles), 'article')}"
    kinds = ", ".join(kind for kind, _ in name.evidence.most_common(3))
    yield f"# {counts} ({kinds}): … {name.example} …"
    # A JSON string is a YAML string, whatever is in it.
    yield f"- name: {json.dumps(name.name, ensure_ascii=False)}"
    yield f"  type: {name.type}"
