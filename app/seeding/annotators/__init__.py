r"""Annotators: find names in the text of an article and mark them as mentions.

To add an annotator, write a module with a class that fits `protocol.Annotator`:

    # app/seeding/annotators/hashtags.py
    import re

    from app.seeding.annotators.protocol import Annotation
    from app.seeding.article import NewArticle, NewMention

    HASHTAG = re.compile(r"#\w+")


    class HashtagAnnotator:
        name = "hashtags"

        def annotate(self, article: NewArticle) -> Annotation:
            mentions = [
                NewMention(position, *match.span(), None, "other", origin=self.name)
                for position, paragraph in enumerate(article.paragraphs)
                for match in HASHTAG.finditer(paragraph.text)
            ]
            return Annotation(tuple(mentions), [])

then import the class here, and add one line to `ANNOTATORS`:

    lambda catalogue: HashtagAnnotator(),

Offsets are code points of the paragraph's text. `None` stands for the entity: marked, but not identified. The article
has the mentions of the document and of the annotators before. One that fails on an article costs its own mentions and
a warning. Articles that are stored already get the new mentions once `PIPELINE_VERSION` (app/seeding/fingerprints.py)
is raised.
"""

from collections.abc import Callable

from app.seeding.annotators.catalogue import CatalogueAnnotator
from app.seeding.annotators.protocol import Annotation, Annotator
from app.seeding.annotators.rules import RuleAnnotator
from app.seeding.catalogue import Catalogue
from app.settings import Rules

__all__ = [
    "ANNOTATORS",
    "Annotation",
    "Annotator",
    "CatalogueAnnotator",
    "RuleAnnotator",
    "create_annotators",
]

ANNOTATORS: list[Callable[[Catalogue], Annotator]] = [
    CatalogueAnnotator,
]
"""Annotators of a seeding run, in the order in which they read an article."""


def create_annotators(catalogue: Catalogue, rules: Rules = "off") -> list[Annotator]:
    """Create the annotators of a seeding run; that of the rules comes last, unless they are off."""
    annotators = [create(catalogue) for create in ANNOTATORS]
    return annotators if rules == "off" else [*annotators, RuleAnnotator(catalogue, rules)]
