"""Exports of articles, paragraphs and mentions, which are read from the database a few at a time."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import orjson

from app.api.deps import Corpus, select
from app.api.errors import invalid_params
from app.api.exports.columns import change_article, change_paragraph, choose_cells, choose_columns, take_rows
from app.api.exports.export import FEED_SIZE, Export, ExportSource
from app.api.exports.params import ArticleExportParams, MentionExportParams, ParagraphExportParams
from app.api.exports.sources import (
    count_keys,
    iterate_keys,
    join_lines,
    read_articles,
    read_heads,
    read_mentions,
    read_paragraphs,
)
from app.api.exports.suffixes import LIST_FORMATS, find_format
from app.api.lists.mention_pages import count_listed
from app.api.lists.mention_selection import select_mentions
from app.database.document_store import pin_documents
from app.export.document import Report
from app.export.formats import ARTICLE_FORMATS, TABLE_FORMATS, FeedFormat, TableFormat, TextFormat
from app.export.tables import (
    ARTICLE_COLUMNS,
    PARAGRAPH_COLUMNS,
    Batch,
    article_row,
    count_rows,
    divide_rows,
    paragraph_row,
)
from app.export.web.feed import Feed
from app.rendering import JsonObject
from app.search.query.warnings import QueryWarning, UnknownValue, build_warnings


def export_articles(suffix: str, params: ArticleExportParams, source: ExportSource) -> Export:
    """Return the export of all articles that the filters select, or of the newest in a feed."""
    file_format: TableFormat | TextFormat | FeedFormat = find_format(LIST_FORMATS, suffix, "/articles")
    corpus, report = source.corpus, Report()
    selected, unknown = select(params, corpus.snapshot)
    selection = selected.as_kind("articles")
    is_feed = isinstance(file_format, FeedFormat)
    order = "-published" if is_feed and params.sort is None else params.order
    limit = params.limit or FEED_SIZE if is_feed else params.limit
    keys = count_keys(islice(iterate_keys(selection, order, params.after), limit), report, source.pacer)
    columns = choose_columns(ARTICLE_COLUMNS, params.fields, ["paragraphs", "extra"] if suffix == "jsonl" else [])
    if not isinstance(file_format, TableFormat):
        refuse_meaningless(params, suffix)

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            match file_format:
                case TableFormat() if suffix == "jsonl":
                    change = change_article(params.offset_unit, params.fields)
                    yield from join_lines(read_articles(keys, documents), report, change)
                case TableFormat():
                    heads = map(orjson.loads, read_heads(keys, documents))
                    rows = map(choose_cells(ARTICLE_COLUMNS, columns, article_row), heads)
                    yield from file_format.write(columns, count_rows(divide_rows(rows), report))
                case TextFormat():
                    yield from file_format.write(parse_articles(read_articles(keys, documents), source), report)
                case FeedFormat():
                    articles = parse_articles(read_articles(keys, documents), source)
                    yield from file_format.write(describe_feed(suffix, source), articles, report)

    total, warnings = selection.total, warn(unknown, corpus)
    return Export("articles", suffix, file_format.media_type, write(), report, total, total, warnings)


def refuse_meaningless(params: ArticleExportParams, suffix: str) -> None:
    """Raise `Problem` for a parameter that changes nothing in a format without columns."""
    if meaningless := {"fields", "offset_unit"} & params.model_fields_set:
        name = min(meaningless)
        raise invalid_params([{"parameter": name, "message": f"`{name}` has no meaning for '.{suffix}'."}])


def parse_articles(articles: Iterable[bytes], source: ExportSource) -> Iterator[JsonObject]:
    """Yield articles of stored JSON with whole URLs."""
    return map(source.complete_url, map(orjson.loads, articles))


def describe_feed(suffix: str, source: ExportSource) -> Feed:
    """Return what a feed says about its question."""
    question = ", ".join(f"{name}={value}" for name, value in source.query.parameters)
    changed_at = source.corpus.snapshot.directory.revision["at"].isoformat(timespec="seconds").replace("+00:00", "Z")
    title = f"Articles: {question}" if question else "Articles"
    return Feed(title, source.url(f"/articles.{suffix}"), source.url("/articles"), changed_at)


def export_article(suffix: str, id: str, source: ExportSource) -> Export:
    """Return the export of one article with its mentions. Raises `Problem` for an unknown id."""
    corpus, report = source.corpus, Report()
    key = corpus.article_key(id)
    file_format: TextFormat = find_format(ARTICLE_FORMATS, suffix, f"/articles/{id}")

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            articles = parse_articles(read_articles(iter([(key, None)]), documents), source)
            yield from file_format.write(articles, report)

    return Export(id, suffix, file_format.media_type, write(), report)


def export_paragraphs(suffix: str, params: ParagraphExportParams, source: ExportSource) -> Export:
    """Return the export of all paragraphs that the filters select."""
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, "/paragraphs")
    corpus, report = source.corpus, Report()
    selected, unknown = select(params, corpus.snapshot)
    selection = selected.as_kind("paragraphs")
    keys = count_keys(islice(iterate_keys(selection, params.order, params.after), params.limit), report, source.pacer)
    columns = choose_columns(PARAGRAPH_COLUMNS, params.fields)

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            items = read_paragraphs(keys, documents)
            if suffix == "jsonl":
                yield from join_lines(items, report, change_paragraph(params.offset_unit, params.fields))
            else:
                rows = map(choose_cells(PARAGRAPH_COLUMNS, columns, paragraph_row), map(orjson.loads, items))
                yield from file_format.write(columns, count_rows(divide_rows(rows), report))

    total, warnings = selection.total, warn(unknown, corpus)
    return Export("paragraphs", suffix, file_format.media_type, write(), report, total, total, warnings)


def export_mentions(suffix: str, params: MentionExportParams, source: ExportSource) -> Export:
    """Return the export of all mentions in the selected paragraphs, a row for each."""
    file_format: TableFormat = find_format(TABLE_FORMATS, suffix, "/mentions")
    corpus, report = source.corpus, Report()
    selection, unknown = select_mentions(params, corpus.snapshot)
    is_everything = not (params.filtered or params.of or params.type or params.after)
    # The order is the same, and a search for articles has a tenth of the hits.
    read = select(params, corpus.snapshot)[0].as_kind("articles") if is_everything else selection
    rows = params.mention_rows(corpus.snapshot.directory)
    keys = count_keys(iterate_keys(read, params.sort, params.after), report, source.pacer)

    def write() -> Iterator[bytes]:
        with pin_documents(corpus.documents.engine) as documents:
            batches: Iterator[Batch] = take_rows(read_mentions(keys, documents, rows), params.limit)
            yield from file_format.write(rows.layout, count_rows(batches, report))

    total = count_listed(params, selection, corpus)
    return Export("mentions", suffix, file_format.media_type, write(), report, total, read.total, warn(unknown, corpus))


def warn(unknown: Sequence[UnknownValue | QueryWarning], corpus: Corpus) -> list[JsonObject]:
    """Return a warning for each value of a filter that nothing in the corpus has."""
    return build_warnings(unknown, corpus.snapshot) if unknown else []
