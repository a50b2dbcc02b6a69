"""The formats of exports: the suffix of a URL, the media type, and the function that writes it."""

from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from typing import Final, NamedTuple

from app.export.document import Report
from app.export.rows.arrow import write_arrow, write_parquet
from app.export.rows.delimited import write_csv, write_tsv
from app.export.rows.json_lines import write_json_lines
from app.export.tables import Batch, Layout
from app.export.texts.brat import write_brat
from app.export.texts.conll import write_conll
from app.export.texts.conllu import write_conllu
from app.export.texts.docbin import write_docbin
from app.export.texts.doccano import write_doccano
from app.export.texts.label_studio import write_label_studio
from app.export.texts.markdown import write_markdown
from app.export.texts.plain_text import write_plain_text
from app.export.texts.tei import write_tei
from app.export.texts.web_annotation import write_web_annotations
from app.export.texts.xmi import write_xmi
from app.export.web.atom import write_atom
from app.export.web.feed import Feed
from app.export.web.json_feed import write_json_feed
from app.export.web.ninjs import write_ninjs
from app.export.web.schema_org import write_news_articles
from app.rendering import JsonObject


class Extra(NamedTuple):
    """A library that is not always installed."""

    name: str
    """The extra of this package that installs it."""
    module: str

    @property
    def is_missing(self) -> bool:
        """Tell whether the library is not installed."""
        return find_spec(self.module) is None


class TableFormat(NamedTuple):
    """A format of rows."""

    media_type: str
    description: str
    write: Callable[[Layout, Iterable[Batch]], Iterator[bytes]]
    extra: Extra | None = None


class TextFormat(NamedTuple):
    """A format of whole articles with their annotations."""

    media_type: str
    description: str
    write: Callable[[Iterable[JsonObject], Report], Iterator[bytes]]
    extra: Extra | None = None


class FeedFormat(NamedTuple):
    """A format of the newest articles of a question."""

    media_type: str
    description: str
    write: Callable[[Feed, Iterable[JsonObject], Report], Iterator[bytes]]
    extra: Extra | None = None


PYARROW: Final = Extra("parquet", "pyarrow")
SPACY: Final = Extra("spacy", "spacy")
CASSIS: Final = Extra("uima", "cassis")

TABLE_FORMATS: Final = {
    "jsonl": TableFormat("application/jsonl", "JSON Lines", write_json_lines),
    "csv": TableFormat("text/csv; charset=utf-8; header=present", "CSV (RFC 4180)", write_csv),
    "tsv": TableFormat("text/tab-separated-values; charset=utf-8", "tab-separated values", write_tsv),
    "parquet": TableFormat("application/vnd.apache.parquet", "Apache Parquet", write_parquet, PYARROW),
    "arrow": TableFormat("application/vnd.apache.arrow.stream", "an Apache Arrow stream", write_arrow, PYARROW),
}
"""By suffix."""

TEXT_FORMATS: Final = {
    "txt": TextFormat("text/plain; charset=utf-8", "plain text", write_plain_text),
    "md": TextFormat("text/markdown; charset=utf-8", "Markdown", write_markdown),
    "annotations.jsonld": TextFormat(
        'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', "W3C Web Annotation", write_web_annotations
    ),
    "schema.jsonld": TextFormat("application/ld+json", "schema.org `NewsArticle` in JSON-LD", write_news_articles),
    "ninjs.jsonl": TextFormat("application/jsonl", "IPTC ninjs 3.1, an item a line", write_ninjs),
    "tei.xml": TextFormat("application/tei+xml", "TEI P5", write_tei),
    "brat.zip": TextFormat("application/zip", "brat standoff", write_brat),
    "conll": TextFormat("text/plain; charset=utf-8", "CoNLL-2003", write_conll),
    "conllu": TextFormat("text/plain; charset=utf-8", "CoNLL-U", write_conllu),
    "doccano.jsonl": TextFormat("application/jsonl", "doccano", write_doccano),
    "labelstudio.json": TextFormat("application/json", "Label Studio", write_label_studio),
    "spacy.zip": TextFormat("application/zip", "spaCy DocBin", write_docbin, SPACY),
    "xmi.zip": TextFormat("application/zip", "UIMA XMI", write_xmi, CASSIS),
}
"""By suffix."""

ARTICLE_FORMATS: Final = {
    **TEXT_FORMATS,
    "ninjs.json": TextFormat("application/json", "IPTC ninjs 3.1", write_ninjs),
}
"""Formats of one article, by suffix: the single line of its JSON Lines is a JSON document, too."""

FEED_FORMATS: Final = {
    "atom": FeedFormat("application/atom+xml", "Atom", write_atom),
    "feed.json": FeedFormat("application/feed+json", "JSON Feed 1.1", write_json_feed),
}
"""By suffix."""
