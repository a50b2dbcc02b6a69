"""`articles names` drafts a catalogue, and `articles seed` says how much was marked."""

import re

import pytest
import yaml
from typer.testing import CliRunner

from app.cli.commands import app

TEXT = "Talks\n\nThey saw Angela Trellick near the Trellick River. Then Trellick met Vladimir Putin.\n\nThat was all.\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with one article; the database stands beside it."""
    monkeypatch.setenv("ARTICLES_DATA", str(tmp_path / "data"))
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "talks.txt").write_text(TEXT)
    return tmp_path / "articles"


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_names_are_a_draft_of_a_catalogue(folder):
    output = run("names", folder).output

    assert yaml.safe_load(output) == [
        {"name": "Angela Trellick", "type": "person"},
        {"name": "Trellick River", "type": "place"},
    ]
    assert "# 2 mentions in 1 article (given name, surname): … They saw Angela Trellick near" in output


def test_the_draft_is_a_catalogue_that_takes_the_names_over(folder):
    (folder / "entities.yaml").write_text(run("names", folder).output)
    result = run("names", folder)

    assert result.exit_code == 1
    assert "There are no names here that the catalogue lacks." in result.output


def test_the_number_of_names_is_limited(folder):
    output = run("names", folder, "--limit", "1").output

    assert len(yaml.safe_load(output)) == 1
    assert "# 1 more names are rarer; --limit shows more." in output


def test_seeding_says_how_much_was_marked_by_which_origin(folder):
    output = run("seed", folder).output

    assert re.search(
        r"Names marked: 3 by rules, 1 by the catalogue; 'articles names' lists the frequent ones\.", output
    )


def test_an_unknown_setting_of_the_rules_is_refused_with_the_choices(folder, monkeypatch):
    monkeypatch.setenv("ARTICLES_RULES", "some")
    result = run("seed", folder)

    assert result.exit_code != 0
    assert all(choice in result.output for choice in ("ARTICLES_RULES", "off", "sure", "likely", "all"))
