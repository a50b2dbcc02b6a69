"""Bad files: a fault stops a run before anything is written, unless bad files are skipped."""

import json

import pytest

from app.seeding.seed import BadFilesError, check
from tests.conftest import every_database, write_documents
from tests.seeding.test_seed import counts, ids
from tests.support.documents import document, mentioning, place, write_entities

pytestmark = every_database


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


def test_bad_article_adds_neither_an_entity_nor_a_revision(api, folder):
    api.seed(folder)
    (folder / "bad.json").write_text(json.dumps(mentioning("c", place("Kyiv"), "nowhere")))
    outcome = api.seed(folder, skip_bad=True)

    assert outcome.revision is None
    assert api.get("/entities/kyiv").status_code == 404


def test_check_reports_the_faults_of_a_run(folder):
    (folder / "twin.json").write_text(json.dumps(document("a")))
    (folder / "unknown.json").write_text(json.dumps(mentioning("c", "nowhere")))
    outcome = check([folder])

    assert outcome.added == 2
    assert [fault.file.rpartition("/")[2] for fault in outcome.faults] == ["twin.json", "unknown.json"]
