"""Suffixes of exports: which formats a URL has, how they are documented, and what an unknown one is told."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Path

from app.api.docs.responses import COMMON, Responses, declare_responses
from app.api.errors import Problem
from app.export.formats import (
    ARTICLE_FORMATS,
    FEED_FORMATS,
    TABLE_FORMATS,
    TEXT_FORMATS,
)
from app.rendering import JsonObject

Formats = Mapping[str, Any]
"""Formats by suffix: `TableFormat`, `TextFormat` or `FeedFormat`."""

LIST_FORMATS: Final[Formats] = {**TABLE_FORMATS, **TEXT_FORMATS, **FEED_FORMATS}
"""The formats of articles, by suffix."""


BYTES: Final = {"type": "string", "format": "binary"}


def describe_formats(formats: Formats) -> Responses:
    """Return the responses of an export in one of these formats."""
    media_types = [each.media_type.partition(";")[0] for each in formats.values()]
    description = (
        "The file. It is complete if the last chunk arrives: a failure cuts the connection before. Without `limit` and "
        "`after` it has as many items as `X-Total-Count` says, which is left out where it would take too long to count "
        "them. `X-Warnings` names the values of filters that nothing in the corpus has."
    )
    # What is JSON has a shape that its format defines.
    content = {name: {"schema": {} if name.endswith("json") else BYTES} for name in media_types}
    success = {"description": description, "content": content}
    return {200: success, **declare_responses(304, 404, 422, 503), **COMMON}


def format_path(formats: Formats) -> Any:
    """Return the path parameter of the suffix."""
    described = "; ".join(f"`{suffix}`: {each.description}" for suffix, each in formats.items())
    schema: JsonObject = {"enum": [*formats]}
    return Path(description=f"The format. {described}.", examples=[next(iter(formats))], json_schema_extra=schema)


TableSuffix = Annotated[str, format_path(TABLE_FORMATS)]
ListSuffix = Annotated[str, format_path(LIST_FORMATS)]
ArticleSuffix = Annotated[str, format_path(ARTICLE_FORMATS)]


PATHS: Final = (
    (re.compile("/articles"), LIST_FORMATS),
    (re.compile("/articles/[^/]+"), ARTICLE_FORMATS),
    (re.compile("/(paragraphs|mentions|entities|tags|timeline)"), TABLE_FORMATS),
)
"""The paths that can be exported, and their formats."""


def list_suffixes(formats: Formats) -> str:
    """Return the suffixes of the formats whose libraries are installed."""
    return ", ".join(f".{suffix}" for suffix, each in formats.items() if not (each.extra and each.extra.is_missing))


def describe_exports(path: str) -> str:
    """Return the sentence about the formats that a path has besides JSON; an empty one if it has none."""
    for pattern, formats in PATHS:
        if pattern.fullmatch(path):
            example = f"{path}.{next(iter(formats))}"
            return f" For another format add its suffix to the path, as in '{example}': {list_suffixes(formats)}."
    return ""


def find_format(formats: Formats, suffix: str, path: str) -> Any:
    """Return the format of a suffix. Raises `Problem` for one that the path does not have, or that is not installed."""
    possible = list_suffixes(formats)
    if suffix not in formats:
        raise Problem(404, f"'{path}' has no format '.{suffix[:40]}'; it has {possible}.", code="unknown-format")
    extra = formats[suffix].extra
    if extra and extra.is_missing:
        message = f"'.{suffix}' needs the extra `{extra.name}`, which this server lacks; it has {possible}."
        raise Problem(404, message, code="unknown-format")
    return formats[suffix]
