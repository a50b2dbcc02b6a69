"""Exports: files that are made piece by piece, from a corpus and a query."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Request

from app.api.deps import Corpus, CorpusDep
from app.api.exports.pacing import Pacer
from app.api.query_string import QueryString, QueryStringDep
from app.export.document import Report
from app.rendering import JsonObject


@dataclass(frozen=True, slots=True)
class ExportSource:
    """What an export is made from."""

    corpus: Corpus
    query: QueryString
    origin: str
    """Scheme and host of links, such as `https://example.org`: a file that leaves the server needs whole links."""
    pacer: Pacer = field(default_factory=Pacer)
    """Is checked before each document that is read."""

    def url(self, path: str) -> str:
        """Return the URL of a path with the parameters of the query."""
        question = urlencode(self.query.parameters)
        return f"{self.origin}{self.corpus.root_path}{path}{'?' if question else ''}{question}"

    def complete_url(self, article: JsonObject) -> JsonObject:
        """Return an article with the whole URL of itself, from which exports take all others."""
        article["url"] = self.origin + article["url"]
        return article


def get_export_source(request: Request, corpus: CorpusDep, query: QueryStringDep) -> ExportSource:
    """Return what the export of a request is made from. `X-Forwarded-Proto` is what a proxy that ends TLS sends."""
    is_https = request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
    return ExportSource(corpus, query, f"{'https' if is_https else 'http'}://{request.url.netloc}")


ExportSourceDep = Annotated[ExportSource, Depends(get_export_source)]


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is made as its pieces are taken."""

    name: str
    suffix: str
    media_type: str
    pieces: Iterator[bytes]
    report: Report = field(default_factory=Report)
    """Counts what the pieces hold, as they are made."""
    total: int | None = None
    """Number of items that are selected, of which the file holds all without `limit` and `after`; None if it would
    take too long to count them."""
    documents: int | None = None
    """Number of articles or paragraphs that are read, at most; None where so few are that nobody waits."""
    warnings: Sequence[JsonObject] = ()


Exporter = Callable[[str, Any, ExportSource], Export]
"""Makes the export of a suffix and of parameters. Raises `Problem`."""

FEED_SIZE: Final = 50
"""Entries of a feed without `limit`: readers ask often, and look only for what is new."""
