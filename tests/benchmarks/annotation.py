"""Measure how well names are marked and identified in articles that others annotated.

    uv run python -m tests.benchmarks.annotation [FOLDER]

FOLDER holds gum_news.jsonl, gum_interview.jsonl, meantime.jsonl and kb_countries.jsonl. Their articles are seeded
without their mentions, and the mentions that the product makes are compared with the annotators' (the gold): precision,
recall and F1 by type and by origin, for spans that are equal and for spans that overlap; B-cubed scores and purity of
the entities of marks that are exactly on a linked gold name; and words per CPU second of the annotators. Parts are the
built-in catalogue, the rules, and a spaCy model if one is installed.

Only what the gold annotates is scored: persons, organizations and places, in GUM the cores of its named mentions, in
MEANTIME the names in sentences 1 to 6 of an article. Left out are marks of other types, adjectives of places
(`Belarusian`), and marks within a longer gold phrase that is not a name (`analyst Paul Nesbit`).
"""

import json
import math
import re
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, NamedTuple, get_args

from app.database.engine import open_database
from app.database.migrations import migrate
from app.seeding.annotators import Annotator, create_annotators
from app.seeding.annotators.ner.spacy_models import GROUP
from app.seeding.annotators.word_lists import word_set
from app.seeding.article import NewArticle
from app.seeding.catalogue import read_catalogue
from app.seeding.readers import read_chunk, split_file
from app.seeding.scanner import scan
from app.seeding.seed import seed
from app.settings import Rules, Settings
from tests.benchmarks.environment import forget_settings
from tests.benchmarks.generated import write
from tests.conftest import Api, write_documents
from tests.support.corpora import FOLDER, TYPES, convert_article, read_corpus

CORPORA = ("gum_news", "gum_interview", "meantime")
SCORED = ("person", "organization", "place")
TITLES = word_set(
    "Mr Mrs Ms Mr. Mrs. Ms. Dr Dr. Sir Lord Lady President Prime Minister Chancellor Professor Prof. Senator Governor",
    "Judge Justice Presiding Ambassador Secretary Home Shadow Attorney General Chairman Director Spokeswoman Spokesman",
    "CEO Officer Assistant Vice Chief Executive International US U.S. United States Sheriff King Queen Pope",
)
"""Words before a person's name that the gold has in its spans, and the product leaves out."""
NOT_NAMES = word_set("I He She We They You It Some Fan Man")
LOWER_CASE = word_set("of the and for de la du von van der al bin ibn on in")
SEEDED = 3000
"""Generated articles that are seeded with rules and without."""
MAX_SENTENCE = 6
"""The last sentence of an article that MEANTIME annotates completely."""


class Span(NamedTuple):
    """A name in an article: `[start:end]` of a paragraph, in code points."""

    article: str
    paragraph: int
    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self[:2] == other[:2] and self.start < other.end and other.start < self.end

    def lies_within(self, other: "Span") -> bool:
        return self[:2] == other[:2] and other.start <= self.start and self.end <= other.end


class Gold(NamedTuple):
    """What the annotators of a corpus say."""

    names: dict[Span, tuple[str, str | None]]
    """Type and link of each name."""
    unscored: list[Span]
    """Stretches of text about which they say nothing."""
    phrases: dict[Span, str]
    """Type of each phrase that is more than a name (`captain Harry Kane`): they don't say where in it the name is."""


class Mark(NamedTuple):
    """A mention that the product made."""

    span: Span
    type: str
    origin: str
    evidence: str | None
    confidence: float | None
    entity: str | None
    exact: str


class Score(NamedTuple):
    """Counts of right, marked and gold names, from which precision, recall and F1 follow."""

    right: int
    marked: int
    gold: int

    @property
    def precision(self) -> float:
        return self.right / self.marked if self.marked else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.marked + self.gold) if self.marked + self.gold else 0.0

    def __str__(self) -> str:
        return f"{self.precision:.3f} {self.recall:.3f} {self.f1:.3f} ({self.marked:4})"


def strip_article(text: str, start: int) -> tuple[str, int]:
    """Return a phrase and its start without a leading article."""
    match = re.match(r"(?:the|The|a|A|an|An) ", text)
    return (text[match.end() :], start + match.end()) if match else (text, start)


def strip_titles(text: str, start: int) -> tuple[str, int]:
    """Return a person's name and its start without titles; the name is empty if there is nothing but titles."""
    while (word := text.split(" ", maxsplit=1)[0]) in TITLES:
        start, text = start + len(word) + 1, text[len(word) + 1 :]
    return text, start


def is_name(text: str) -> bool:
    """Tell whether a phrase is nothing but a name: all its words but particles begin with a capital."""
    words = text.replace("-", " ").split()
    return (
        bool(words)
        and words[0][0].isupper()
        and text not in NOT_NAMES
        and not any(word in TITLES or word[0] == "(" or word[-1] == "," for word in words[:-1])
        and all(word[0].isupper() or word in LOWER_CASE or not word[0].isalnum() for word in words)
    )


def read_gold(article: dict[str, Any]) -> Gold:
    """Return the names of an article of a corpus, in coordinates of its stored paragraphs."""
    described = convert_article(article)
    first = 0 if article["paragraphs"][0]["role"] == "title" else 1
    id, gold = described["id"], Gold({}, [], {})
    for mention in article["mentions"]:
        position, type = mention["paragraph"], TYPES.get(mention["label"], "other")
        text = article["paragraphs"][position]["text"]
        whole = Span(id, position + first, mention["start"], mention["end"])
        if "named" in mention:
            if not (mention["named"] and mention.get("core")):
                gold.phrases[whole] = type
                continue
            start, end = mention["core"]
        else:
            start, end = whole.start, whole.end
        name, start = strip_article(text[start:end], start)
        if type == "person":
            name, start = strip_titles(name, start)
        span = Span(id, position + first, start, start + len(name))
        if not is_name(name) or mention.get("sentence", 0) > MAX_SENTENCE:
            gold.unscored.append(whole._replace(start=min(whole.start, start)))
            continue
        if type in SCORED:
            gold.names.setdefault(span, (type, mention["link"]))
        else:
            gold.unscored.append(span)
    for paragraph, start, end in article.get("sentences", ())[MAX_SENTENCE:]:
        gold.unscored.append(Span(id, paragraph + first, start, end))
    return gold


def read_marks(api: Api) -> Iterator[Mark]:
    """Yield all mentions of a corpus, as the service answers them."""
    for line in api.get("/articles.jsonl").text.splitlines():
        article = json.loads(line)
        for paragraph in article["paragraphs"]:
            for mention in paragraph["mentions"]:
                entity = mention["entity"] and mention["entity"]["id"]
                span = Span(article["id"], paragraph["position"], mention["start"], mention["end"])
                values = (mention[key] for key in ("type", "origin", "evidence", "confidence"))
                yield Mark(span, *values, entity, mention["exact"])


def read_demonyms(folder: Path) -> set[str]:
    """Return adjectives of places and names of peoples (`Belarusian`), also in the plural."""
    lines = (folder / "kb_countries.jsonl").read_text(encoding="utf-8").splitlines()
    countries = map(json.loads, lines)
    demonyms = {demonym for country in countries for demonym in country["demonyms"]}
    return demonyms | {f"{demonym}s" for demonym in demonyms}


def select_scored(marks: Iterable[Mark], gold: Gold, demonyms: set[str]) -> list[Mark]:
    """Return the marks about which the gold says something."""
    by_paragraph = defaultdict(lambda: Gold({}, [], {}))
    for span, value in gold.names.items():
        by_paragraph[span[:2]].names[span] = value
    for span in gold.unscored:
        by_paragraph[span[:2]].unscored.append(span)
    for span, type in gold.phrases.items():
        by_paragraph[span[:2]].phrases[span] = type
    return [
        mark
        for mark in marks
        if mark.type in SCORED
        and (mark.span in gold.names or (mark.exact not in demonyms and is_scored(mark, by_paragraph[mark.span[:2]])))
    ]


def is_scored(mark: Mark, gold: Gold) -> bool:
    """Tell whether the gold of a paragraph says something about a mark that is not exactly on a name."""
    if any(mark.span.lies_within(span) for span in gold.unscored):
        return False
    around = [span for span in (*gold.names, *gold.phrases) if mark.span.lies_within(span)]
    smallest = min(around, key=lambda span: span.end - span.start, default=None)
    # In `captain Harry Kane` the gold has a person, and so has the mark.
    return not (smallest and gold.phrases.get(smallest) == mark.type and smallest.end == mark.span.end)


def score(marks: Sequence[Mark], gold: Gold, *, exact: bool) -> Score:
    """Compare marks with the gold; with `exact` spans must be equal, else overlap is enough. Types must be equal."""
    by_paragraph = defaultdict(list)
    for span, (type, _) in gold.names.items():
        by_paragraph[span[:2]].append((span, type))
    right = 0
    for mark in marks:
        if exact:
            right += mark.span in gold.names and gold.names[mark.span][0] == mark.type
        else:
            right += any(type == mark.type and mark.span.overlaps(span) for span, type in by_paragraph[mark.span[:2]])
    return Score(right, len(marks), len(gold.names))


def score_entities(marks: Sequence[Mark], gold: Gold) -> tuple[float, float, float, float]:
    """Return B-cubed precision, recall and F1, and purity, over marks that are exactly on a linked gold name.

    A mark without an entity is an entity of its own.
    """
    pairs = [
        (mark.entity or str(mark.span), link)
        for mark in marks
        if mark.span in gold.names and (link := gold.names[mark.span][1])
    ]
    both, ours, theirs = Counter(pairs), Counter(entity for entity, _ in pairs), Counter(link for _, link in pairs)
    total = len(pairs) or 1
    precision = sum(both[pair] / ours[pair[0]] for pair in pairs) / total
    recall = sum(both[pair] / theirs[pair[1]] for pair in pairs) / total
    best = defaultdict(int)
    for (entity, _), count in both.items():
        best[entity] = max(best[entity], count)
    f1 = 2 * precision * recall / (precision + recall) if pairs else 0.0
    return precision, recall, f1, sum(best.values()) / total


def measure(folder: Path, name: str, *, builtin: bool = True, **options: Any) -> tuple[list[Mark], Gold]:
    """Seed a corpus without its mentions; return what the service says is marked, and what should have been.

    `builtin` keeps the built-in catalogue.
    """
    articles = read_corpus(name, folder)
    gold = Gold({}, [], {})
    for article in articles:
        names, unscored, phrases = read_gold(article)
        gold.names.update(names)
        gold.unscored.extend(unscored)
        gold.phrases.update(phrases)
    documents = [{**convert_article(article), "mentions": None} for article in articles]
    with tempfile.TemporaryDirectory() as scratch:
        api = Api(Settings(data=Path(scratch) / "data"))
        try:
            api.seed(
                write_documents(Path(scratch) / "documents", documents, builtin=builtin),
                **({"rules": Settings().rules} | options),
            )
            return list(read_marks(api)), gold
        finally:
            api.close()


def measure_speed(folder: Path) -> Iterator[tuple[str, float]]:
    """Yield each annotator's name, and how many words of the corpora it reads in one second of CPU time."""
    with tempfile.TemporaryDirectory() as scratch:
        documents = [
            {**convert_article(corpus_article), "mentions": None}
            for name in CORPORA
            for corpus_article in read_corpus(name, folder)
        ]
        articles = read_articles(write_documents(Path(scratch), documents, builtin=True))
    annotators = create_annotators(read_catalogue([]).catalogue, ner=has_model())
    words = sum(len(paragraph.text.split()) for article in articles for paragraph in article.paragraphs)
    times = [time_annotators(annotators, articles) for _ in range(3)]
    for annotator, seconds in zip(annotators, zip(*times, strict=True), strict=True):
        yield annotator.name, words / min(seconds)


def measure_seeding(articles: int) -> Iterator[tuple[str, float]]:
    """Yield settings of the rules, and the CPU seconds in which generated articles are seeded, the least of three."""
    least = dict.fromkeys(("off", Settings().rules), math.inf)
    with tempfile.TemporaryDirectory() as scratch:
        generated = write(articles, Path(scratch) / "articles")
        for rules in [*least] * 3:
            with tempfile.TemporaryDirectory() as data:
                engine = open_database(Settings(data=Path(data)).database)
                migrate(engine)
                start = cpu_seconds()
                seed(engine, [generated], rules=rules)
                least[rules] = min(least[rules], cpu_seconds() - start)
                engine.dispose()
    yield from least.items()


def cpu_seconds() -> float:
    """Return the CPU seconds of this process and of those that it started and that have ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def read_articles(folder: Path) -> list[NewArticle]:
    """Return the articles of a folder, with the mentions of their files."""
    chunks = [chunk for file in scan([folder]).files for chunk in split_file(file)]
    return [article for chunk in chunks for article in read_chunk(chunk, "en").articles]


def time_annotators(annotators: Sequence[Annotator], articles: Iterable[NewArticle]) -> list[float]:
    """Return the CPU seconds that each annotator takes for articles, with the mentions of those before it."""
    seconds = [0.0] * len(annotators)
    for article in articles:
        marked = article
        for index, annotator in enumerate(annotators):
            start = time.process_time()
            mentions = annotator.annotate(marked).mentions
            seconds[index] += time.process_time() - start
            marked = replace(marked, mentions=(*marked.mentions, *mentions))
    return seconds


def has_model() -> bool:
    """Tell whether a spaCy model is installed."""
    return bool(entry_points(group=GROUP))


def list_parts() -> dict[str, dict[str, Any]]:
    """Return the options of each combination of parts that is measured."""
    parts: dict[str, dict[str, Any]] = {
        "catalogue": {"rules": "off"},
        "rules": {"builtin": False},
        **{f"catalogue, {rules} rules": {"rules": rules} for rules in get_args(Rules) if rules != "off"},
    }
    return parts | ({"catalogue, rules, model": {"ner": True}} if has_model() else {})


def report(name: str, scored: Sequence[Mark], gold: Gold) -> None:
    """Print the scores of one corpus."""
    rows: list[tuple[str, Sequence[Mark], Gold]] = [("all", scored, gold)]
    for type in SCORED:
        names = {span: value for span, value in gold.names.items() if value[0] == type}
        rows.append((type, [mark for mark in scored if mark.type == type], Gold(names, [], {})))
    for key in ("origin", "evidence"):
        for value in sorted({str(getattr(mark, key)) for mark in scored} - {"None"}):
            rows += [(value, [mark for mark in scored if getattr(mark, key) == value], gold)]
    print(f"\n{name}: {len(gold.names)} names{'exact P R F1':>25}{'overlap P R F1':>27}")
    for title, selected, names in rows:
        exact, overlap = score(selected, names, exact=True), score(selected, names, exact=False)
        print(f"  {title:22} {exact}   {overlap}")
    for title, selected in (("entities", scored), ("entities of rules", [m for m in scored if m.origin == "rules"])):
        print("  {:22} B-cubed {:.3f} {:.3f} {:.3f}, purity {:.3f}".format(title, *score_entities(selected, gold)))


def report_part(part: str, name: str, scored: Sequence[Mark], gold: Gold) -> None:
    """Print the scores of one corpus under one combination of parts in a line."""
    exact, overlap = score(scored, gold, exact=True), score(scored, gold, exact=False)
    *_, b_cubed, purity = score_entities(scored, gold)
    print(f"  {part:24} {name:15} {exact}   {overlap}   {b_cubed:.3f} {purity:.3f}")


def main() -> None:
    """Measure all corpora with and without each part, the default in detail, and how fast the parts are."""
    forget_settings()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if folder.is_dir():
        demonyms = read_demonyms(folder)
        print(f"  {'parts':24} {'corpus':15} {'exact P R F1':26}{'overlap P R F1':26}B-cubed, purity")
        for part, options in list_parts().items():
            for name in CORPORA:
                marks, gold = measure(folder, name, **options)
                report_part(part, name, select_scored(marks, gold, demonyms), gold)
        for name in CORPORA:
            marks, gold = measure(folder, name)
            report(name, select_scored(marks, gold, demonyms), gold)
        for annotator, words in measure_speed(folder):
            print(f"\n{words:,.0f} words per CPU second by {annotator}")
    else:
        print(f"skipped: there are no corpora at {folder}")
    for rules, seconds in measure_seeding(SEEDED):
        print(f"\n{seconds * 1000 / SEEDED:.2f} ms of CPU time to seed a generated article with rules {rules}")


if __name__ == "__main__":
    main()
