"""The annotator protocol: what an annotator takes and returns."""

from typing import NamedTuple, Protocol

from app.seeding.article import Finding, NewArticle, NewMention


class Annotation(NamedTuple):
    """The mentions that an annotator adds to an article, and its messages to the author."""

    mentions: tuple[NewMention, ...]
    """In the order of the text, a longer one before those inside it."""
    findings: list[Finding]
    """Warnings, at the paragraphs they are about; faults only for wrong entries under the document's `entities`."""


class AnnotatorError(Exception):
    """An annotator can't mark an article; the message is the reason, as the end of a sentence."""


class Annotator(Protocol):
    """An object that marks names in articles; the worker processes of a run inherit it."""

    name: str
    """The `origin` of its mentions."""

    def annotate(self, article: NewArticle) -> Annotation:
        """Return mentions to add to those that the article has, from the document and from annotators before."""
        ...
