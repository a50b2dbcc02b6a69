"""The command: what it prints, how it ends, and the one sentence that it says when something is wrong."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from app.settings import Settings
from tests.conftest import SEEDS, write_documents


@pytest.fixture
def settings(tmp_path):
    """Many of these tests look into the file of the database."""
    return Settings(data=tmp_path / "data")


@pytest.fixture
def articles(commands, settings):
    """Run `articles`, with the test's own data folder unless another is named."""
    return lambda *arguments, **variables: commands.run(*arguments, **{"data": settings.data} | variables)


@pytest.fixture
def folder(tmp_path):
    return write_documents(tmp_path / "seeds", [{"id": "a", "title": "A", "text": "A text.", "mentions": []}])


@pytest.fixture
def bad(folder):
    (folder / "bad.json").write_text('{"id": "b",\n "titel": "B", "text": "It."}')
    (folder / "empty.txt").write_text("")
    (folder / "twin.json").write_text((folder / "articles.jsonl").read_text())
    return folder


def database(settings):
    return settings.data / "articles.db"


def opened(settings):
    """A connection to it, closed at the end of the block; each statement is a transaction of its own."""
    return closing(sqlite3.connect(database(settings), isolation_level=None))


def complaint(ended):
    """The one sentence of a command that failed."""
    (line,) = ended.err.splitlines()
    assert ended.status == 1
    assert line.startswith("articles: ")
    assert line.endswith(".")
    return line.removeprefix("articles: ")


def test_module_runs_and_lists_its_commands():
    ended = subprocess.run([sys.executable, "-m", "app", "--help"], capture_output=True, text=True, check=True)

    for command in ("serve", "seed", "check", "migrate", "index", "schema"):
        assert f" {command} " in ended.stdout


def test_seeding_run_prints_what_it_did(articles, settings, folder):
    articles("seed", folder)
    (folder / "b.txt").write_text("Title\n\nA body.")
    ended = articles("seed", folder)

    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"The database is {database(settings)}.",
        "seeding: 1 of 1",
        "indexing: 1 of 1",
        "1 added, 0 changed, 1 unchanged, 0 removed, 0 warnings.",
    ]


def test_a_check_prints_every_fault_and_makes_no_database(articles, settings, bad):
    ended = articles("check", bad)

    assert ended.status == 1
    assert [line.split(": ")[0] for line in ended.err.splitlines()] == [
        f"{bad}/bad.json:2",
        f"{bad}/empty.txt:1",
        f"{bad}/twin.json:1",
    ]
    assert not settings.data.exists()


def test_a_check_of_the_own_seeds_finds_no_fault(articles):
    ended = articles("check", SEEDS)

    assert ended.status == 0
    assert ended.out.startswith("36 sound articles: 0 faults")


def test_a_bad_file_stops_the_run_before_anything_is_written(articles, settings, bad):
    ended = articles("seed", bad)

    assert ended.status == 1
    assert ended.err.splitlines()[-1].startswith("articles: Nothing was written: 3 faults.")
    with opened(settings) as connection:
        assert connection.execute("SELECT count(*) FROM revision").fetchone() == (0,)


def test_skip_bad_loads_the_other_files(articles, bad):
    ended = articles("seed", "--skip-bad", bad)

    assert ended.status == 0
    assert ended.out.splitlines()[-1] == (
        "1 added, 0 changed, 0 unchanged, 0 removed, 0 warnings, 3 faults: what has them was left out."
    )


def test_faults_of_one_cause_are_reported_once_with_their_number_unless_all_are_asked_for(articles, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.md").write_text(f"---\ntitle: T\ndate: day {number}\n---\nText.\n")
    grouped, full = articles("check", folder), articles("check", "--all", folder)

    assert grouped.err.splitlines()[0].startswith(f"{folder}/00.md:3: `published_at`: 'day 0' is not a date")
    assert grouped.err.splitlines()[1:] == ["    The same 11 times more, in 12 files in all; --all prints every one."]
    assert [line.split("/")[-1].split(":")[0] for line in full.err.splitlines()] == [
        f"{number:02}.md" for number in range(12)
    ]
    assert (grouped.status, full.status) == (1, 1)


@pytest.mark.parametrize("command", [["check"], ["seed"], ["seed", "--only"], ["seed", "--skip-bad"]])
def test_a_folder_without_articles_is_no_success(articles, tmp_path, command):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_text("")
    ended = articles(*command, tmp_path / "pictures")

    assert ended.status == 1
    assert "warning: 1 file was not read: 1 .png." in ended.err
    assert "There are no articles in this folder" in ended.err


def test_a_path_that_leads_nowhere_is_named(articles, tmp_path):
    for command in ("seed", "check"):
        assert complaint(articles(command, tmp_path / "none")) == f"There is nothing at {tmp_path}/none."
    assert complaint(articles("serve", "--seeds", tmp_path / "none")) == f"There is nothing at {tmp_path}/none."


def test_a_setting_that_is_wrong_is_named(articles, folder):
    assert complaint(articles("seed", folder, refresh="soon")).startswith("ARTICLES_REFRESH is wrong: ")
    assert complaint(articles("seed", folder, database_url="mysql://me:secret@host/db")) == (
        "ARTICLES_DATABASE_URL names 'mysql'; expected one of sqlite, postgresql, postgres."
    )


@pytest.mark.parametrize("command", [["seed", SEEDS], ["migrate"], ["index"], ["serve"]], ids=lambda value: value[0])
def test_a_newer_database_is_refused(articles, settings, command):
    articles("migrate")
    with opened(settings) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'zzzz'")

    assert complaint(articles(*command)) == (
        "The database was made by a newer version of annotated-articles: update the program."
    )


def test_locked_database_is_reported_after_a_timeout(articles, settings, folder):
    articles("migrate")
    with opened(settings) as connection:
        connection.execute("BEGIN IMMEDIATE")
        ended = articles("seed", folder, database_url=f"sqlite:///{database(settings)}?timeout=0.2")

    assert complaint(ended) == f"The database {database(settings)} is locked: another run is writing to it."


def test_a_file_that_is_no_database_is_left_alone(articles, settings, folder):
    settings.data.mkdir()
    database(settings).write_bytes(b"A letter to my grandmother. " * 100)

    assert complaint(articles("seed", folder)) == (
        f"The database {database(settings)} is not a database, or its beginning is damaged: "
        "name another one, or restore a backup."
    )


def test_the_database_of_another_program_is_left_alone(articles, settings, folder):
    settings.data.mkdir()
    with opened(settings) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")

    assert complaint(articles("seed", folder)) == "The database has the tables of another program: name another one."


def test_folder_that_cannot_be_created_is_named(articles, folder, tmp_path):
    (tmp_path / "file").write_text("")

    assert complaint(articles("seed", folder, data=tmp_path / "file" / "data")) == (
        f"The folder {tmp_path}/file/data of the database can't be created: Not a directory."
    )


@pytest.fixture
def small_disk(tmp_path):
    """A disk of half a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("Mounting a small disk takes privileges that this machine does not give.")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_full_disk_is_reported_and_nothing_is_changed(articles, small_disk):
    sentence = complaint(articles("seed", SEEDS, data=small_disk))

    assert "disk" in sentence
    assert sentence.startswith(f"The database {small_disk}/articles.db ")


def test_index_that_cannot_be_written_is_reported(articles, settings, folder):
    settings.data.mkdir()
    (settings.data / "index").write_text("")

    assert complaint(articles("seed", folder)).startswith(f"The index in {settings.data}/index can't be written: ")


def test_the_index_is_built_anew(articles, settings, folder):
    articles("seed", folder)
    before = (settings.data / "index" / "current").read_text()
    ended = articles("index")

    assert (ended.status, ended.out) == (0, "indexing: 1 of 1\n")
    assert (settings.data / "index" / "current").read_text() != before


def test_migrate_makes_the_tables_and_says_nothing(articles, settings):
    ended = articles("migrate")

    assert ended[:3] == (0, "", "")
    assert database(settings).stat().st_size > 0


def test_the_schema_is_json_and_knows_every_key_of_the_own_json_seeds(articles):
    schema = json.loads(articles("schema").out)

    assert schema["$schema"].endswith("2020-12/schema")
    for path in SEEDS.glob("*.json"):
        assert set(json.loads(path.read_text())) <= set(schema["properties"])


@pytest.mark.parametrize(
    ("command", "options", "variables"),
    [("check", ["--follow-links"], {}), ("seed", [], {"follow_links": "true"})],
    ids=["option", "variable"],
)
def test_links_out_of_the_folder_are_followed_only_when_asked(articles, folder, tmp_path, command, options, variables):
    (tmp_path / "secret.txt").write_text("Secret\n\nText.\n")
    (folder / "b.txt").symlink_to(tmp_path / "secret.txt")
    without, followed = articles(command, folder), articles(command, *options, folder, **variables)

    assert f"{folder}/b.txt:1: warning: This symbolic link leads out of the folder" in without.err
    assert (without.status, followed.status) == (0, 0)
    assert "symbolic link" not in followed.err
    assert any(line.startswith(("2 sound articles", "1 added")) for line in followed.out.splitlines())
