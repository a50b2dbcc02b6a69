"""Measure how well the dates that texts talk about are found and understood, in articles that others annotated.

    uv run --group test python -m tests.benchmarks.dates [FOLDER] [--faults]

FOLDER holds gum_news.jsonl, gum_interview.jsonl and meantime.jsonl. Precision, recall and F1 are of finding (the spans
overlap), and of finding and value together: a value is right if it names the same days, however it is written
(`2006-Q4`, `2004-W47`). Left out are durations, gold that names no days (`PAST_REF`, `--10`, "a few months ago"), and
what stands in MEANTIME after sentence 6, which is not annotated completely. `--faults` prints each that is wrong.
"""

import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from app.dates import end_of_period, parse_date
from app.seeding.article import NewArticle, NewParagraph, PreciseDate
from app.seeding.time_expressions import find_dates
from tests.support.corpora import FOLDER

CORPORA = ("gum_news", "gum_interview", "meantime")
MAX_SENTENCE = 6
"""The last sentence of an article that MEANTIME annotates completely."""

QUARTER = re.compile(r"(\d{4})-Q([1-4])")
WEEK = re.compile(r"(\d{4})-W(\d\d)(-WE)?")
WHOLE = re.compile(r"\d{2,4}X{0,2}|\d{4}-\d\d(-\d\d)?")

Days = tuple[date, date]


class GoldDate(NamedTuple):
    """A date that an annotator marked."""

    paragraph: int
    start: int
    end: int
    days: Days | None
    """The days that it names; None if it names none, so that it is not scored."""


class Score(NamedTuple):
    """Counts of gold and marked dates, of those that are both, and of these with the right value."""

    gold: int
    marked: int
    found: int
    right: int

    @property
    def finding(self) -> float:
        return 2 * self.found / (self.gold + self.marked)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.gold + self.marked)

    def __str__(self) -> str:
        precision, recall = self.right / self.marked, self.right / self.gold
        return f"{self.gold:4} {self.finding:.3f}  {precision:.3f} {recall:.3f} {self.f1:.3f}"


def parse_days(value: str) -> Days | None:
    """Return the first and the last day of a value in ISO 8601, EDTF or TIMEX3; None if it names no days."""
    if "/" in value:
        ends = [parse_days(end) for end in value.split("/")]
        return (ends[0][0], ends[1][1]) if ends[0] and ends[1] else None
    if match := QUARTER.fullmatch(value):
        first, last = (f"{match[1]}-{month:02}" for month in (3 * int(match[2]) - 2, 3 * int(match[2])))
        return parse_days(f"{first}/{last}")
    if match := WEEK.fullmatch(value):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return monday + timedelta(5 if match[3] else 0), monday + timedelta(6)
    if not WHOLE.fullmatch(value):
        return None
    digits = value.rstrip("X")
    if len(digits) < len("1986"):
        return parse_days(f"{digits:0<4}/{digits:9<4}")
    moment, precision = parse_date(digits)
    return moment.date(), end_of_period(moment, precision).date()


def read_gold(article: dict[str, Any]) -> Iterator[GoldDate]:
    """Yield the dates of an article of a corpus."""
    for entry in article["dates"]:
        value = entry.get("value") or entry.get("when") or f"{entry.get('from')}/{entry.get('to')}"
        is_date = entry.get("type", "DATE") == "DATE"
        yield GoldDate(entry["paragraph"], entry["start"], entry["end"], parse_days(value) if is_date else None)


def read_article(article: dict[str, Any]) -> NewArticle:
    """Return an article of a corpus as a seeding run has it."""
    paragraphs = tuple(NewParagraph(paragraph["role"], paragraph["text"]) for paragraph in article["paragraphs"])
    published = PreciseDate(*parse_date(article["date"]))
    return NewArticle(article["id"], article["title"], paragraphs, "en", "corpus", 1, published=published)


def score_article(article: dict[str, Any], *, faults: bool = False) -> Score:
    """Score the dates of one article."""
    gold, unscored = list(read_gold(article)), article.get("sentences", ())[MAX_SENTENCE:]
    scored = {entry for entry in gold if entry.days}
    seen, marked, right = set[GoldDate](), 0, 0
    for mark in find_dates(read_article(article)):
        overlapping = [entry for entry in gold if entry[0] == mark.paragraph and overlaps(mark[1:3], entry[1:3])]
        seen.update(overlapping)
        is_unscored = any(where == mark.paragraph and overlaps(mark[1:3], span) for where, *span in unscored)
        if is_unscored or (overlapping and scored.isdisjoint(overlapping)):
            continue
        marked += 1
        is_right = any(entry.days == parse_days(mark.value) for entry in overlapping)
        right += is_right
        if faults and not is_right:
            print_fault(article, mark[:3], f"{mark.value} instead of {overlapping[0].days if overlapping else 'none'}")
    for entry in scored - seen:
        if faults:
            print_fault(article, entry[:3], f"nothing instead of {entry.days}")
    return Score(len(scored), marked, len(scored & seen), right)


def overlaps(one: Iterable[int], other: Iterable[int]) -> bool:
    """Tell whether two spans have a character in common."""
    (start, end), (other_start, other_end) = one, other
    return start < other_end and other_start < end


def print_fault(article: dict[str, Any], place: tuple[int, int, int], message: str) -> None:
    """Print what is wrong at a place."""
    paragraph, start, end = place
    text = article["paragraphs"][paragraph]["text"]
    print(
        f"  {article['date']}: {message}: {text[max(start - 40, 0) : start]}[{text[start:end]}]{text[end : end + 20]}"
    )


def measure(folder: Path, name: str, *, faults: bool = False) -> Score:
    """Score a corpus."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    scores = [score_article(json.loads(line), faults=faults) for line in lines]
    return Score(*map(sum, zip(*scores, strict=True)))


def measure_speed(folder: Path) -> float:
    """Return how many characters of all corpora are read a CPU second."""
    lines = [line for name in CORPORA for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    articles = [read_article(json.loads(line)) for line in lines]
    start = time.process_time()
    for article in articles:
        list(find_dates(article))
    spent = time.process_time() - start
    return sum(len(paragraph.text) for article in articles for paragraph in article.paragraphs) / spent


def main() -> None:
    """Print the scores of all corpora."""
    folder = Path(next((argument for argument in sys.argv[1:] if not argument.startswith("-")), FOLDER))
    if not folder.is_dir():
        sys.exit(f"There are no corpora at {folder}.")
    print(f"{'':14} gold found  P     R     F1 with value")
    total = Score(0, 0, 0, 0)
    for name in CORPORA:
        score = measure(folder, name, faults="--faults" in sys.argv)
        total = Score(*map(sum, zip(total, score, strict=True)))
        print(f"{name:14} {score}")
    print(f"{'all':14} {total}\n{measure_speed(folder):,.0f} characters a CPU second")


if __name__ == "__main__":
    main()
