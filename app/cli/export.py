"""The command `export`: write what a list selects into a file, without a server.

The options are the parameters of the endpoints, taken from their models.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, NamedTuple

import typer
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from app.api.deps import Corpus
from app.api.docs.descriptions import describe_fields
from app.api.errors import Problem
from app.api.exports.documents import export_articles, export_mentions, export_paragraphs
from app.api.exports.export import Export, Exporter, ExportSource
from app.api.exports.params import (
    ArticleExportParams,
    EntityExportParams,
    MentionExportParams,
    ParagraphExportParams,
    TagExportParams,
    TimelineExportParams,
)
from app.api.exports.suffixes import LIST_FORMATS
from app.api.exports.values import export_entities, export_tags, export_timeline
from app.api.query_string import QueryString, canonicalize, repeatable_params, validate_params
from app.api.validation_messages import explain_errors
from app.cli.console import abort, pluralize, print_error, progress
from app.export.formats import TABLE_FORMATS
from app.serving.service import CorpusService
from app.settings import Settings
from app.system.gc import relaxed_gc


class ExportedList(NamedTuple):
    """A list that can be exported."""

    model: type[BaseModel]
    export: Exporter
    formats: Mapping[str, Any]
    help: str


LISTS: Final = {
    "articles": ExportedList(ArticleExportParams, export_articles, LIST_FORMATS, "Whole articles."),
    "paragraphs": ExportedList(ParagraphExportParams, export_paragraphs, TABLE_FORMATS, "Paragraphs."),
    "mentions": ExportedList(MentionExportParams, export_mentions, TABLE_FORMATS, "Mentions, a row for each."),
    "entities": ExportedList(EntityExportParams, export_entities, TABLE_FORMATS, "Entities with their counts."),
    "tags": ExportedList(TagExportParams, export_tags, TABLE_FORMATS, "Tags with their counts."),
    "timeline": ExportedList(TimelineExportParams, export_timeline, TABLE_FORMATS, "Articles by period."),
}
"""The lists, by the name of the command that exports them."""


def build_app(load_settings: Callable[[], Settings]) -> typer.Typer:
    """Return the commands, one for each list."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

    @app.callback()
    def describe() -> None:
        """Write what filters select into a file, or to standard output, without a server."""

    for name, exported in LISTS.items():
        describe_fields(exported.model)
        app.command(name, help=exported.help)(build_command(name, exported, load_settings))
    return app


def build_command(name: str, exported: ExportedList, load_settings: Callable[[], Settings]) -> Callable[..., None]:
    """Return the function of a command, whose signature has an option for each parameter of the endpoint."""

    def command(file_format: str | None, output: Path | None, server_url: str | None, **values: Any) -> None:
        parameters = [
            (parameter, text)
            for parameter, value in values.items()
            for text in (value if isinstance(value, list) else [value])
            if text is not None
        ]
        suffix = file_format or find_suffix(output, exported.formats)
        run_export(load_settings(), name, suffix, parameters, output, (server_url or "").rstrip("/"))

    command.__signature__ = Signature(  # type: ignore[attr-defined]
        [*output_parameters(exported.formats), *filter_parameters(exported.model)]
    )
    return command


def output_parameters(formats: Mapping[str, Any]) -> Iterator[Parameter]:
    """Yield a keyword parameter for each option that is about the file."""
    help_text = f"{', '.join(formats)}. Default: the suffix of the file, or jsonl."
    file_format = typer.Option("--format", help=help_text, metavar="FORMAT")
    output = typer.Option("-o", "--output", help="File to write. Default: standard output.", metavar="FILE")
    server_url = typer.Option("--url", help="Begin links with the address of this server.", metavar="URL")
    yield option_parameter("file_format", str | None, file_format)
    yield option_parameter("output", Path | None, output)
    yield option_parameter("server_url", str | None, server_url)


def filter_parameters(model: type[BaseModel]) -> Iterator[Parameter]:
    """Yield a keyword parameter for each field of a model, with what Typer needs to make an option of it."""
    repeatable = repeatable_params(model)
    for name, field in model.model_fields.items():
        flag, panel = f"--{name.replace('_', '-')}", "What to export"
        metavar = "VALUE ..." if name in repeatable else "VALUE"
        option = typer.Option(flag, help=field.description, metavar=metavar, rich_help_panel=panel)
        yield option_parameter(name, list[str] | None if name in repeatable else str | None, option)


def option_parameter(name: str, type_: Any, option: Any) -> Parameter:
    """Return a keyword parameter that Typer makes an option of; it is None without the option."""
    return Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[type_, option])


def find_suffix(output: Path | None, formats: Mapping[str, Any]) -> str:
    """Return the format that the name of a file ends with; JSON Lines without a file."""
    if output is None:
        return "jsonl"
    matching = [suffix for suffix in formats if output.name.endswith(f".{suffix}")]
    if not matching:
        abort(f"The name of {output} ends with no format; add --format, which is one of {', '.join(formats)}.")
    return max(matching, key=len)


def run_export(
    settings: Settings,
    name: str,
    suffix: str,
    parameters: list[tuple[str, str]],
    output: Path | None,
    origin: str,
) -> None:
    """Write an export, and print to standard error what it holds; abort if the parameters are invalid."""
    exported = LISTS[name]
    service = CorpusService(settings)
    try:
        service.open()
        service.refresh()
        if service.snapshot is None:
            abort("The corpus is empty: run 'articles seed PATH'.")
        corpus = Corpus(service.snapshot, settings.root_path)
        params = validate_params(exported.model, parameters)
        query = QueryString(f"/{name}", canonicalize(params, parameters))
        export = exported.export(suffix, params, ExportSource(corpus, query, origin))
        for warning in export.warnings:
            print_error(f"warning: {warning['message']}")
        with open_output(output) as file:
            write_pieces(export, file)
    except RequestValidationError as error:
        abort(" ".join(problem["message"] for problem in explain_errors(exported.model, error.errors())))
    except Problem as problem:
        abort(problem.detail)
    finally:
        service.close()
    print_error(f"{describe_export(export)}.")


def write_pieces(export: Export, file: BinaryIO) -> None:
    """Write all pieces of an export, and show how many documents were read."""
    total = export.documents
    with progress("exporting", sys.stderr) as show, relaxed_gc():
        for piece in export.pieces:
            file.write(piece)
            if total:
                show(min(export.report.documents, total), total)


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open a file that gets its name when it is complete, or standard output."""
    if path is None:
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            # Whoever reads has enough; Python would flush once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def describe_export(export: Export) -> str:
    """Return how much an export holds, and what its format could not hold."""
    report = export.report
    if export.suffix in TABLE_FORMATS:
        return pluralize(report.rows, "row")
    written = f"{pluralize(report.articles, 'article')}, {pluralize(report.mentions, 'mention')}"
    reasons = [f"{count:,} {reason}" for reason, count in report.omitted.items() if count]
    omitted = f"; left out: {pluralize(report.omitted.total(), 'mention')} ({', '.join(reasons)})" if reasons else ""
    return written + omitted
