r"""Annotators: find names in the text of an article and mark them as mentions.

To add an annotator, write a class that fits `protocol.Annotator`:

    # app/seeding/annotators/hashtags.py
    import re

    from app.seeding.annotators.protocol import Annotation
    from app.seeding.article import NewArticle, NewMention
    from app.seeding.catalogue import Catalogue

    HASHTAG = re.compile(r"#\w+")


    class HashtagAnnotator:
        name = "hashtags"

        def __init__(self, catalogue: Catalogue) -> None:
            pass

        def annotate(self, article: NewArticle) -> Annotation:
            mentions = [
                NewMention(position, *match.span(), None, "other", origin=self.name)
                for position, paragraph in enumerate(article.paragraphs)
                for match in HASHTAG.finditer(paragraph.text)
            ]
            return Annotation(tuple(mentions), [])

and add one line to `ANNOTATORS`:

    HashtagAnnotator,

Offsets are code points of the paragraph's text. Articles that are stored already get the new mentions only when
`PIPELINE_VERSION` (app/seeding/fingerprints.py) changes.
"""

from collections.abc import Callable

from app.seeding.annotators.catalogue import CatalogueAnnotator
from app.seeding.annotators.protocol import Annotation, Annotator
from app.seeding.catalogue import Catalogue

__all__ = ["ANNOTATORS", "Annotation", "Annotator", "CatalogueAnnotator", "create_annotators"]

ANNOTATORS: tuple[Callable[[Catalogue], Annotator], ...] = (CatalogueAnnotator,)  # fmt: skip  (One line each.)
"""Annotators of a seeding run, in the order in which they read an article."""


def create_annotators(catalogue: Catalogue) -> list[Annotator]:
    """Create the annotators of a seeding run."""
    return [create(catalogue) for create in ANNOTATORS]
