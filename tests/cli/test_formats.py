"""The command counts what it found in files of each format, and converts them to article documents."""

import json

import pytest
from typer.testing import CliRunner

from app.cli.commands import app


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.csv").write_text("title,text,date,author\nFirst,Text.,2025,Ann\nSecond,Text.,,\n")
    (tmp_path / "b.txt").write_text("Ann came\n\nAnn came to Minsk.\n")
    (tmp_path / "b.ann").write_text("T1\tPer 0 3\tAnn\n")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_check_counts_what_it_found_by_format(folder):
    ended = run("check", folder)

    assert ended.exit_code == 0
    assert [line.split() for line in ended.stdout.splitlines()[1:]] == [
        ["format", "files", "articles", "paragraphs", "mentions", "dates", "authors"],
        ["CSV", "1", "2", "4", "0", "1", "1"],
        ["brat", "1", "1", "2", "1", "0", "0"],
    ]


def test_convert_prints_article_documents(folder):
    ended = run("convert", folder)
    documents = [json.loads(line) for line in ended.stdout.splitlines()]

    assert ended.exit_code == 0
    assert [document["id"] for document in documents] == ["first", "second", "b"]
    assert documents[2]["mentions"][0]["exact"] == "Ann"


def test_convert_prints_faults_beside_and_fails(folder):
    (folder / "c.csv").write_text("x,y\n1,2\n")
    ended = run("convert", folder)

    assert ended.exit_code == 1
    assert len(ended.stdout.splitlines()) == 3
    assert "c.csv:1: No column of this table" in ended.stderr


def test_convert_to_an_unknown_format_is_refused(folder):
    ended = run("convert", folder, "--to", "docx")

    assert (ended.exit_code, ended.stderr) == (
        1,
        "articles: There is no format 'docx' to convert to; expected jsonl.\n",
    )
