"""The option `check --show`: print how one file is read, with its names, before anything is seeded."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.cli.console import abort, pluralize
from app.cli.seeding import report
from app.dates import format_date
from app.models import EntityType
from app.seeding.article import Identity, NewArticle, NewMention
from app.seeding.catalogue import Catalogue, read_catalogue
from app.seeding.readers import name_format
from app.seeding.scanner import ScannedFile, ScanResult, scan
from app.seeding.workers import annotate
from app.settings import Settings

MOST_ARTICLES = 5
"""Articles of a file that are shown, unless all are asked for."""

COLOURS: Mapping[EntityType, str] = {
    "person": "cyan",
    "organization": "magenta",
    "place": "green",
    "group": "yellow",
    "event": "red",
    "product": "blue",
}
"""Colours of names on a terminal; those of other types are only underlined."""


def show_file(settings: Settings, paths: Sequence[Path], path: Path, *, show_all: bool = False) -> None:
    """Print the articles of one of the files under these paths; exit with status 1 if it has a fault or no article."""
    scanned = scan(paths, follow_links=settings.follow_links)
    file = find_file(scanned, paths, path)
    catalogue, _ = read_catalogue(paths, follow_links=settings.follow_links)
    console = Console(highlight=False)
    findings = [finding for finding in scanned.findings if finding.file == file.name]
    count = 0
    for chunk in annotate([file], catalogue, settings.language, settings.rules):
        findings += chunk.findings
        for article, _ in chunk.articles:
            count += 1
            if show_all or count <= MOST_ARTICLES:
                console.print(*render_article(article, catalogue), Text(), sep="\n")
    rest = "" if show_all or count <= MOST_ARTICLES else f"; --all shows the other {count - MOST_ARTICLES:,}"
    console.print(f"{file.name} ({name_format(file)}): {pluralize(count, 'article')}{rest}.", soft_wrap=True)
    report(findings, show_all=show_all)
    if not count or any(finding.severity == "fault" for finding in findings):
        raise SystemExit(1)


def find_file(scanned: ScanResult, paths: Sequence[Path], path: Path) -> ScannedFile:
    """Return the scanned file that a path names, from here or from one of the folders; stop if there is none."""
    names = {str(path.absolute()), *(f"{folder.absolute()}/{path}" for folder in paths)}
    names |= {str(Path(name).resolve()) for name in names}
    file = next((file for file in scanned.files if not names.isdisjoint({file.name, file.real})), None)
    if file is None:
        reasons = " ".join(finding.message for finding in scanned.findings if finding.file in names)
        abort(f"{path} is no file of articles in {' '.join(map(str, paths))}. {reasons}".rstrip())
    return file


def render_article(article: NewArticle, catalogue: Catalogue) -> Iterator[Text | Table | Padding]:
    """Yield what is printed of an article: its title and what is known of it, then each paragraph with its role."""
    yield Text(article.title, "bold")
    facts = Table.grid(padding=(0, 1))
    for key, value in describe_article(article):
        facts.add_row(Text(key, "dim"), value)
    yield Padding(facts, (0, 0, 1, 2))
    body = Table.grid(padding=(0, 1))
    mentions = {
        position: [*group] for position, group in groupby(article.mentions, key=lambda mention: mention.paragraph)
    }
    for position, paragraph in enumerate(article.paragraphs):
        text = mark_names(paragraph.text, mentions.get(position, ()), catalogue)
        if paragraph.role in {"title", "heading"}:
            text.stylize("bold")
        body.add_row(Text(str(position), "dim"), Text(paragraph.role, "dim"), text)
    yield body


def describe_article(article: NewArticle) -> Iterator[tuple[str, str]]:
    """Yield the names and the values of what is known of an article."""
    published = article.published and format_date(article.published.at, article.published.precision)
    values = {
        "id": article.id,
        "published": published or "no date",
        "authors": "; ".join(article.authors) or "none",
        "source": " ".join(filter(None, (article.source, article.source_url))),
        "language": article.language,
        "tags": ", ".join(article.tags) or "none",
        "rights": article.rights,
        "extra": ", ".join(article.extra),
    }
    yield from ((key, value) for key, value in values.items() if value)


def mark_names(text: str, mentions: Sequence[NewMention], catalogue: Catalogue) -> Text:
    """Return a text with each name in brackets, followed by its type and its entity: `[Minsk|place minsk]`."""
    marked = Text()
    borders = sorted({0, len(text), *(border for mention in mentions for border in (mention.start, mention.end))})
    for start, end in pairwise([*borders, len(text)]):
        # Of names that end together the inner one is closed first, of those that begin together the outer one opened.
        for mention in sorted(mentions, key=lambda mention: -mention.start):
            if mention.end == start:
                marked.append(f"|{describe_mention(mention, catalogue)}]", "dim")
        marked.append("[" * sum(mention.start == start for mention in mentions), "dim")
        styles = [f"underline {COLOURS.get(name.type, '')}" for name in mentions if name.start <= start < name.end]
        marked.append(text[start:end], styles[-1] if styles else "")
    return marked


def describe_mention(mention: NewMention, catalogue: Catalogue) -> str:
    """Return the type of a name, the label if the file has another word for it, and the entity that it means."""
    entity = mention.entity
    if isinstance(entity, Identity):
        entry = catalogue.match_identity(entity)
        entity = entry.id if entry else " ".join(filter(None, (entity.name, entity.wikidata)))
    type = f"{mention.type} ({mention.label})" if mention.label else mention.type
    return f"{type} {entity}" if entity else f"{type}, unknown"
