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

Annotators of other packages are found by their entry points, as the module `plugins` says.
"""

from collections.abc import Callable

from app.seeding.annotators.catalogue import CatalogueAnnotator
from app.seeding.annotators.ner import MissingModelError, create_model_annotators
from app.seeding.annotators.plugins import PluginAnnotator, find_plugins
from app.seeding.annotators.protocol import Annotation, Annotator, AnnotatorError
from app.seeding.annotators.rules import RuleAnnotator
from app.seeding.catalogue import Catalogue
from app.settings import DEFAULT_RULES, Rules

__all__ = [
    "ANNOTATORS",
    "Annotation",
    "Annotator",
    "AnnotatorError",
    "CatalogueAnnotator",
    "MissingModelError",
    "RuleAnnotator",
    "create_annotators",
]

ANNOTATORS: list[Callable[[Catalogue], Annotator]] = [
    CatalogueAnnotator,
]
"""Annotators of a seeding run, in the order in which they read an article."""


def create_annotators(catalogue: Catalogue, rules: Rules = DEFAULT_RULES, *, ner: bool = False) -> list[Annotator]:
    """Create the annotators of a seeding run: those of `ANNOTATORS`, plug-ins, rules, and models if `ner`.

    Raises `MissingModelError`.
    """
    annotators = [create(catalogue) for create in ANNOTATORS]
    annotators += [PluginAnnotator(entry_point, catalogue) for entry_point in find_plugins()]
    if rules != "off":
        annotators.append(RuleAnnotator(catalogue, rules))
    return [*annotators, *create_model_annotators(catalogue)] if ner else annotators
