"""The author settles names: for a folder, for an article, or for one of its paragraphs."""

import pytest

from app.seeding.seed import BadFilesError

CATALOGUE = """
builtin: false
entities:
- {id: washington, name: Washington, type: place}
- {id: washington-state, name: Washington State, type: place}
- {id: george-washington, name: George Washington, type: person}
"""
TEXT = "title: Talks\nWashington began.\n\nIt rained in Washington.\n\nWashington and Washington ended.\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "entities.yaml").write_text(CATALOGUE)
    return folder


def write(folder, settled: str, name="talks.md") -> None:
    front_matter = f"---\ntitle: Talks\n{settled}\n---\n"
    (folder / name).write_text(front_matter + TEXT.partition("\n")[2])


def marked(api, article="talks"):
    """Return position and entity of each mention."""
    paragraphs = api.get(f"/articles/{article}").json()["paragraphs"]
    return [
        (paragraph["position"], mention["entity"] and mention["entity"]["id"])
        for paragraph in paragraphs
        for mention in paragraph["mentions"]
    ]


def test_a_name_is_settled_in_one_paragraph(api, folder):
    write(folder, "entities: {Washington: {2: washington-state}}")
    outcome = api.seed(folder, rules="likely")

    assert outcome.findings == []
    assert marked(api) == [(1, "washington"), (2, "washington-state"), (3, "washington"), (3, "washington")]


def test_a_word_is_no_name_in_one_paragraph(api, folder):
    write(folder, "entities:\n  Washington:\n    3: null")
    api.seed(folder, rules="likely")

    assert marked(api) == [(1, "washington"), (2, "washington")]


def test_a_phrase_that_no_catalogue_has_is_settled_in_one_paragraph(api, folder):
    write(folder, "entities: {It rained in Washington: {2: george-washington}}")
    api.seed(folder, rules="likely")

    assert (2, "george-washington") in marked(api)


def test_decisions_stay_when_files_are_seeded_again(api, folder):
    write(folder, "entities: {Washington: {2: washington-state}}")
    api.seed(folder, rules="likely")
    before = marked(api)
    write(folder, "", "other.md")
    again = api.seed(folder, rules="likely")

    assert (again.added, again.unchanged, marked(api)) == (1, 1, before)


def test_a_name_that_the_paragraph_does_not_have_is_a_warning(api, folder):
    write(folder, "entities:\n  Kyiv: {2: washington}\n  Washington: {9: null}")
    outcome = api.seed(folder, rules="likely")

    assert sorted((finding.line, finding.severity, finding.message) for finding in outcome.findings) == [
        (4, "warning", "`entities` settles 'Kyiv' in paragraph 2, which does not have it"),
        (5, "warning", "`entities` settles 'Washington' in paragraph 9, which does not have it"),
    ]


@pytest.mark.parametrize(
    ("settled", "message"),
    [
        ("{Washington: {2: nobody}}", "`entities` settles 'Washington' as 'nobody', but there is no such entity"),
        ("{Washington: {second: null}}", "`entities.Washington.second` should be an entity's id, null, or an object"),
        ("{Washington: {-1: null}}", "`entities.Washington.-1` should be an entity's id, null, or an object"),
        ("{Washington: {2: [a]}}", "`entities.Washington.2` should be an entity's id, null, or an object"),
        ("{Washington: [a]}", "`entities.Washington` should be an entity's id, null, or an object"),
    ],
)
def test_a_wrong_paragraph_or_entity_is_a_fault(api, folder, settled, message):
    write(folder, f"entities: {settled}")
    with pytest.raises(BadFilesError) as error:
        api.seed(folder, rules="likely")

    assert error.value.findings[0].message.startswith(message)


def test_rules_leave_a_name_that_is_settled_in_its_paragraph(api, folder):
    (folder / "talks.md").write_text(
        "---\ntitle: T\nentities: {Angela Trellick: {2: null}}\n---\nAngela Trellick came.\n\nAngela Trellick went.\n"
    )
    api.seed(folder, rules="likely")

    assert [position for position, _ in marked(api)] == [1]


def test_a_folder_settles_names_of_all_its_articles(api, folder):
    (folder / "defaults.yaml").write_text("entities: {Washington: george-washington}\n")
    write(folder, "")
    (folder / "inner").mkdir()
    write(folder / "inner", "")
    outcome = api.seed(folder, rules="likely")

    assert outcome.findings == []
    assert {entity for _, entity in marked(api) + marked(api, "inner-talks")} == {"george-washington"}


def test_an_inner_folder_and_an_article_settle_names_besides(api, folder):
    (folder / "defaults.yaml").write_text("entities: {Washington: george-washington, It: washington}\n")
    (folder / "inner").mkdir()
    (folder / "inner" / "defaults.yaml").write_text("entities: {Washington: washington-state}\n")
    write(folder, "entities: {Washington: null}")
    write(folder / "inner", "")
    api.seed(folder, rules="likely")

    assert marked(api) == [(2, "washington")]
    assert {entity for _, entity in marked(api, "inner-talks")} == {"washington", "washington-state"}


def test_a_new_decision_of_a_folder_annotates_its_articles_again(api, folder):
    write(folder, "")
    api.seed(folder, rules="likely")
    (folder / "defaults.yaml").write_text("entities: {Washington: null}\n")
    outcome = api.seed(folder, rules="likely")

    assert (outcome.changed, marked(api)) == (1, [])


def test_an_unknown_entity_of_a_folder_is_a_fault_that_names_the_file(api, folder):
    (folder / "defaults.yaml").write_text("entities: {Washington: washingtn}\n")
    write(folder, "")
    with pytest.raises(BadFilesError) as error:
        api.seed(folder, rules="likely")

    assert [finding.message for finding in error.value.findings] == [
        "A defaults.yaml settles 'Washington' as 'washingtn', but there is no such entity; did you mean 'washington'?"
    ]
