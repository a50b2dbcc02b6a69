"""The catalogue annotator: mark the names of the catalogue's entities, except where it is unclear who is meant."""

from collections.abc import Container, Iterable, Iterator, Mapping

from app.search.index.languages import primary_language
from app.seeding.annotators.article_text import ArticleText, ParagraphSpan, join_paragraphs
from app.seeding.annotators.catalogue.disambiguation import Candidates, disambiguate
from app.seeding.annotators.catalogue.foreign_names import ForeignNames
from app.seeding.annotators.catalogue.matcher import NameMatcher, Occurrence
from app.seeding.annotators.catalogue.missing_initials import MissingInitialDetector
from app.seeding.annotators.catalogue.name_context import Context
from app.seeding.annotators.catalogue.overrides import Overrides, resolve_overrides, warn_of_absent
from app.seeding.annotators.catalogue.teams import find_teams
from app.seeding.annotators.lexicon import find_lexicon
from app.seeding.annotators.name_forms import collect_forms, normalize_punctuation
from app.seeding.annotators.protocol import Annotation
from app.seeding.article import Finding, NewArticle, NewMention
from app.seeding.catalogue import Catalogue, EntityEntry


class CatalogueAnnotator:
    """Mark whole words, the longest name from the left. A wrong mark is worse than none."""

    name = "catalogue"

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        forms = collect_forms(catalogue.entities.values())
        self.matcher = NameMatcher(forms)
        self.missing_initials = MissingInitialDetector(forms)
        self.foreign_names: dict[str, ForeignNames] = {}
        """By language."""

    def __reduce__(self) -> tuple[type["CatalogueAnnotator"], tuple[Catalogue]]:
        return CatalogueAnnotator, (self.catalogue,)

    def annotate(self, article: NewArticle) -> Annotation:
        """Mark the catalogue's names in all paragraphs but credits."""
        article_text = join_paragraphs(article.paragraphs)
        findings: list[Finding] = []
        overrides = resolve_overrides(article, self.catalogue, findings)
        texts = (article_text.text, article_text.cased_text)
        occurrences = self.matcher.find(texts, overrides.names)
        if primary_language(article.language) != "en":
            occurrences = merge_occurrences(occurrences, self.get_foreign_names(article.language).find(texts[0]))
        occurrences, settled = divide(occurrences, article_text, overrides)
        findings += warn_of_absent(article, overrides, {(span.paragraph, name) for span, name in settled})
        context = Context(article_text.cased_text, collect_borders(occurrences), find_lexicon(article.language))
        roles = [article.paragraphs[article_text.locate(start, end).paragraph].role for start, end, _ in occurrences]
        occurrences = [
            occurrence
            for occurrence, role in zip(occurrences, roles, strict=True)
            if occurrence.form.text in overrides.everywhere or not context.is_part_of_longer_name(*occurrence, role)
        ]
        forms = {occurrence.form.text: occurrence.form for occurrence in occurrences}
        certain_names = [*self.find_document_names(article), *find_titled_persons(context, occurrences)]
        candidates = disambiguate(forms, overrides.everywhere, certain_names)
        names = list(drop_partial_names(article, article_text, occurrences, candidates, overrides.everywhere))
        teams = find_teams(article_text.text, select_places(names, candidates))
        mentions, ambiguous = [], dict[str, int]()
        for start, end, form in names:
            span, entries = article_text.locate(start, end), candidates[form.text]
            if len(entries) > 1:
                ambiguous.setdefault(form.text, span.paragraph)
            elif is_compatible(span, article.mentions):
                type = "group" if form.is_plural else entries[0].type
                if (form.text, entries[0].id) in teams and not article_text.text.endswith(" in ", 0, start):
                    type = "organization"
                mentions.append(NewMention(*span, entries[0].id, type, origin=self.name))
        for span, name in settled:
            entry = overrides.by_paragraph[span.paragraph, name]
            if entry and is_compatible(span, article.mentions):
                mentions.append(NewMention(*span, entry.id, entry.type, origin=self.name))
        findings += [
            Finding(
                article.file, article.paragraphs[position].line, ambiguity_message(name, candidates[name]), "warning"
            )
            for name, position in ambiguous.items()
        ]
        findings += self.find_missing_initials(article, article_text.text)
        mentions.sort(key=lambda mention: (mention.paragraph, mention.start, -mention.end))
        return Annotation(tuple(mentions), findings)

    def get_foreign_names(self, tag: str) -> ForeignNames:
        """Return the names of a language other than English."""
        language = primary_language(tag)
        if language not in self.foreign_names:
            self.foreign_names[language] = ForeignNames(self.catalogue, language)
        return self.foreign_names[language]

    def find_document_names(self, article: NewArticle) -> Iterator[tuple[str, EntityEntry]]:
        """Yield the names that the document marks itself, with the entities of the catalogue that they mean."""
        for mention in article.mentions:
            entity = mention.entity
            entry = (
                self.catalogue.find_entity(entity)
                if isinstance(entity, str)
                else entity and self.catalogue.match_identity(entity)
            )
            if entry:
                name = article.paragraphs[mention.paragraph].text[mention.start : mention.end]
                yield normalize_punctuation(name), entry

    def find_missing_initials(self, article: NewArticle, article_text: str) -> Iterator[Finding]:
        """Yield a warning for each paragraph whose first letter seems to be missing."""
        for paragraph in article.paragraphs:
            if paragraph.text[0].islower() and (
                message := self.missing_initials.check_paragraph(normalize_punctuation(paragraph.text), article_text)
            ):
                yield Finding(article.file, paragraph.line, message, "warning")


def merge_occurrences(occurrences: list[Occurrence], others: Iterable[Occurrence]) -> list[Occurrence]:
    """Merge occurrences into those that do not overlap, the longest from the left; of equal spans the first stays."""
    merged, reached = [], 0
    for occurrence in sorted([*occurrences, *others], key=lambda occurrence: (occurrence.start, -occurrence.end)):
        if occurrence.start >= reached:
            merged.append(occurrence)
            reached = occurrence.end
    return merged


def divide(
    occurrences: Iterable[Occurrence], article_text: ArticleText, overrides: Overrides
) -> tuple[list[Occurrence], list[tuple[ParagraphSpan, str]]]:
    """Divide occurrences into those whose meaning is to be found, and spans that the author settles, with the name."""
    if not overrides.by_paragraph:
        return [*occurrences], []
    others, settled = [], []
    for occurrence in occurrences:
        span = article_text.locate(occurrence.start, occurrence.end)
        if (span.paragraph, occurrence.form.text) in overrides.by_paragraph:
            settled.append((span, occurrence.form.text))
        else:
            others.append(occurrence)
    return others, settled


def select_places(
    names: Iterable[Occurrence], candidates: Mapping[str, Candidates]
) -> Iterator[tuple[Occurrence, EntityEntry]]:
    """Yield the names that mean a place without doubt, with the place."""
    for occurrence in names:
        entries = candidates[occurrence.form.text]
        if len(entries) == 1 and entries[0].type == "place":
            yield occurrence, entries[0]


def collect_borders(occurrences: Iterable[Occurrence]) -> set[int]:
    """Return the offsets at which names begin and end, without surnames, which may not mean anybody."""
    return {border for start, end, form in occurrences if form.by_name for border in (start, end)}


def find_titled_persons(context: Context, occurrences: Iterable[Occurrence]) -> Iterator[tuple[str, EntityEntry]]:
    """Yield surnames of one bearer after a title, such as `President Reagan`, unless the article has another bearer."""
    titled: dict[str, EntityEntry] = {}
    others: set[str] = set()
    for start, end, form in occurrences:
        if not form.by_name and len(form.by_surname) == 1:
            (person,) = form.by_surname
            if context.follows_title(start, end):
                titled[form.text] = person
            elif not context.fits_word_before(start, person, "body"):
                others.add(form.text)
    return ((f"… {text}", person) for text, person in titled.items() if text not in others)


def drop_partial_names(
    article: NewArticle,
    article_text: ArticleText,
    occurrences: list[Occurrence],
    candidates: Mapping[str, Candidates],
    overrides: Container[str],
) -> Iterator[Occurrence]:
    """Yield the occurrences that mean an entity, without surnames that are parts of other names."""
    borders = {border for start, end, form in occurrences if candidates[form.text] for border in (start, end)}
    context = Context(article_text.cased_text, borders, find_lexicon(article.language))
    for occurrence in occurrences:
        start, end, form = occurrence
        entries = candidates[form.text]
        if not entries:
            continue
        if form.is_part_of_name(entries[0]) and form.text not in overrides:
            role = article.paragraphs[article_text.locate(start, end).paragraph].role
            if not context.is_standalone_surname(start, end, entries[0], role):
                continue
        yield occurrence


def is_compatible(span: ParagraphSpan, mentions: Iterable[NewMention]) -> bool:
    """Tell whether a span neither equals nor crosses one of the mentions; nesting is allowed."""
    paragraph, start, end = span
    return not any(
        mention.paragraph == paragraph
        and (
            (mention.start, mention.end) == (start, end)
            or start < mention.start < end < mention.end
            or mention.start < start < mention.end < end
        )
        for mention in mentions
    )


def ambiguity_message(name: str, entries: Candidates) -> str:
    """Return the warning about a name that may mean several entities."""
    choices = " or ".join(f"{entry.id} ({entry.type})" for entry in entries)
    way_out = f"settle it in the front matter: `entities: {{{name}: {entries[0].id}}}`"
    return f"'{name}' may be {choices}, so it is left unmarked; {way_out}"
