"""The recipes at the top of packages work: each is done to the letter in a copy, and what it adds is then asked for."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.recipes import RecipeError, Step, follow_recipe, read_recipe

ROOT = Path(__file__).parent.parent

ASK = """
import sys
from pathlib import Path

import orjson

from app.settings import Settings
from tests.conftest import Api

folder = Path(sys.argv[1])
api = Api(Settings(data=folder / "data"))
api.seed(folder)
answers = []
for url in sys.argv[2:]:
    answer = api.get(url)
    again = api.get(url, headers={"If-None-Match": answer.headers.get("etag", "")})
    answers.append({"status": answer.status_code, "body": answer.json(), "again": again.status_code})
api.close()
print(orjson.dumps(answers).decode())
"""
"""Seeds a folder with the code of the copy, and asks each URL twice, with its ETag the second time."""


def recipe(package: str, thing: str) -> list[Step]:
    """Return the steps of a recipe."""
    source = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
    steps = read_recipe(ast.get_docstring(ast.parse(source)) or "", Path(package), thing)
    assert steps, f"{package} has no recipe to add {thing}"
    return steps


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the code that a recipe may change."""
    root = tmp_path / "copy"
    leave = shutil.ignore_patterns("__pycache__", "*.sock")
    for folder in ("app", "migrations", "seeds", "tests"):
        shutil.copytree(ROOT / folder, root / folder, ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def run(copy: Path, code: str, *arguments: str, database_url: str = "") -> str:
    """Run Python with the code of the copy, and return what it prints."""
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy), "ARTICLES_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def ask(copy: Path, seeds: dict[str, str], *urls: str, database_url: str = "") -> list[dict[str, Any]]:
    """Seed these files with the code of the copy, and return its answers."""
    folder = copy / "articles"
    folder.mkdir()
    for name, text in seeds.items():
        (folder / name).write_text(text, encoding="utf-8")
    answers: list[dict[str, Any]] = json.loads(run(copy, ASK, str(folder), *urls, database_url=database_url))
    return answers


def written(steps: list[Step], pattern: str) -> str:
    """Return what the only group of a pattern matches in the code of a recipe."""
    [text] = {*re.findall(pattern, "\n".join(step.code for step in steps), re.MULTILINE)}
    return str(text)


def test_added_filter_selects_and_is_documented(copy: Path) -> None:
    steps = recipe("app/search", "a filter")
    follow_recipe(copy, steps)
    seeds = {
        f"{name}.json": json.dumps({"title": name, "text": "A text.", "rights": rights})
        for name, rights in [("free", "CC0"), ("closed", "All rights reserved")]
    }
    free, unknown, document = ask(copy, seeds, "/articles?rights=CC0", "/articles?rights=CC1", "/openapi.json")
    parameters = document["body"]["paths"]["/timeline"]["get"]["parameters"]
    names = {parameter.get("name", parameter.get("$ref", "").rpartition("/")[2]) for parameter in parameters}

    assert {step.path.name for step in steps} == {"filters.py", "schema.py"}
    assert [article["id"] for article in free["body"]["items"]] == ["free"]
    assert unknown["body"]["warnings"][0]["parameter"] == "rights"
    assert "rights" in names


def test_added_endpoint_answers_with_an_etag_and_is_documented(copy: Path) -> None:
    steps = recipe("app/api", "an endpoint")
    follow_recipe(copy, steps)
    url = written(steps, r'prefix="(/[\w/]+)"')
    answer, unknown, document = ask(copy, {"a.txt": "A title\n\nA text."}, url, f"{url}?no=such", "/openapi.json")

    assert (answer["status"], answer["again"]) == (200, 304)
    assert unknown["status"] == 422
    assert url in document["body"]["paths"]


def test_added_page_shows_what_the_api_answers(copy: Path) -> None:
    steps = recipe("app/web", "a page")
    follow_recipe(copy, steps)
    path = written(steps, r'@router.get\("(/\w+\.html)"\)')
    code = """
import sys
from pathlib import Path
from app.settings import Settings
from tests.conftest import Api
folder = Path(sys.argv[1])
api = Api(Settings(data=folder / "data"))
api.seed(folder)
page = api.get(sys.argv[2])
print(page.status_code, api.get(sys.argv[2], headers={"If-None-Match": page.headers["etag"]}).status_code, page.text)
"""
    folder = copy / "articles"
    folder.mkdir()
    (folder / "a.md").write_text("---\nsource: R&D <weekly>\n---\n# A title\n\nA text.", encoding="utf-8")
    answer = run(copy, code, str(folder), path)

    assert answer.startswith("200 304 <!doctype html>")
    assert "R&amp;D &lt;weekly&gt;: 1 article<" in answer


def test_added_reader_reads_files_of_its_suffix(copy: Path) -> None:
    steps = recipe("app/seeding/readers", "a format")
    follow_recipe(copy, steps)
    suffix = written(steps, r'"(\.[\w.]+)": Reader')
    text = "= A title =\n\nMinsk is a city.\n"
    [answer] = ask(copy, {f"talks{suffix}": text}, "/articles/talks")

    assert answer["body"]["title"] == "A title"
    assert [entity["id"] for entity in answer["body"]["entities"]] == ["minsk"]


def test_added_annotator_marks_mentions(copy: Path) -> None:
    steps = recipe("app/seeding/annotators", "an annotator")
    follow_recipe(copy, steps)
    name = written(steps, r'^    name = "([\w:-]+)"')
    [answer] = ask(
        copy, {"talks.txt": "A title\n\nFlight BA117 met @minsk under #talks in Minsk.\n"}, "/articles/talks"
    )
    origins = {mention["origin"] for part in answer["body"]["paragraphs"] for mention in part["mentions"]}

    assert origins == {"catalogue", name}


def test_added_format_is_exported_and_documented(copy: Path) -> None:
    steps = recipe("app/export", "a format")
    follow_recipe(copy, steps)
    suffix = written(steps, r'^"([\w.]+)": TextFormat')
    code = """
import sys
from pathlib import Path
from app.settings import Settings
from tests.conftest import Api
folder = Path(sys.argv[1])
api = Api(Settings(data=folder / "data"))
api.seed(folder)
print(api.get(f"/articles.{sys.argv[2]}").text + api.get(f"/articles/a.{sys.argv[2]}").text)
parameters = api.json("/openapi.json")["paths"]["/articles.{suffix}"]["get"]["parameters"]
print(sys.argv[2] in str(parameters))
"""
    folder = copy / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("A title\n\nThe lead.", encoding="utf-8")

    assert run(copy, code, str(folder), suffix).split("\n") == ["The lead.", "The lead.", "", "True", ""]


WAL_VERSIONS, ROLLBACK_VERSIONS = b"\2\2", b"\1\1"
"""Bytes 18 and 19 of a SQLite file (https://sqlite.org/fileformat.html): how it is written and read."""


def test_added_dialect_opens_its_urls_and_each_machine_serves_a_copy(copy: Path) -> None:
    steps = recipe("app/database", "a dialect")
    follow_recipe(copy, steps)
    scheme = written(steps, r'^"(\w+)":')
    database = copy / "share" / "articles.db"
    [answer] = ask(
        copy, {"talks.txt": "A title\n\nA text.\n"}, "/articles/talks", database_url=f"{scheme}:///{database}"
    )
    [local_copy] = (copy / "articles" / "data" / "copies").glob("*.db")

    assert (answer["status"], answer["body"]["title"]) == (200, "A title")
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


def test_steps_of_a_sample_are_read_and_done(copy: Path) -> None:
    package = Path("app/seeding/annotators")
    steps = read_recipe(SAMPLE, package, "an annotator")
    follow_recipe(copy, steps)
    [answer] = ask(copy, {"talks.txt": "A title\n\nFlight BA117 left for Minsk.\n"}, "/articles/talks/paragraphs/1")

    assert [(step.path, step.names) for step in steps] == [
        (package / "flights.py", ()),
        (package / "__init__.py", ("ANNOTATORS",)),
    ]
    assert [(mention["exact"], mention["origin"]) for mention in answer["body"]["mentions"]] == [
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
