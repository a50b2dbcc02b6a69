"""Models: what the annotator asks of a model of any library."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from app.models import EntityType

FindNames = Callable[[str], Iterable[tuple[int, int, EntityType]]]
"""Return start, end (code points) and type of the names in a text, in its order."""


class InstalledModel(NamedTuple):
    """A model that is installed, and is not loaded yet."""

    name: str
    """Begins with the language: `en_core_web_sm`."""
    language: str
    """The first part of a language tag: `en`."""
    version: str
    confidence: Mapping[EntityType, float]
    """How good its marks of a type are, as measured; the library's module says by what."""
    load: Callable[[], FindNames]
