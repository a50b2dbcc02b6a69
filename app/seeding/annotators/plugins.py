r"""Plug-ins: run the annotators of other packages, and check their mentions like those of a document.

A package offers an annotator by an entry point, whose name is the `origin` of its mentions:

    # pyproject.toml
    [project.entry-points."annotated_articles.annotators"]
    hashtags = "hashtags:annotate"

    # hashtags.py
    import re


    def annotate(article):
        for number, paragraph in enumerate(article["paragraphs"]):
            for match in re.finditer(r"#\w+", paragraph["text"]):
                yield {"paragraph": number, "start": match.start(), "end": match.end(), "type": "other"}

The function takes an article as `describe_article` returns it, and returns mentions in the form that `articles schema`
describes. Install the package where `articles` is installed. It reads each article after the catalogue, and the next
seeding run reads all articles anew if a plug-in is installed, upgraded or removed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from app.dates import format_date
from app.seeding.annotators.article_text import ParagraphSpan
from app.seeding.annotators.catalogue import is_compatible
from app.seeding.annotators.protocol import Annotation, AnnotatorError
from app.seeding.article import Identity, NewArticle, NewMention
from app.seeding.catalogue import Catalogue
from app.seeding.normalize.paragraphs import RawParagraph
from app.seeding.normalize.raw import RawArticle, shorten
from app.seeding.normalize.spans.mentions import resolve_mentions
from app.seeding.normalize.validation import validate

GROUP = "annotated_articles.annotators"
RESERVED_NAMES = frozenset({"given", "catalogue", "rules"})
"""Origins of mentions that no plug-in makes; those of models begin with `model:`."""


def find_plugins() -> list[EntryPoint]:
    """Return the entry points of all installed annotators, by name."""
    return sorted(entry_points(group=GROUP), key=lambda entry_point: (entry_point.name, entry_point.value))


def list_versions() -> list[str]:
    """Return name and version of each installed annotator: with others, articles may have other mentions."""
    return [f"{plugin.name} {plugin.value} {plugin.dist and plugin.dist.version}" for plugin in find_plugins()]


class PluginAnnotator:
    """Run the annotator of another package."""

    def __init__(self, entry_point: EntryPoint, catalogue: Catalogue) -> None:
        self.name = entry_point.name
        self.catalogue = catalogue
        self.load_error = ""
        self.function: Callable[[dict[str, Any]], Iterable[Mapping[str, Any]]] = lambda article: ()
        if self.name in RESERVED_NAMES or self.name.startswith("model:"):
            self.load_error = f"an annotator of a package can't be called '{self.name}'; rename its entry point."
            return
        try:
            self.function = entry_point.load()
        except Exception as error:  # noqa: BLE001  (Whatever a package raises costs its own mentions, not the run.)
            self.load_error = f"it can't be loaded, {describe_exception(error)}."

    def annotate(self, article: NewArticle) -> Annotation:
        """Return the mentions of the plug-in that neither equal nor cross another. Raises `AnnotatorError`."""
        if self.load_error:
            raise AnnotatorError(self.load_error)
        try:
            returned = list(self.function(describe_article(article)))
        except Exception as error:
            raise AnnotatorError(f"it failed, {describe_exception(error)}.") from error
        return Annotation(tuple(self.select_compatible(article, self.check(article, returned))), [])

    def check(self, article: NewArticle, returned: list[Any]) -> list[NewMention]:
        """Check the mentions that the plug-in returned. Raises `AnnotatorError` with the first fault."""
        raw = RawArticle(article.file, article.id, {"title": article.title, "mentions": returned})
        document = validate(raw)
        paragraphs = [
            RawParagraph(paragraph.role, paragraph.text, ("paragraphs", index), index)
            for index, paragraph in enumerate(article.paragraphs)
        ]
        mentions = list(resolve_mentions(raw, document, paragraphs)) if document else []
        if faults := [finding for finding in raw.findings if finding.severity == "fault"]:
            raise AnnotatorError(f"of the mentions that it returned, {faults[0].message}")
        return [mention._replace(entity=self.identify(mention), origin=self.name) for mention in mentions]

    def identify(self, mention: NewMention) -> str | Identity | None:
        """Return the entity of a mention: one of the catalogue, or a local one. Raises `AnnotatorError`."""
        match mention.entity:
            case str(reference):
                if entry := self.catalogue.find_entity(reference):
                    return entry.id
                raise AnnotatorError(f"it names the entity '{shorten(reference)}', which the catalogue does not have.")
            case Identity(wikidata=None) as identity:
                return Identity(identity.name, identity.type, local=True)
        return mention.entity

    def select_compatible(self, article: NewArticle, mentions: Iterable[NewMention]) -> Iterable[NewMention]:
        """Yield the mentions that neither equal nor cross one of the article or one before."""
        by_paragraph = defaultdict(list)
        for mention in article.mentions:
            by_paragraph[mention.paragraph].append(mention)
        for mention in mentions:
            others = by_paragraph[mention.paragraph]
            if is_compatible(ParagraphSpan(mention.paragraph, mention.start, mention.end), others):
                others.append(mention)
                yield mention


def describe_exception(error: Exception) -> str:
    """Return the type of an exception and its message on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def describe_article(article: NewArticle) -> dict[str, Any]:
    """Return an article as plain JSON: paragraphs by number, of which 0 is the title, and its mentions so far."""
    published = article.published
    return {
        "id": article.id,
        "title": article.title,
        "language": article.language,
        "published_at": format_date(published.at, published.precision) if published else None,
        "source": article.source,
        "authors": [*article.authors],
        "tags": [*article.tags],
        "paragraphs": [{"role": paragraph.role, "text": paragraph.text} for paragraph in article.paragraphs],
        "mentions": [describe_mention(mention) for mention in article.mentions],
    }


def describe_mention(mention: NewMention) -> dict[str, Any]:
    """Return a mention as plain JSON; `entity` is an id, an object or null."""
    entity: Any = mention.entity
    if isinstance(entity, Identity):
        entity = {"name": entity.name, "type": entity.type, "wikidata": entity.wikidata}
    return {**mention._asdict(), "entity": entity}
