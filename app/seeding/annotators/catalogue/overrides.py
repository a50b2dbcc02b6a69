"""Overrides: look up the meanings that the author gives names, in a whole article or in one of its paragraphs."""

import difflib
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from app.seeding.annotators.name_forms import normalize_punctuation
from app.seeding.article import Finding, NewArticle
from app.seeding.catalogue import Catalogue, EntityEntry
from app.seeding.normalize.raw import shorten
from app.seeding.slugs import MAX_ID_LENGTH

MOST_HINTS = 10
"""Wrong ids of an article that are reported with the most similar right one."""


class Overrides(NamedTuple):
    """The entity that each name with normalized punctuation means, or None: not a name here."""

    everywhere: Mapping[str, EntityEntry | None]
    by_paragraph: Mapping[tuple[int, str], EntityEntry | None]
    """By the paragraph's position and the name."""

    @property
    def names(self) -> set[str]:
        """Return all names that have an override."""
        return {*self.everywhere, *(name for _, name in self.by_paragraph)}


def resolve_overrides(article: NewArticle, catalogue: Catalogue, findings: list[Finding]) -> Overrides:
    """Look up the entities of an article's overrides; report those that do not exist, and take them for None."""
    everywhere, by_paragraph = dict[str, EntityEntry | None](), dict[tuple[int, str], EntityEntry | None]()
    for name, paragraph, reference in list_overrides(article):
        entry = None if reference is None else catalogue.find_entity(reference)
        if reference is not None and not entry:
            where = "`entities`" if name in article.entity_lines else "A defaults.yaml"
            what = f"{where} settles '{shorten(name)}' as '{shorten(reference)}', but there is no such entity"
            # Comparing with all ids takes milliseconds, and much longer in a large catalogue.
            ids = catalogue.entities if len(findings) < MOST_HINTS else ()
            matches = difflib.get_close_matches(reference[:MAX_ID_LENGTH], ids, 1)
            hint = f"; did you mean '{matches[0]}'?" if matches else "; expected the id of one."
            findings.append(Finding(article.file, article.entity_lines.get(name, article.line), what + hint))
        key = normalize_punctuation(unicodedata.normalize("NFC", name)).strip()
        if paragraph is None:
            everywhere[key] = entry
        else:
            by_paragraph[paragraph, key] = entry
    return Overrides(everywhere, by_paragraph)


def list_overrides(article: NewArticle) -> Iterator[tuple[str, int | None, str | None]]:
    """Yield name, paragraph (None: all of them) and id (None: not a name) of each override."""
    for name, meaning in article.entity_overrides.items():
        if isinstance(meaning, Mapping):
            yield from ((name, paragraph, reference) for paragraph, reference in meaning.items())
        else:
            yield name, None, meaning


def warn_of_absent(article: NewArticle, overrides: Overrides, used: set[tuple[int, str]]) -> Iterator[Finding]:
    """Yield a warning for each override of a paragraph that does not have the name."""
    for paragraph, name in sorted(overrides.by_paragraph.keys() - used):
        message = f"`entities` settles '{shorten(name)}' in paragraph {paragraph}, which does not have it"
        yield Finding(article.file, article.entity_lines.get(name, article.line), message, "warning")
