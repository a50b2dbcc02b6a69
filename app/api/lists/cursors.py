"""Cursors: opaque strings that mark a position in the list of one query."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Literal, NamedTuple

import orjson

from app.api.errors import Problem, invalid_param
from app.api.query_string import QueryString

Direction = Literal["n", "p"]
"""Whether the page follows the position (`n`, next) or precedes it (`p`, previous)."""


class Cursor(NamedTuple):
    """A position in a list, and on which side of it the page is."""

    direction: Direction
    position: list[Any]


def encode_cursor(query: QueryString, direction: Direction, position: list[Any]) -> str:
    """Return the cursor of a position in the list of this query."""
    json = orjson.dumps([query.hash, direction, *position])
    return urlsafe_b64encode(json).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, query: QueryString, *types: type) -> Cursor | None:
    """Return the cursor, whose position has values of these types; None without one.

    Raises `Problem` for a cursor that is malformed or belongs to another query.
    """
    if cursor is None:
        return None
    try:
        encoded = cursor.encode("ascii")
        query_hash, direction, *position = orjson.loads(urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4)))
        if direction not in ("n", "p"):
            raise ValueError(cursor)
    except (ValueError, TypeError):
        raise invalid_cursor() from None
    if query_hash != query.hash:
        raise invalid_param("cursor", "`cursor` belongs to another query; leave it out to start.")
    if [type(value) for value in position] != list(types):
        raise invalid_cursor()
    return Cursor(direction, position)


def invalid_cursor() -> Problem:
    """Return the problem with a cursor that this service did not make."""
    return invalid_param("cursor", "`cursor` is invalid; leave it out to start.")
