"""The default annotator: it finds the names that the catalogue knows, and marks those without doubt."""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from app.seeding.annotators.article_text import ArticleText
from app.seeding.annotators.disambiguation import Meaning, disambiguate
from app.seeding.annotators.matcher import NameMatcher, Occurrence
from app.seeding.annotators.missing_initials import MissingInitialDetector
from app.seeding.annotators.name_forms import forms_of, normalize_punctuation
from app.seeding.annotators.protocol import Annotation
from app.seeding.annotators.surname_context import is_standalone_surname
from app.seeding.article import Finding, NewArticle, NewMention
from app.seeding.catalogue import Catalogue, EntityEntry
from app.seeding.normalize.raw import shortened
from app.seeding.slugs import MAX_ID_LENGTH

_MOST_HINTS = 10
"""So many wrong ids of an article are told with the nearest right one."""

Settled = Mapping[str, EntityEntry | None]
"""What the author says of levelled names: the entity meant, or None: not a name here."""


class CatalogueAnnotator:
    """Marks whole words, the longest name from the left; a wrong mark is worse than none."""

    name = "catalogue"

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        forms = forms_of(catalogue.entities.values())
        self._finder = NameMatcher(forms)
        self._initials = MissingInitialDetector(forms)

    def __reduce__(self) -> tuple[type["CatalogueAnnotator"], tuple[Catalogue]]:
        return CatalogueAnnotator, (self._catalogue,)

    def annotate(self, article: NewArticle) -> Annotation:
        """Find the catalogue's names in every paragraph but credits."""
        sheet = ArticleText(article)
        findings: list[Finding] = []
        settled = self._settled(article, findings)
        occurrences = self._finder.occurrences(sheet.text, settled)
        forms = {occurrence.form.text: occurrence.form for occurrence in occurrences}
        meanings = disambiguate(forms, settled, self._given(article))
        mentions, doubtful = [], dict[str, int]()
        for start, end, form in _standing(article, sheet, occurrences, meanings, settled):
            place, meaning = sheet.place(start, end), meanings[form.text]
            if len(meaning) > 1:
                doubtful.setdefault(form.text, place.paragraph)
            elif _fits_beside(place, article.mentions):
                mentions.append(NewMention(*place, meaning[0].id, meaning[0].type, origin=self.name))
        findings += [
            Finding(article.file, article.paragraphs[position].line, _doubt(name, meanings[name]), "warning")
            for name, position in doubtful.items()
        ]
        findings += self._lost_initials(article, sheet.text)
        return Annotation(tuple(mentions), findings)

    def _settled(self, article: NewArticle, findings: list[Finding]) -> dict[str, EntityEntry | None]:
        settled: dict[str, EntityEntry | None] = {}
        for name, reference in article.entity_overrides.items():
            entry = None if reference is None else self._catalogue.find_entity(reference)
            if reference is not None and not entry:
                what = (
                    f"`entities` settles '{shortened(name)}' as '{shortened(reference)}', but there is no such entity"
                )
                # To compare with all ids takes milliseconds, or much longer in a large catalogue.
                near = self._catalogue.entities if len(findings) < _MOST_HINTS else ()
                close = difflib.get_close_matches(reference[:MAX_ID_LENGTH], near, 1)
                hint = f"; did you mean '{close[0]}'?" if close else "; expected the id of one"
                findings.append(Finding(article.file, article.line, what + hint))
            settled[normalize_punctuation(unicodedata.normalize("NFC", name)).strip()] = entry
        return settled

    def _given(self, article: NewArticle) -> Iterator[tuple[str, EntityEntry]]:
        for mention in article.mentions:
            known = mention.entity
            entry = (
                self._catalogue.find_entity(known)
                if isinstance(known, str)
                else known and self._catalogue.match_identity(known)
            )
            if entry:
                yield (
                    normalize_punctuation(article.paragraphs[mention.paragraph].text[mention.start : mention.end]),
                    entry,
                )

    def _lost_initials(self, article: NewArticle, text: str) -> Iterator[Finding]:
        for paragraph in article.paragraphs:
            if paragraph.text[0].islower() and (
                what := self._initials.warning(normalize_punctuation(paragraph.text), text)
            ):
                yield Finding(article.file, paragraph.line, what, "warning")


def _standing(
    article: NewArticle,
    sheet: ArticleText,
    occurrences: list[Occurrence],
    meanings: Mapping[str, Meaning],
    settled: Settled,
) -> Iterator[Occurrence]:
    """Leave out what means nobody, and surnames that are parts of other names."""
    marked = {border for start, end, form in occurrences if meanings[form.text] for border in (start, end)}
    for occurrence in occurrences:
        start, end, form = occurrence
        meaning = meanings[form.text]
        if not meaning:
            continue
        if form.is_part(meaning[0]) and form.text not in settled:
            role = article.paragraphs[sheet.place(start, end).paragraph].role
            if not is_standalone_surname(sheet.text, start, end, meaning[0], marked=marked, role=role):
                continue
        yield occurrence


def _fits_beside(place: tuple[int, int, int], given: Iterable[NewMention]) -> bool:
    """Whether a mention there neither repeats nor crosses a given one; it may nest."""
    paragraph, start, end = place
    return not any(
        other.paragraph == paragraph
        and (
            (other.start, other.end) == (start, end)
            or start < other.start < end < other.end
            or other.start < start < other.end < end
        )
        for other in given
    )


def _doubt(name: str, meaning: Meaning) -> str:
    one = " or ".join(f"{entry.id} ({entry.type})" for entry in meaning)
    way_out = f"settle it in the front matter: `entities: {{{name}: {meaning[0].id}}}`"
    return f"'{name}' may be {one}, so it is left unmarked; {way_out}"
