"""spaCy models: type the names that rules see, but can't type, by the installed model of the article's language.

The extra `ner` installs one for English. It is loaded before worker processes are forked, which share its memory.
Rules are right more often than a model (.93 to .68 of their marks), and thirty times faster: it only gets the
paragraphs in which phrases are left. In a language without a lexicon there are no rules, and it marks all names.

None is offered for Russian: slovnet installs from PyPI without its model, which is a download from elsewhere, or part
of natasha (33 MB). A plug-in may use it (`plugins.py`).
"""

from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from itertools import groupby
from typing import Any

from app.models import EntityType
from app.seeding.annotators.article_text import ArticleText, join_paragraphs
from app.seeding.annotators.lexicon import Lexicon, find_lexicon
from app.seeding.annotators.protocol import Annotation, AnnotatorError
from app.seeding.annotators.rules import find_headlines, locate_marks
from app.seeding.annotators.rules.agreement import ArticleNames
from app.seeding.annotators.rules.phrases import find_phrases
from app.seeding.annotators.rules.proposals import Proposal
from app.seeding.article import NewArticle, NewMention
from app.seeding.catalogue import Catalogue

GROUP = "spacy_models"
"""The entry points of spaCy's models, whose names begin with the tag of their language."""
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
LONGEST_PARAGRAPH = 100_000
"""Code points: a model takes about a gigabyte of memory for each such stretch of text."""


class MissingModelError(Exception):
    """The setting `ner` asks for a model, and none is installed."""

    def __init__(self) -> None:
        super().__init__(
            "ARTICLES_NER needs a spaCy model, and none is installed: "
            "`pip install 'annotated-articles[ner]'` installs one for English."
        )


def load_models(catalogue: Catalogue) -> "list[ModelAnnotator]":
    """Load one installed model for each language, the first by name. Raises `MissingModelError`."""
    names = sorted({entry_point.name for entry_point in entry_points(group=GROUP)})
    if not names:
        raise MissingModelError
    import spacy  # noqa: PLC0415  (It is an extra, and takes seconds to load.)

    by_language = groupby(names, key=lambda name: name.partition("_")[0])
    first_names = [next(group) for _, group in by_language]
    return [ModelAnnotator(spacy.load(name, exclude=[*UNUSED_PIPES]), catalogue) for name in first_names]


class ModelAnnotator:
    """Mark names by a model of one language, where nobody has marked any."""

    def __init__(self, model: Any, catalogue: Catalogue) -> None:
        self.model = model
        self.name = f"model:{model.meta['lang']}_{model.meta['name']}"
        self.known_names = {name for entry in catalogue.entities.values() for name in entry.names}
        self.known_places = {
            name for entry in catalogue.entities.values() if entry.type == "place" for name in entry.names
        }

    def annotate(self, article: NewArticle) -> Annotation:
        """Mark names in all paragraphs but credits. Raises `AnnotatorError`."""
        if article.language.partition("-")[0] != self.model.meta["lang"]:
            return Annotation((), [])
        lexicon, article_text = find_lexicon(article.language), join_paragraphs(article.paragraphs)
        marks = locate_marks(article, article_text)
        names = ArticleNames(article_text.cased_text, (), lexicon, self.known_places)
        mentions = []
        for proposal in self.find_names(article, article_text, lexicon):
            start, end = proposal.start, proposal.end
            exact, span = article_text.text[start:end], article_text.locate(start, end)
            if not (marks.overlap(start, end) or article.settles(exact, span.paragraph) or exact in self.known_names):
                identity = names.identify(proposal, article_text.cased_text)
                confidence = CONFIDENCE[proposal.type]
                mentions.append(NewMention(*span, identity, proposal.type, None, confidence, self.name, "model"))
        return Annotation(tuple(mentions), [])

    def find_names(self, article: NewArticle, article_text: ArticleText, lexicon: Lexicon) -> Iterator[Proposal]:
        """Yield the names that the model sees; if there is a lexicon, only those that are a phrase left by rules."""
        text, phrases = article_text.cased_text, None
        paragraphs = list(zip(article_text.positions, article_text.starts, strict=False))
        if lexicon.words:
            marks, headlines = locate_marks(article, article_text), find_headlines(article, article_text)
            left = find_phrases(text, marks, headlines, lexicon)
            phrases = {(phrase.start, phrase.end) for phrase in left if not phrase.is_ordinary}
            with_phrases = {article_text.locate(start, end).paragraph for start, end in phrases}
            paragraphs = [item for item in paragraphs if item[0] in with_phrases]
        stretches = [
            (start, text[start : start + len(article.paragraphs[position].text)]) for position, start in paragraphs
        ]
        for start, end, type in self.run(stretches):
            if phrases is None or (start, end) in phrases:
                yield Proposal(start, end, type, "model")

    def run(self, stretches: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, EntityType]]:
        """Yield start, end and type of the model's names in stretches of text, each with its offset."""
        longest = max((len(text) for _, text in stretches), default=0)
        if longest > LONGEST_PARAGRAPH:
            raise AnnotatorError(
                f"a paragraph has {longest:,} characters; a model reads at most {LONGEST_PARAGRAPH:,}."
            )
        for start, text in stretches:
            for name in self.model(text).ents:
                first = name.start_char + (4 if name.text.startswith(("the ", "The ")) else 0)
                if (type := TYPES.get(name.label_)) and first < name.end_char:
                    yield start + first, start + name.end_char, type
