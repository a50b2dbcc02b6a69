"""Suffixes of exports: which formats a URL has, how they are documented, and what an unknown one is told."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

from fastapi import FastAPI, Path
from starlette.convertors import Convertor, register_url_convertor

from app.api.docs.responses import COMMON, Responses, declare_responses
from app.api.errors import Problem
from app.api.routing import has_page
from app.export.formats import TABLE_FORMATS, TEXT_FORMATS, TableFormat, TextFormat
from app.rendering import JsonObject

ALL_FORMATS: Final[dict[str, TableFormat | TextFormat]] = {**TABLE_FORMATS, **TEXT_FORMATS}


class IdConvertor(Convertor[str]):
    """Match an id in a path: ids hold no dot, so that the first one begins the suffix."""

    regex = "[^/.]+"

    def convert(self, value: str) -> str:
        """Return the id as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return the id as it is."""
        return value


register_url_convertor("id", IdConvertor())


def describe_formats(formats: Iterable[str]) -> Responses:
    """Return the responses of an export in one of these formats."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    media_types = dict.fromkeys(ALL_FORMATS[suffix].media_type.partition(";")[0] for suffix in formats)
    description = (
        "The file. If making it fails, the connection is cut before its last chunk. `X-Total-Count` has the number of "
        "articles or paragraphs; `X-Warnings` names the values of filters that nothing in the corpus has."
    )
    success = {"description": description, "content": dict.fromkeys(media_types, schema)}
    return {200: success, **declare_responses(304, 404, 422, 503), **COMMON}


def format_path(formats: Iterable[str]) -> Any:
    """Return the path parameter of the suffix."""
    described = "; ".join(f"`{suffix}`: {ALL_FORMATS[suffix].description}" for suffix in formats)
    schema: JsonObject = {"enum": [*formats]}
    return Path(description=f"The format. {described}.", examples=[next(iter(formats))], json_schema_extra=schema)


TableSuffix = Annotated[str, format_path(TABLE_FORMATS)]
AnySuffix = Annotated[str, format_path(ALL_FORMATS)]
TextSuffix = Annotated[str, format_path(TEXT_FORMATS)]


def find_format(formats: dict[str, Any], suffix: str, path: str, app: FastAPI) -> Any:
    """Return the format of a suffix. Raises `Problem` for one that the path does not have, or that is not installed."""
    names = [name for name, each in formats.items() if not (each.extra and each.extra.is_missing)]
    possible = ", ".join(f".{name}" for name in [*names, *(["html"] if has_page(app, f"{path}.html") else [])])
    if suffix not in formats:
        raise Problem(404, f"'{path}' has no format '.{suffix[:40]}'; it has {possible}.")
    extra = formats[suffix].extra
    if extra and extra.is_missing:
        raise Problem(404, f"'.{suffix}' needs the extra `{extra.name}`, which this server lacks; it has {possible}.")
    return formats[suffix]
