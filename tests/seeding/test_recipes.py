"""The recipes of the readers and annotators packages, followed to the letter in a copy of the project."""

import ast
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

PROJECT = Path(__file__).parents[2]


def follow_recipe(package: Path, table: str) -> None:
    """Write the module that the docstring of a package shows, and add its line to a table, with its import."""
    init = package / "__init__.py"
    source = init.read_text()
    recipe = ast.get_docstring(ast.parse(source))
    module, line = (dedent(block).strip() for block in re.findall(r"(?:^(?: {4}.*)?\n)+", recipe, re.MULTILINE)[1:])
    path, code = module.removeprefix("# ").split("\n", 1)
    (package.parents[2] / path).write_text(code)
    name = re.search(r"^(?:def|class) (\w+)", code, re.MULTILINE)[1]
    imported = f"from {path.removesuffix('.py').replace('/', '.')} import {name}"
    source = re.sub(rf"^({table}\b.*[{{\[])$", rf"{imported}\n\n\1\n    {line}", source, flags=re.MULTILINE)
    init.write_text(source)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """Return the database that a copy of the project makes after both recipes."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("app", "migrations"):
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", copy)
    follow_recipe(copy / "app/seeding/readers", "READERS")
    follow_recipe(copy / "app/seeding/annotators", "ANNOTATORS")
    (copy / "articles").mkdir()
    (copy / "articles/moon.wiki").write_text("== The Moon ==\n\nNothing new.\n\nMore #science.\n")
    subprocess.run(
        [sys.executable, "-m", "app", "seed", "articles"],
        cwd=copy,
        env={**os.environ, "ARTICLES_DATA": str(copy / "data")},
        check=True,
        capture_output=True,
    )
    with closing(sqlite3.connect(copy / "data/articles.db")) as connection:
        yield connection


def test_added_reader_reads_its_files(database):
    paragraphs = database.execute("SELECT text FROM paragraph ORDER BY position").fetchall()

    assert paragraphs == [("The Moon",), ("Nothing new.",), ("More #science.",)]


def test_added_annotator_marks_its_mentions(database):
    mentions = database.execute("SELECT position, start, end, origin FROM mention").fetchall()

    assert mentions == [(2, 5, 13, "hashtags")]
