"""Named-entity recognition: type the names that rules leave, by the installed model of the article's language.

To add the models of another library, write a module like `slovnet_models`, whose function returns those that are
installed, and call it in `find_models`.

The extra `ner` installs a model for English, of spaCy, and one for Russian, of slovnet. They are loaded before worker
processes are forked, which share their memory.
"""

from app.seeding.annotators.ner.annotator import ModelAnnotator
from app.seeding.annotators.ner.model import InstalledModel
from app.seeding.annotators.ner.slovnet_models import find_slovnet_models
from app.seeding.annotators.ner.spacy_models import find_spacy_models
from app.seeding.catalogue import Catalogue


class MissingModelError(Exception):
    """The setting `ner` asks for a model, and none is installed."""

    def __init__(self) -> None:
        super().__init__(
            "ARTICLES_NER needs a model that finds names, and none is installed: "
            "`pip install 'annotated-articles[ner]'` installs one for English and one for Russian."
        )


def find_models() -> list[InstalledModel]:
    """Return one installed model for each language: of spaCy's the first by name, else slovnet's.

    Raises `MissingModelError`.
    """
    by_language: dict[str, InstalledModel] = {}
    for model in [*find_spacy_models(), *find_slovnet_models()]:
        by_language.setdefault(model.language, model)
    if not by_language:
        raise MissingModelError
    return list(by_language.values())


def list_model_versions() -> list[str]:
    """Return name and version of each model that is used: with others, articles may have other mentions.

    Raises `MissingModelError`.
    """
    return [f"{model.name} {model.version}" for model in find_models()]


def create_model_annotators(catalogue: Catalogue) -> list[ModelAnnotator]:
    """Create an annotator for each model that is used, and load the models. Raises `MissingModelError`."""
    return [ModelAnnotator(model, catalogue) for model in find_models()]
