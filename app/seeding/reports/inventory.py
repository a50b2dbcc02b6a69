"""Inventory: count, for each format, what was found in its files."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from app.seeding.article import NewArticle
from app.seeding.readers import name_format
from app.seeding.workers import AnnotatedChunk

COUNTED = ("files", "articles", "paragraphs", "mentions", "dates", "authors")


class Inventory:
    """Numbers of files, and of what is in their articles, by format."""

    def __init__(self) -> None:
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.formats: dict[str, str] = {}
        """By the path of each file."""

    def add(self, chunk: AnnotatedChunk) -> None:
        """Count the articles of a file, or of a chunk of it."""
        format = self.formats.get(chunk.file.name)
        if format is None:
            format = self.formats[chunk.file.name] = name_format(chunk.file)
            self.counts[format]["files"] += 1
        for article, _ in chunk.articles:
            self.counts[format] += count(article)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield a row of names and one of numbers for each format."""
        yield ("format", *COUNTED)
        for format, counts in sorted(self.counts.items()):
            yield (format, *(f"{counts[key]:,}" for key in COUNTED))


def count(article: NewArticle) -> Counter[str]:
    """Return what an article has; only mentions that its file gives are counted."""
    return Counter(
        articles=1,
        paragraphs=len(article.paragraphs),
        mentions=sum(mention.origin == "given" for mention in article.mentions),
        dates=article.published is not None,
        authors=len(article.authors),
    )
