"""Bad files: a fault stops a run before anything is written, unless bad files are skipped."""

import json
from itertools import product

import pytest

from app.seeding.normalize.date_formats import EXPECTED
from app.seeding.seed import BadFilesError, NoArticlesError, check
from tests.conftest import every_database, write_documents
from tests.seeding.test_seed import counts, ids
from tests.support.documents import document, mentioning, place, write_entities


def faults(raised):
    return [finding.message for finding in raised.value.findings if finding.severity == "fault"]


@pytest.fixture
def folder(tmp_path):
    return write_documents(tmp_path / "seeds", [document("a"), document("b")])


def test_id_in_two_files_is_a_fault_that_names_both(api, folder):
    (folder / "z.json").write_text(json.dumps(document("a")))
    with pytest.raises(BadFilesError) as raised:
        api.seed(folder)

    assert faults(raised) == [
        f"The id 'a' is already that of the article in {folder}/articles.jsonl:1; give one of them another `id`."
    ]
    assert raised.value.findings[-1].file == f"{folder}/z.json"


@pytest.mark.parametrize("where", ["seeds", "other"])
def test_id_of_an_article_in_an_unchanged_file_is_taken_in_every_root(api, folder, tmp_path, where):
    api.seed(folder)
    (tmp_path / where).mkdir(exist_ok=True)
    (tmp_path / where / "z.json").write_text(json.dumps(document("a")))
    with pytest.raises(BadFilesError) as raised:
        api.seed(tmp_path / where)

    assert f"{folder}/articles.jsonl; give" in faults(raised)[0]


def test_control_character_in_a_field_of_a_mention_is_a_fault(api, folder):
    spans = [
        {"type": "a\0b"},
        {"type": "person", "label": "\x01"},
        {"entity": {"name": "Ann\0", "type": "person"}},
    ]
    mentions = [{"paragraph": 1, "start": 0, "end": 1, **span} for span in spans]
    write_documents(folder, [{"id": "a", "title": "A", "paragraphs": ["A", "Ann."], "mentions": mentions}])
    with pytest.raises(BadFilesError) as raised:
        api.seed(folder)

    assert faults(raised) == [
        "`mentions[0]` has a control character, U+0000, in `type`; expected text.",
        "`mentions[1]` has a control character, U+0001, in `label`; expected text.",
        "`mentions[2]` has a control character, U+0000, in `name`; expected text.",
    ]


def test_unknown_entity_is_a_fault_that_suggests_the_nearest_id(api, folder):
    write_entities(folder, place("Minsk"))
    write_documents(folder, [mentioning("a", "minks", "atlantis")], builtin=True)
    with pytest.raises(BadFilesError) as raised:
        api.seed(folder)

    assert faults(raised) == [
        "No entity has the id 'minks'; did you mean 'minsk'?",
        "No entity has the id 'atlantis'; expected one of the catalogue's, or {name, type}.",
    ]


@every_database
def test_every_fault_of_every_file_is_reported_and_nothing_is_written(api, folder):
    (folder / "bad.json").write_text("{")
    (folder / "empty.txt").write_text("")
    (folder / "twin.json").write_text(json.dumps(document("a")))
    with pytest.raises(BadFilesError) as raised:
        api.seed(folder)

    assert {finding.file.rpartition("/")[2] for finding in raised.value.findings} == {
        "bad.json",
        "empty.txt",
        "twin.json",
    }
    assert api.get("/corpus").status_code == 503


@every_database
def test_fault_in_a_file_read_by_several_processes_stops_the_run(api, folder):
    # Long enough for several processes, each with some of its lines.
    lines = [json.dumps(document(f"a{n}", "word " * 5000)) for n in range(200)]
    path = folder / "articles.jsonl"
    path.write_text("\n".join([*lines[:150], "{", *lines[150:]]))
    with pytest.raises(BadFilesError) as raised:
        api.seed(folder)
    path.write_text("\n".join(lines))
    outcome = api.seed(folder)

    assert [finding.line for finding in raised.value.findings] == [151]
    assert (outcome.added, outcome.findings) == (200, [])
    assert api.seed(folder).unchanged == 200


@every_database
def test_skip_bad_loads_the_rest_and_keeps_the_old_version_of_a_bad_article(api, folder):
    api.seed(folder)
    lines = [json.dumps(document("a", "New.")), '{"id": "b"', json.dumps(document("c"))]
    (folder / "articles.jsonl").write_text("\n".join(lines))
    outcome = api.seed(folder, skip_bad=True)

    assert [(fault.file, fault.line) for fault in outcome.faults] == [(f"{folder}/articles.jsonl", 2)]
    assert counts(outcome) == (1, 1, 0, 0)
    assert {id: api.json(f"/articles/{id}")["lead"] for id in ids(api)} == {"a": "New.", "b": "A text.", "c": "A text."}


def test_bad_file_that_is_restored_is_read_again(api, folder):
    api.seed(folder)
    before = (folder / "articles.jsonl").read_text()
    (folder / "articles.jsonl").write_text(json.dumps(document("a", "New.")) + "\n{")
    api.seed(folder, skip_bad=True)
    (folder / "articles.jsonl").write_text(before)
    api.seed(folder)

    assert api.json("/articles/a")["lead"] == "A text."


def test_articles_of_a_bad_file_are_pruned_with_it(api, folder):
    (folder / "articles.jsonl").write_text(json.dumps(document("a")) + "\n{")
    api.seed(folder, skip_bad=True)
    (folder / "articles.jsonl").rename(folder / "gone")
    (folder / "other.json").write_text(json.dumps(document("b")))
    api.seed(folder, prune=True)

    assert ids(api) == ["b"]


def test_bad_article_adds_no_entity(api, folder):
    api.seed(folder)
    (folder / "bad.json").write_text(json.dumps(mentioning("c", place("Kyiv"), "nowhere")))
    api.seed(folder, skip_bad=True)

    assert api.get("/entities/kyiv").status_code == 404


def refused(api):
    """What is said of refused files, the same at every address that speaks of them."""
    refusals = api.json("/corpus")["refused"]
    assert api.json("/health/ready") == {"status": "ready", "refused": refusals}
    return refusals


def test_refused_files_are_counted_with_their_reasons_until_they_are_mended(api, folder):
    for name in "pqr":
        (folder / f"{name}.json").write_text(f'{{"title": "{name}", "text": "A.", "date": "day {name}"}}')
    (folder / "empty.txt").write_text("")
    first, second = (api.seed(folder, skip_bad=True) for _ in range(2))
    counted = refused(api)
    for name in "pqr":
        (folder / f"{name}.json").write_text(json.dumps(document(name)))
    (folder / "empty.txt").unlink()
    third = api.seed(folder, skip_bad=True)

    assert counted == {
        "files": 4,
        "reasons": [
            {"message": f"`published_at`: 'day p' is not a date; {EXPECTED}.", "files": 3},
            {"message": "The file is empty; expected an article.", "files": 1},
        ],
    }
    assert (first.revision, second.revision, third.revision) == (1, None, 2)
    assert refused(api) == {"files": 0, "reasons": []}


@every_database
@pytest.mark.parametrize("empty_file", [None, "a.png", "a.txt"])
def test_a_folder_without_articles_never_empties_a_corpus(api, folder, empty_file):
    api.seed(folder)
    for path in folder.iterdir():
        path.unlink()
    if empty_file:
        (folder / empty_file).write_text("")
    for options, skip_bad in product([{"only": True}, {"prune": True}, {}], [False, True]):
        with pytest.raises((NoArticlesError, BadFilesError)):
            api.seed(folder, skip_bad=skip_bad, **options)

        assert ids(api) == ["a", "b"], (options, skip_bad)


def test_another_folder_of_bad_files_never_empties_a_corpus(api, folder, tmp_path):
    api.seed(folder)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("")
    with pytest.raises(NoArticlesError):
        api.seed(tmp_path / "other", only=True, skip_bad=True)

    assert ids(api) == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("d.md", "---\ntitle: D\ndraft: true\n---\nText.\n"),
        ("d.md", "---\ntitle: D\npublished: false\ndate: 2024-05-01\n---\nText.\n"),
        ("d.md", '+++\ntitle = "D"\ndraft = true\n+++\nText.\n'),
        ("d.json", '{"title": "D", "text": "Text.", "draft": true, "date": "no date at all"}'),
        ("_drafts/d.md", "# D\n\nText.\n"),
    ],
)
def test_a_draft_is_not_served_and_is_counted(api, folder, name, content):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    outcome = api.seed(folder)

    assert ids(api) == ["a", "b"]
    assert [(finding.severity, "draft" in finding.message) for finding in outcome.findings] == [("warning", True)]


def test_an_article_that_becomes_a_draft_is_removed(api, folder):
    (folder / "d.md").write_text("---\ntitle: D\npublished: true\ndate: 2024-05-01\n---\nText.\n")
    api.seed(folder)
    before = api.json("/articles/d")["published_at"]
    (folder / "d.md").write_text("---\ntitle: D\ndraft: true\n---\nText.\n")
    api.seed(folder)

    assert (before, ids(api)) == ("2024-05-01", ["a", "b"])


def test_check_reports_the_faults_of_a_run(folder):
    (folder / "twin.json").write_text(json.dumps(document("a")))
    (folder / "unknown.json").write_text(json.dumps(mentioning("c", "nowhere")))
    outcome = check([folder])

    assert outcome.added == 2
    assert [fault.file.rpartition("/")[2] for fault in outcome.faults] == ["twin.json", "unknown.json"]
