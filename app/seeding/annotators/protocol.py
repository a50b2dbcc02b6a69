"""What every annotator is asked and what it answers."""

from typing import NamedTuple, Protocol

from app.seeding.article import Finding, NewArticle, NewMention


class Annotation(NamedTuple):
    """What an annotator adds to an article, and what its author should know about it."""

    mentions: tuple[NewMention, ...]
    """In the order of the text, a longer one before those within it."""
    findings: list[Finding]
    """Warnings at the paragraphs that they speak of; faults only where the author settled wrongly."""


class Annotator(Protocol):
    """Something that finds names in articles; it may be sent to other processes (it pickles)."""

    name: str
    """The `origin` of its mentions."""

    def annotate(self, article: NewArticle) -> Annotation:
        """Find names in an article, beside the mentions that it was given."""
        ...
