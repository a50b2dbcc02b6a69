"""The READMEs are true: their examples are executed, their tables are complete, their links and commands exist."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from app.api.routes.articles import ArticleListParams
from app.api.routes.entities import EntityListParams
from app.api.routes.mentions import MentionListParams
from app.api.routes.paragraphs import ParagraphListParams
from app.api.routes.tags import TagListParams
from app.api.routes.timeline import TimelineParams
from app.cli.commands import app as program
from app.seeding.document import ArticleDocument, MentionDocument
from app.settings import Settings
from tests.benchmarks.questions import QUESTIONS
from tests.conftest import Api
from tests.support.live import live

ROOT = Path(__file__).parent.parent

DOCUMENTS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "seeds/README.md", "app/README.md", "tests/README.md", "tests/benchmarks/README.md")
}
README = DOCUMENTS["README.md"]
ALL_TEXT = "\n".join(DOCUMENTS.values())

LIST_PARAMS = (
    ArticleListParams,
    EntityListParams,
    MentionListParams,
    ParagraphListParams,
    TagListParams,
    TimelineParams,
)

REQUESTS = [
    pytest.param(*request, id=request[0])
    for block in re.findall(r"```console\n(.*?)```", ALL_TEXT, re.DOTALL)
    for request in re.findall(r"\$ curl 'localhost:8000(.*?)'\n(.*?)(?=\n\$|\Z)", block, re.DOTALL)
]
"""Each request of the documents, and the answer that stands under it."""

FILES = dict(re.findall(r"`articles/([\w.]+)`:\n\n```\w+\n(.*?)```", ALL_TEXT, re.DOTALL))
"""The files of the author's manual by name."""

SELECTIONS = re.findall(r"^\| `(/articles\?.*?)` \| (.*?) \|", ALL_TEXT, re.MULTILINE)
"""Each query of the table of queries, and the ids that it selects."""


def section(document: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    return DOCUMENTS[document].split(f"## {heading}\n")[1].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of each row of the tables in a text, without their heads."""
    bodies = re.findall(r"^\|[-|]+\|\n((?:\|.*\n?)+)", text, re.MULTILINE)
    return [line.strip("| ").split(" | ") for body in bodies for line in body.splitlines()]


def agrees(shown: Any, answer: Any) -> bool:
    """Return whether they are equal, where a shown text that ends in `...` is the beginning of the real one."""
    if isinstance(shown, str) and shown.endswith("..."):
        return isinstance(answer, str) and answer.startswith(shown.removesuffix("..."))
    if isinstance(shown, dict) and isinstance(answer, dict):
        return shown.keys() == answer.keys() and all(agrees(shown[name], answer[name]) for name in shown)
    if isinstance(shown, list) and isinstance(answer, list):
        return len(shown) == len(answer) and all(map(agrees, shown, answer))
    return bool(shown == answer)


@pytest.mark.parametrize(("url", "shown"), REQUESTS)
def test_answer_is_the_one_shown(seeded: Api, url: str, shown: str) -> None:
    assert agrees(json.loads(shown), seeded.get(url).json())


def test_enough_requests_are_found_to_execute() -> None:
    assert len(REQUESTS) >= 5


@pytest.mark.parametrize(("url", "ids"), SELECTIONS)
def test_query_selects_what_the_table_says(seeded: Api, url: str, ids: str) -> None:
    assert [article["id"] for article in seeded.json(url)["items"]] == re.findall(r"`([\w-]+)`", ids)


def test_enough_queries_are_found_to_execute() -> None:
    assert len(SELECTIONS) >= 7


def test_files_of_the_manual_are_read_as_it_says(api: Api, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "README.md").write_text(DOCUMENTS["seeds/README.md"], encoding="utf-8")
    outcome = api.seed(tmp_path)
    talks, visit, annotated = (api.json(f"/articles/{id}") for id in ("talks", "visit", "given"))

    assert set(FILES) == {"talks.txt", "visit.md", "given.jsonl", "defaults.yaml", "entities.yaml", "tags.yaml"}
    assert outcome.added == 3
    assert [part["role"] for part in talks["paragraphs"]] == ["title", "caption", "credit", "body", "heading", "body"]
    assert {tag["name"] for tag in talks["tags"]} == {"Negotiations", "Belarus"}
    assert {entity["id"]: entity["count"] for entity in talks["entities"]} == {"minsk": 1, "tatiana-march": 2}
    assert (visit["published_at"], visit["authors"]) == ("2025-12-18", ["Ann Lee"])
    assert [entity["id"] for entity in visit["entities"]] == ["washington-state"]
    assert [part["role"] for part in visit["paragraphs"]] == ["title", "heading", "body", "quote"]
    assert [mention["exact"] for mention in annotated["paragraphs"][1]["mentions"]] == ["Minsk"]
    assert {article["source"] for article in (talks, visit, annotated)} == {"The Minsk Courier"}


def test_program_of_the_readme_runs(seeded: Api, capsys: pytest.CaptureFixture[str]) -> None:
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    with live(seeded.settings) as address:
        exec(code.replace("http://localhost:8000", address), {})
    printed = capsys.readouterr().out.splitlines()

    assert len(printed) == seeded.json("/articles?q=missile&entity=united-states&entity=soviet-union")["total"] > 1


def test_table_of_endpoints_is_complete(seeded: Api) -> None:
    listed = [path for cells in rows(section("README.md", "Endpoints")) for path in re.findall(r"`(/.*?)`", cells[0])]

    assert sorted(listed) == sorted([*seeded.json("/openapi.json")["paths"], "/docs", "/openapi.json"])


def test_tables_of_parameters_are_complete() -> None:
    tables = rows(section("README.md", "Filters")) + rows(section("app/README.md", "Options"))
    listed = [name for cells in tables for name in re.findall(r"`(\w+)`", cells[0])]

    assert sorted(listed) == sorted({name for params in LIST_PARAMS for name in params.model_fields})


def test_table_of_settings_is_complete_and_gives_the_defaults() -> None:
    listed = re.findall(r"^\| `ARTICLES_(\w+)` \| *`?([^`|]*?)`? *\|", section("README.md", "Settings"), re.MULTILINE)

    assert {name.lower(): default.strip() for name, default in listed} == {
        name: "" if field.default is None else str(field.default).lower()
        for name, field in Settings.model_fields.items()
    }


def test_options_of_serve_are_complete() -> None:
    command = typer.main.get_command(program)
    options = {option for parameter in command.commands["serve"].params for option in parameter.opts} - {"--help"}  # type: ignore[attr-defined]
    [listed] = re.findall(r"`articles serve` takes (.*?);", README)

    assert set(re.findall(r"`(.*?)`", listed)) == options


def test_table_of_article_keys_is_complete() -> None:
    cells = [cells[0] for cells in rows(section("seeds/README.md", "Keys"))]
    of_mentions = [name for cell in cells if cell.startswith("of a mention") for name in re.findall(r"`(\w+)`", cell)]
    of_articles = [name for cell in cells if cell.startswith("`") for name in re.findall(r"`(\w+)`", cell)]

    assert sorted(of_articles) == sorted(ArticleDocument.model_fields)
    assert sorted(of_mentions) == sorted(MentionDocument.model_fields)


def test_latency_table_has_a_row_for_each_class_or_says_how_many_there_are() -> None:
    assert f"median of {len(QUESTIONS)} classes" in DOCUMENTS["tests/benchmarks/README.md"]


def test_every_package_and_module_of_the_tour_exists() -> None:
    listed = [
        name for cells in rows(DOCUMENTS["app/README.md"]) for name in re.findall(r"`([\w/.]+/[\w.]*)`", cells[0])
    ]

    assert len(listed) >= 10
    assert [name for name in listed if not (ROOT / name).exists()] == []
    assert {f"app/{path.name}/" for path in (ROOT / "app").iterdir() if (path / "__init__.py").exists()} <= {*listed}


def test_every_folder_and_file_of_the_tests_that_is_named_exists() -> None:
    listed = re.findall(r"`([\w/]+(?:/|\.py))`", DOCUMENTS["tests/README.md"])

    assert len(listed) >= 10
    assert [name for name in listed if not (ROOT / "tests" / name).exists() and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file_or_a_heading(name: str) -> None:
    text = DOCUMENTS[name]
    links = [link for link in re.findall(r"\]\((.*?)\)", text) if "://" not in link]
    for link in links:
        path, _, anchor = link.partition("#")
        target = ((ROOT / name).parent / path).resolve()
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_commands_of_the_documents_exist() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    commands = {
        command.name or command.callback.__name__ for command in program.registered_commands if command.callback
    }
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", ALL_TEXT, re.DOTALL))
    shown = {*re.findall(r"^(?:.*uv run )?articles (\w+)", blocks, re.MULTILINE)}
    shown |= {*re.findall(r"`(?:uv run )?articles (\w+)", ALL_TEXT)}
    modules = [ROOT / module.replace(".", "/") for module in re.findall(r"python -m (tests[\w.]+)", ALL_TEXT)]

    assert "articles" in scripts
    assert {"serve", "seed", "check", "schema"} <= shown <= commands
    assert [path for path in modules if not (path.with_suffix(".py").exists() or (path / "__main__.py").exists())] == []


def test_test_command_stands_in_one_marked_block() -> None:
    [command] = re.findall(r"<!-- The test command\. -->\n```sh\n(.*)\n```", README)

    assert command.endswith("pytest")
    assert ALL_TEXT.count(command) == 1
