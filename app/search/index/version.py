"""Index version: a hash of the code that makes an index, so that a change of it rebuilds every index by itself."""

import ast
import inspect
import unicodedata
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from types import ModuleType
from typing import Any, Final

from app import text
from app.dates import format_date
from app.search.index import (
    analysis,
    calendar_units,
    documents,
    languages,
    light_stemmers,
    loader,
    mention_terms,
    schema,
    stemmers,
)

MAKERS: Final[tuple[ModuleType | Callable[..., Any], ...]] = (
    schema,
    analysis,
    languages,
    light_stemmers,
    stemmers,
    calendar_units,
    loader,
    mention_terms,
    documents,
    text,
    format_date,
)
"""The code that decides what the index of a revision holds."""


@cache
def index_version() -> str:
    """Return the version of the indexes that this program makes; an index of another version is rebuilt.

    Comments, docstrings and layout don't count. A new Python, tantivy, PyStemmer or Unicode may count.
    """
    engine = version("tantivy"), version("pystemmer"), unicodedata.unidata_version, *schema.ROLES
    return blake2b(
        repr((engine, [parse_code(inspect.getsource(maker)) for maker in MAKERS])).encode(), digest_size=8
    ).hexdigest()


def parse_code(source: str) -> str:
    """Return the syntax tree of source code, without docstrings, as text."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(body := getattr(node, "body", None), list):
            node.body = [statement for statement in body if not is_docstring(statement)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def is_docstring(statement: ast.stmt) -> bool:
    """Tell whether a statement is nothing but a string."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
