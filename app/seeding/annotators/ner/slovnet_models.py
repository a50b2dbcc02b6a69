"""slovnet's model for Russian news, which runs on numpy alone.

Its weights come with the package natasha. Of that only the files are read, not the code: it imports pymorphy2, which
does not run on Python 3.11.
"""

from collections.abc import Iterator
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

from app.models import EntityType
from app.seeding.annotators.ner.model import FindNames, InstalledModel

PACKAGE = "natasha"
EMBEDDINGS = "natasha/data/emb/navec_news_v1_1B_250K_300d_100q.tar"
WEIGHTS = "natasha/data/model/slovnet_ner_news_v1.tar"
TYPES: dict[str, EntityType] = {"PER": "person", "ORG": "organization", "LOC": "place"}
CONFIDENCE: dict[EntityType, float] = {"person": 0.85, "organization": 0.72, "place": 0.78}
"""F1 of span and type on the news of Universal NER's Russian PUD (.784 over all)."""


def find_slovnet_models() -> list[InstalledModel]:
    """Return the model, if it is installed."""
    try:
        version = distribution(PACKAGE).version
    except PackageNotFoundError:
        return []
    return [InstalledModel("ru_slovnet_ner_news_v1", "ru", version, CONFIDENCE, load_slovnet_model)]


def load_slovnet_model() -> FindNames:
    """Load the model, in .8 CPU seconds and 150 MB."""
    from navec import Navec  # noqa: PLC0415  (It is an extra.)
    from slovnet import NER  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    # Worker processes use all cores: threads for matrices this small only wait (1,300 words a CPU second, not 18,000).
    threadpool_limits(1, user_api="blas")
    package = distribution(PACKAGE)
    recognizer = NER.load(package.locate_file(WEIGHTS))
    recognizer.navec(Navec.load(package.locate_file(EMBEDDINGS)))

    return partial(find_names, recognizer)


def find_names(recognizer: Any, text: str) -> Iterator[tuple[int, int, EntityType]]:
    """Yield the names that slovnet finds in a text."""
    if text.strip():  # slovnet fails on a text without words.
        for span in recognizer(text).spans:
            yield span.start, span.stop, TYPES[span.type]
