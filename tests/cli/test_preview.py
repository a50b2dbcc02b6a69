"""`check --show` prints how one file is read: what is known of its articles, their paragraphs, roles and names."""

import pytest
from typer.testing import CliRunner

from app.cli.commands import app

TALKS = """---
title: Talks go on
date: 2025-12-18
authors: [Ann Lee, Bob Ray]
tags: [negotiations]
source: The Courier
mood: tired
---
## In Minsk

Tatiana March, of the Minsk Tractor Works, came to Minsk.
"""
ENTITIES = """builtin: false
entities:
  - {id: minsk, name: Minsk, type: place}
  - {id: works, name: Minsk Tractor Works, type: organization}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "talks.md").write_text(TALKS)
    (tmp_path / "many.jsonl").write_text("".join(f'{{"title": "T{n}", "text": "Text."}}\n' for n in range(7)))
    (tmp_path / "entities.yaml").write_text(ENTITIES)
    (tmp_path / "given.json").write_text(
        '{"title": "A", "text": "Ann 🚢 Lee.", "mentions": ['
        '{"start": 0, "end": 9, "type": "PER", "entity": {"name": "Ann Lee", "type": "person", "wikidata": "Q7"}},'
        '{"start": 4, "end": 5, "type": "BOAT"}]}'
    )
    (tmp_path / "bad.json").write_text('{"title": "A"}')
    (tmp_path / "photo.png").write_bytes(b"")
    return tmp_path


def show(folder, name, *options):
    return CliRunner().invoke(app, ["check", str(folder), "--show", str(name), *options], env={"COLUMNS": "120"})


def test_show_prints_facts_roles_and_names_of_a_file(folder):
    ended = show(folder, "talks.md")

    assert ended.exit_code == 0
    assert [line.rstrip() for line in ended.stdout.splitlines()] == [
        "Talks go on",
        "  id        talks",
        "  published 2025-12-18",
        "  authors   Ann Lee; Bob Ray",
        "  source    The Courier",
        "  language  en",
        "  tags      negotiations",
        "  extra     mood",
        "",
        "0 title   Talks go on",
        "1 heading In [Minsk|place minsk]",
        "2 body    Tatiana March, of the [Minsk Tractor Works|organization works], came to [Minsk|place minsk].",
        "",
        f"{folder}/talks.md (.md): 1 article.",
    ]


def test_show_marks_given_names_that_nest(folder):
    ended = show(folder, folder / "given.json")

    assert "1 body  [Ann [🚢|other (BOAT), unknown] Lee|person (PER) Ann Lee Q7]." in ended.stdout


def test_show_prints_five_articles_of_a_file_unless_all_are_asked_for(folder):
    few, every = show(folder, "many.jsonl"), show(folder, "many.jsonl", "--all")

    assert "many.jsonl (.jsonl): 7 articles; --all shows the other 2." in few.stdout
    assert ("0 title T5" in few.stdout, "0 title T6" in every.stdout) == (False, True)


def test_show_prints_the_fault_of_a_file_and_fails(folder):
    ended = show(folder, "bad.json")

    assert ended.exit_code == 1
    assert "bad.json:1: There is no text" in ended.stderr
    assert "bad.json (.json): 0 articles." in ended.stdout


@pytest.mark.parametrize("name", ["photo.png", "nothing.md", "entities.yaml"])
def test_show_of_what_is_no_file_of_articles_says_so(folder, name):
    ended = show(folder, name)

    assert (ended.exit_code, ended.stderr) == (1, f"articles: {name} is no file of articles in {folder}.\n")
