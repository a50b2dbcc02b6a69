"""`articles export` writes what the endpoint of the same list writes, without a server."""

import csv
import io
import json
from errno import ENOSPC
from itertools import islice

import pytest
from typer.testing import CliRunner

from app.api.exports import documents
from app.cli.export import build_app


@pytest.fixture
def export(seeded):
    """Run the command in this process, over the example articles."""
    app = build_app(lambda: seeded.settings)
    return lambda *arguments: CliRunner().invoke(app, [*map(str, arguments)])


@pytest.mark.parametrize(
    ("arguments", "url"),
    [
        (
            ["mentions", "--type", "person", "--context", "60", "--format", "csv"],
            "/mentions.csv?type=person&context=60",
        ),
        (["articles", "--q", "missile", "--tag-not", "deterrence"], "/articles.jsonl?q=missile&tag_not=deterrence"),
        (
            ["entities", "--fields", "id", "--fields", "count", "--format", "tsv"],
            "/entities.tsv?fields=id&fields=count",
        ),
        (["timeline", "--interval", "year", "--format", "csv"], "/timeline.csv?interval=year"),
        (["articles", "--limit", "3", "--format", "feed.json", "--url", "http://test/"], "/articles.feed.json?limit=3"),
    ],
)
def test_command_writes_what_the_endpoint_writes(export, seeded, arguments, url):
    ended = export(*arguments)

    assert ended.exit_code == 0, ended.stderr
    assert ended.stdout.splitlines() == seeded.get(url).text.splitlines()


def test_last_line_says_how_many_rows_there_are(export):
    ended = export("mentions", "--entity", "minsk", "--format", "csv")
    rows = [*csv.DictReader(io.StringIO(ended.stdout, newline=""))]

    assert ended.stderr.splitlines()[-1] == f"{len(rows)} rows."
    assert ended.stderr.startswith("exporting: ")


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "tei.xml", "parquet"])
def test_export_that_fails_leaves_the_old_file_and_no_other(export, tmp_path, monkeypatch, suffix):
    def fail(keys, documents):
        yield from islice(read(keys, documents), 3)
        raise OSError(ENOSPC, "No space left on device")

    name = "read_articles" if suffix in ("jsonl", "tei.xml") else "read_heads"
    read = getattr(documents, name)
    path = tmp_path / f"a.{suffix}"
    path.write_text("old")
    monkeypatch.setattr(documents, name, fail)
    ended = export("articles", "--output", path)

    assert ended.exit_code == 1
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(path.name, "old")]


def test_file_has_the_format_of_its_suffix_and_the_last_line_says_what_was_left_out(export, tmp_path):
    path = tmp_path / "a.doccano.jsonl"
    whole = export("articles", "--id", "chernobyl", "--output", path)
    flat = export("articles", "-o", tmp_path / "a.md")
    lines = list(map(json.loads, path.read_text().splitlines()))
    mentions = sum(len(line["label"]) for line in lines)

    assert whole.stdout == ""
    assert whole.stderr.splitlines()[-1] == f"1 article, {mentions} mentions."
    assert "; left out: " in flat.stderr.splitlines()[-1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.doccano.jsonl", "a.md"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["tags", "--sort", "nam"],
            "`sort` can't be 'nam'; it is one of -count, name,",
        ),
        (["articles", "--format", "docx"], "'/articles' has no format '.docx'; it has .jsonl, .csv"),
        (
            ["articles", "-o", "a.docx"],
            "The name of a.docx ends with no format; add --format",
        ),
        (["articles", "--after", "nothing"], "`after`: nothing with the id 'nothing' is in this selection"),
        (["articles", "--q", '"'], "`q` "),
    ],
)
def test_what_is_wrong_is_one_sentence(export, arguments, sentence):
    ended = export(*arguments)

    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"articles: {sentence}")


def test_unknown_value_is_a_warning(export):
    ended = export("articles", "--entity", "minks", "--format", "conll")

    assert (ended.exit_code, ended.stdout) == (0, "")
    assert ended.stderr.splitlines() == [
        "warning: No entity of the corpus has the id 'minks'.",
        "0 articles, 0 mentions.",
    ]


def test_empty_corpus_is_one_sentence(commands, tmp_path):
    ended = commands.run("export", "articles", data=tmp_path / "data")

    assert (ended.status, ended.err) == (1, "articles: The corpus is empty: run 'articles seed PATH'.\n")


def test_help_has_the_parameters_of_the_list(export):
    assert "--context" in export("mentions", "--help").stdout
    assert "--context" not in export("articles", "--help").stdout
