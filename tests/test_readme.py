"""The README tells the truth: its answers are the service's, its files are read as it says, its tables are whole."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.api.routes.articles import ArticleListParams
from app.api.routes.entities import EntityListParams
from app.api.routes.paragraphs import ParagraphListParams
from app.api.routes.tags import TagListParams
from app.api.routes.timeline import TimelineParams
from app.settings import Settings
from tests.conftest import Api
from tests.support.live import live

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

QUESTIONS = (ArticleListParams, EntityListParams, ParagraphListParams, TagListParams, TimelineParams)

TOUR = [
    pytest.param(*request, id=request[0])
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for request in re.findall(r"\$ curl 'localhost:8000(.*?)'\n(.*?)(?=\n\$|\Z)", block, re.DOTALL)
]

FILES = dict(re.findall(r"`articles/([\w.]+)`:\n\n```\w+\n(.*?)```", README, re.DOTALL))


@pytest.mark.parametrize(("question", "told"), TOUR)
def test_an_answer_of_the_tour_is_given(seeded: Api, question: str, told: str) -> None:
    assert same(json.loads(told), seeded.get(question).json())


def same(told: Any, given: Any) -> bool:
    """Whether they are equal, but that a text that ends in `...` says only how it begins."""
    if isinstance(told, str) and told.endswith("..."):
        return isinstance(given, str) and given.startswith(told.removesuffix("..."))
    if isinstance(told, dict) and isinstance(given, dict):
        return told.keys() == given.keys() and all(same(told[name], given[name]) for name in told)
    if isinstance(told, list) and isinstance(given, list):
        return len(told) == len(given) and all(map(same, told, given))
    return bool(told == given)


def test_the_tour_has_as_many_stops_as_it_should() -> None:
    assert len(TOUR) >= 8


SELECTIONS = re.findall(r"^\| `(/articles\?.*?)` \| (.*?) \|", README, re.MULTILINE)


@pytest.mark.parametrize(("question", "told"), SELECTIONS)
def test_an_example_selects_what_it_says(seeded: Api, question: str, told: str) -> None:
    assert [it["id"] for it in seeded.json(question)["items"]] == re.findall(r"`([\w-]+)`", told)


def test_there_are_ten_examples_of_what_selects_what() -> None:
    assert len(SELECTIONS) == 10


def test_the_files_of_the_readme_are_read_as_it_says(api: Api, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    outcome = api.seed(tmp_path)
    talks, visit, given = (api.json(f"/articles/{id}") for id in ("talks", "visit", "given"))

    assert set(FILES) == {"talks.txt", "visit.md", "given.jsonl", "defaults.yaml", "entities.yaml", "tags.yaml"}
    assert outcome.added == 3
    assert [it["role"] for it in talks["paragraphs"]] == ["title", "caption", "credit", "body", "heading", "body"]
    assert {it["name"] for it in talks["tags"]} == {"Negotiations", "Belarus"}
    assert {it["id"]: it["count"] for it in talks["entities"]} == {"minsk": 1, "tatiana-march": 2}
    assert (visit["published_at"], visit["authors"]) == ("2025-12-18", ["Ann Lee"])
    assert [it["id"] for it in visit["entities"]] == ["washington-state"]
    assert [it["role"] for it in visit["paragraphs"]] == ["title", "heading", "body", "quote"]
    assert [it["exact"] for it in given["paragraphs"][1]["mentions"]] == ["Minsk"]
    assert {it["source"] for it in (talks, visit, given)} == {"The Minsk Courier"}


def test_the_program_of_the_readme_runs(
    seeded: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [program] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    with live(seeded.settings) as address:
        exec(program.replace("http://localhost:8000", address), names)
        with pytest.raises(ValueError, match="did you mean `language`"):
            next(names["walk"]("/articles", lang="en"))
        names["api"].close()
    told = capsys.readouterr().out.splitlines()
    tested = seeded.walk("/articles", tag="nuclear-testing")

    assert len(told) == seeded.json("/articles?q=missile&entity=united-states&entity=soviet-union")["total"] > 1
    assert {row["article"] for row in names["rows"]} <= {article["id"] for article in tested}
    assert len(tested) > 5
    assert len((tmp_path / "people.csv").read_text(encoding="utf-8").splitlines()) == len(names["rows"]) + 1 > 10


def test_the_tables_name_every_parameter_and_no_other() -> None:
    section = README.split("## The filter language")[1].split("\n## ")[0]
    named = [name for row in re.findall(r"^\|(.*?)\|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]

    assert sorted(named) == sorted({name for question in QUESTIONS for name in question.model_fields})


def test_the_table_of_settings_is_whole_and_right() -> None:
    section = README.split("## Settings")[1].split("\n## ")[0]
    told = re.findall(r"^\| `ARTICLES_(\w+)` \| *`?([^`|]*?)`? *\|", section, re.MULTILINE)

    assert {name.lower(): default.strip() for name, default in told} == {
        name: "" if field.default is None else str(field.default).lower()
        for name, field in Settings.model_fields.items()
    }


def test_every_room_of_the_readme_is_there() -> None:
    section = README.split("## How it is built")[1]
    for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
        for name in re.findall(r"`([\w/.]+)`", row):
            assert (ROOT / name).exists() or (ROOT / "app" / name).exists(), name


def test_the_commands_of_the_readme_are_those_of_the_program() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert "articles" in scripts

    from app.cli.commands import app as program

    commands = {it.name or it.callback.__name__ for it in program.registered_commands if it.callback}
    assert set(re.findall(r"uv run articles (\w+)", README)) <= commands
