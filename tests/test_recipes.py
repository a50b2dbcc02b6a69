"""The recipes at the top of packages work: all are done to the letter in a copy, and what each adds is asked for."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.recipes import RecipeError, Step, follow_recipe, read_recipe

ROOT = Path(__file__).parent.parent

RECIPES = [
    ("app/search", "a filter"),
    ("app/api", "an endpoint"),
    ("app/web", "a page"),
    ("app/seeding/readers", "a format"),
    ("app/seeding/annotators", "an annotator"),
    ("app/export", "a format"),
    ("app/database", "a dialect"),
]

ANSWER = """
import sys
from pathlib import Path

import orjson

from app.settings import Settings
from tests.conftest import Api

for line in sys.stdin:
    folder, database_url, urls = orjson.loads(line)
    api = Api(Settings(data=Path(folder) / "data", database_url=database_url))
    api.seed(Path(folder))
    answers = []
    for url in urls:
        answer = api.get(url)
        again = api.get(url, headers={"If-None-Match": answer.headers.get("etag", "")})
        answers.append([answer.status_code, again.status_code, answer.text])
    api.close()
    print(orjson.dumps(answers).decode(), flush=True)
"""
"""Seeds folders with the code of the copy, and asks each URL twice, with its ETag the second time."""


class Answer(NamedTuple):
    """The answer to a URL, and the status of the second one."""

    status: int
    again: int
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


class Copy:
    """A copy of the code that recipes may change, and a process that answers with it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.errors = root / "errors"
        leave = shutil.ignore_patterns("__pycache__", "*.sock")
        for folder in ("app", "migrations", "seeds", "tests"):
            shutil.copytree(ROOT / folder, root / folder, ignore=leave)
        shutil.copy(ROOT / "pyproject.toml", root)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Run the process as long as the block lasts."""
        command, environment = [sys.executable, "-c", ANSWER], os.environ | {"PYTHONPATH": str(self.root)}
        with (
            self.errors.open("w") as errors,
            subprocess.Popen(
                command,
                cwd=self.root,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            ) as self.process,
        ):
            yield

    def ask(self, folder: Path, seeds: dict[str, str], *urls: str, database_url: str = "") -> list[Answer]:
        """Seed these files, and return the answers of the copy."""
        for name, text in seeds.items():
            (folder / name).write_text(text, encoding="utf-8")
        assert self.process.stdin
        assert self.process.stdout
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps([str(folder), database_url, urls]) + "\n")
            self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.errors.read_text()
        return [Answer(*answer) for answer in json.loads(line)]


def recipe(package: str, thing: str) -> list[Step]:
    """Return the steps of a recipe."""
    source = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
    steps = read_recipe(ast.get_docstring(ast.parse(source)) or "", Path(package), thing)
    assert steps, f"{package} has no recipe to add {thing}"
    return steps


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy in which all recipes are done: a new process for each would take three seconds of CPU."""
    copy = Copy(tmp_path_factory.mktemp("copy"))
    for steps in (*(recipe(*place) for place in RECIPES), read_sample()):
        follow_recipe(copy.root, steps)
    with copy.answering():
        yield copy


def written(steps: list[Step], pattern: str) -> str:
    """Return what the only group of a pattern matches in the code of a recipe."""
    [text] = {*re.findall(pattern, "\n".join(step.code for step in steps), re.MULTILINE)}
    return str(text)


def test_added_filter_selects_and_is_documented(copy: Copy, tmp_path: Path) -> None:
    seeds = {
        f"{name}.json": json.dumps({"title": name, "text": "A text.", "rights": rights})
        for name, rights in [("free", "CC0"), ("closed", "All rights reserved")]
    }
    urls = ("/articles?rights=CC0", "/articles?rights=CC1", "/openapi.json")
    free, unknown, document = copy.ask(tmp_path, seeds, *urls)
    parameters = document.body["paths"]["/timeline"]["get"]["parameters"]
    names = {parameter.get("name", parameter.get("$ref", "").rpartition("/")[2]) for parameter in parameters}

    assert {step.path.name for step in recipe("app/search", "a filter")} == {"filters.py", "schema.py"}
    assert [article["id"] for article in free.body["items"]] == ["free"]
    assert unknown.body["warnings"][0]["parameter"] == "rights"
    assert "rights" in names


def test_added_endpoint_answers_with_an_etag_and_is_documented(copy: Copy, tmp_path: Path) -> None:
    url = written(recipe("app/api", "an endpoint"), r'prefix="(/[\w/]+)"')
    urls = (url, f"{url}?no=such", "/openapi.json")
    answer, unknown, document = copy.ask(tmp_path, {"a.txt": "A title\n\nA text."}, *urls)

    assert (answer.status, answer.again) == (200, 304)
    assert unknown.status == 422
    assert url in document.body["paths"]


def test_added_page_shows_what_the_api_answers(copy: Copy, tmp_path: Path) -> None:
    path = written(recipe("app/web", "a page"), r'@router.get\("(/\w+\.html)"\)')
    [page] = copy.ask(tmp_path, {"a.md": "---\nsource: R&D <weekly>\n---\n# A title\n\nA text."}, path)

    assert (page.status, page.again) == (200, 304)
    assert page.text.startswith("<!doctype html>")
    assert "R&amp;D &lt;weekly&gt;: 1 article<" in page.text


def test_added_reader_reads_files_of_its_suffix(copy: Copy, tmp_path: Path) -> None:
    suffix = written(recipe("app/seeding/readers", "a format"), r'"(\.[\w.]+)": Reader')
    [answer] = copy.ask(tmp_path, {f"talks{suffix}": "= A title =\n\nMinsk is a city.\n"}, "/articles/talks")

    assert answer.body["title"] == "A title"
    assert [entity["id"] for entity in answer.body["entities"]] == ["minsk"]


def test_added_annotator_marks_mentions(copy: Copy, tmp_path: Path) -> None:
    name = written(recipe("app/seeding/annotators", "an annotator"), r'^    name = "([\w:-]+)"')
    seeds = {"talks.txt": "A title\n\nThey met @minsk under #talks in Minsk.\n"}
    [answer] = copy.ask(tmp_path, seeds, "/articles/talks")
    origins = {mention["origin"] for part in answer.body["paragraphs"] for mention in part["mentions"]}

    assert origins == {"catalogue", name}


def test_added_format_is_exported_and_documented(copy: Copy, tmp_path: Path) -> None:
    suffix = written(recipe("app/export", "a format"), r'^"([\w.]+)": TextFormat')
    urls = (f"/articles.{suffix}", f"/articles/a.{suffix}", "/openapi.json")
    articles, article, document = copy.ask(tmp_path, {"a.txt": "A title\n\nThe lead."}, *urls)

    assert articles.text == article.text == "The lead.\n"
    assert suffix in str(document.body["paths"]["/articles.{suffix}"]["get"]["parameters"])


WAL_VERSIONS, ROLLBACK_VERSIONS = b"\2\2", b"\1\1"
"""Bytes 18 and 19 of a SQLite file (https://sqlite.org/fileformat.html): how it is written and read."""


def test_added_dialect_opens_its_urls_and_each_machine_serves_a_copy(copy: Copy, tmp_path: Path) -> None:
    scheme = written(recipe("app/database", "a dialect"), r'^"(\w+)":')
    database = copy.root / "share" / "articles.db"
    seeds = {"talks.txt": "A title\n\nA text.\n"}
    [answer] = copy.ask(tmp_path, seeds, "/articles/talks", database_url=f"{scheme}:///{database}")
    [local_copy] = (tmp_path / "data" / "copies").glob("*.db")

    assert (answer.status, answer.body["title"]) == (200, "A title")
    assert database.read_bytes()[18:20] == ROLLBACK_VERSIONS
    assert local_copy.read_bytes()[18:20] == WAL_VERSIONS


SAMPLE = """A package.

To add an annotator, write a class in a new file `flights.py`:

    from app.seeding.annotators.protocol import Annotation
    from app.seeding.article import NewArticle, NewMention


    class FlightAnnotator:
        name = "flights"

        def annotate(self, article: NewArticle) -> Annotation:
            mentions = []
            for number, paragraph in enumerate(article.paragraphs):
                if (start := paragraph.text.find("BA117")) >= 0:
                    mentions.append(NewMention(number, start, start + 5, None, "product", origin=self.name))
            return Annotation(tuple(mentions), [])

and add it to the list `ANNOTATORS`:

    lambda catalogue: FlightAnnotator(),

To add something else, do nothing.
"""
"""A recipe for the code of today, by which the tool itself is tested."""


def read_sample() -> list[Step]:
    """Return the steps of the sample."""
    return read_recipe(SAMPLE, Path("app/seeding/annotators"), "an annotator")


def test_steps_of_a_sample_are_read_and_done(copy: Copy, tmp_path: Path) -> None:
    seeds = {"talks.txt": "A title\n\nFlight BA117 left for Minsk.\n"}
    [answer] = copy.ask(tmp_path, seeds, "/articles/talks/paragraphs/1")

    assert [(step.path, step.names) for step in read_sample()] == [
        (Path("app/seeding/annotators/flights.py"), ()),
        (Path("app/seeding/annotators/__init__.py"), ("ANNOTATORS",)),
    ]
    assert [(mention["exact"], mention["origin"]) for mention in answer.body["mentions"]] == [
        ("BA117", "flights"),
        ("Minsk", "catalogue"),
    ]


def test_new_modules_and_their_names_are_imported_where_they_are_used(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("import os\nROUTERS = (os,)\n")
    steps = [
        Step(Path("app/stats.py"), (), "router = 1\nLIMIT = 2\n"),
        Step(Path("app/main.py"), ("ROUTERS",), "stats.router, LIMIT\n"),
    ]
    follow_recipe(tmp_path, steps)

    assert (tmp_path / "app" / "main.py").read_text() == (
        "import os\nfrom app.stats import LIMIT\nfrom app import stats\nROUTERS = (os, stats.router, LIMIT)\n"
    )


@pytest.mark.parametrize(
    ("source", "sentence", "code", "expected"),
    [
        ("X = {\n    1: 2,\n}\n", "In `X`:", "3: 4,\n", "X = {\n    1: 2,\n    3: 4,\n}\n"),
        ("X = (1, 2)\n", "In `X`:", "3,\n", "X = (1, 2, 3)\n"),
        ("def f():\n    a()\n    return 1\n", "In `f`:", "b()\n", "def f():\n    a()\n    b()\n    return 1\n"),
        ("class C:\n    x = 1\n\n\nD = 2\n", "In `C`:", "y = 2\n", "class C:\n    x = 1\n\n    y = 2\n\n\nD = 2\n"),
        ("import os\nX = 1\n", "In `a.py`:", "import re\nY = 2\n", "import os\nimport re\nX = 1\n\n\nY = 2\n"),
    ],
    ids=["dictionary", "tuple", "function", "class", "file"],
)
def test_code_goes_where_the_sentence_says(
    tmp_path: Path, source: str, sentence: str, code: str, expected: str
) -> None:
    (tmp_path / "app").mkdir()
    [step] = read_recipe(
        f"To add a thing: {sentence} `a.py`\n\n    " + code.replace("\n", "\n    "), Path("app"), "a thing"
    )
    path = tmp_path / step.path
    path.write_text(source)
    follow_recipe(tmp_path, [step])

    assert path.read_text() == expected


def test_step_that_breaks_its_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("X = 1\n")

    with pytest.raises(RecipeError, match=r"a\.py is no Python"):
        follow_recipe(tmp_path, [Step(Path("a.py"), (), "def f(:\n")])
