"""The annotators there are, each of which turns articles into mentions."""

from app.seeding.annotators.catalogue import CatalogueAnnotator
from app.seeding.annotators.protocol import Annotation, Annotator
from app.seeding.catalogue import Catalogue

__all__ = ["Annotation", "Annotator", "CatalogueAnnotator", "annotators"]


def annotators(catalogue: Catalogue) -> list[Annotator]:
    """Return every annotator that a seeding run lets read its articles, in the order of their reading."""
    return [CatalogueAnnotator(catalogue)]
