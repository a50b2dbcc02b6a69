"""Derived ids: articles of a file with many articles may share a headline, and keep their ids from run to run."""

import json

import pytest

from tests.seeding.test_seed import counts

NO_CATALOGUE = {"entities.yaml": "builtin: false\n", "tags.yaml": "builtin: false\n"}


@pytest.fixture
def write(tmp_path):
    """Write JSON Lines files of articles, given as headline and text, and return their folder."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    for name, text in NO_CATALOGUE.items():
        (folder / name).write_text(text)

    def write_files(**files):
        for name, articles in files.items():
            lines = [json.dumps({"title": title, "text": text, "mentions": []}) for title, text in articles]
            (folder / f"{name}.jsonl").write_text("\n".join(lines))
        return folder

    return write_files


def leads(api):
    return {article["id"]: article["lead"] for article in api.walk("/articles")}


def test_equal_headlines_are_numbered_in_the_order_of_the_file(api, write):
    folder = write(a=[("Same", "One."), ("Other", "Two."), ("Same", "Three."), ("Same", "Four.")])
    outcome = api.seed(folder)

    assert outcome.findings == []
    assert leads(api) == {"same": "One.", "other": "Two.", "same-2": "Three.", "same-3": "Four."}


def test_a_second_run_keeps_all_numbers(api, write):
    folder = write(a=[("Same", "One."), ("Same", "Two.")], b=[("Same", "Three.")])
    api.seed(folder)
    first = leads(api)
    (folder / "a.jsonl").write_text((folder / "a.jsonl").read_text() + "\n")
    (folder / "b.jsonl").write_text((folder / "b.jsonl").read_text() + "\n")
    outcome = api.seed(folder)

    assert first == {"same": "One.", "same-2": "Two.", "same-3": "Three."}
    assert (counts(outcome), leads(api)) == ((0, 0, 3, 0), first)


@pytest.mark.parametrize("name", ["a", "z"])
def test_a_file_that_comes_later_takes_no_id_of_another_file(api, write, name):
    api.seed(write(m=[("Same", "One."), ("Same", "Two.")]))
    folder = write(**{name: [("Same", "Three.")]}, m=[("Same", "One, changed."), ("Same", "Two.")])
    api.seed(folder)

    assert leads(api) == {"same": "One, changed.", "same-2": "Two.", "same-3": "Three."}


def test_an_article_keeps_its_number_when_the_other_one_is_gone(api, write):
    folder = write(a=[("Same", "One.")], b=[("Same", "Two.")])
    api.seed(folder)
    (folder / "a.jsonl").unlink()
    write(b=[("Same", "Two, changed.")])
    api.seed(folder, prune=True)

    assert leads(api) == {"same-2": "Two, changed."}


def test_a_headline_that_ends_with_a_number_is_not_taken_for_a_numbered_one(api, write):
    api.seed(write(a=[("Top 2", "Ten.")]))
    api.seed(write(a=[("Top", "One."), ("Top", "Two."), ("Top 2", "Ten.")]))

    assert leads(api)["top-2"] == "Ten."


def test_a_renamed_file_keeps_its_numbers(api, write):
    folder = write(a=[("Same", "One."), ("Same", "Two.")])
    api.seed(folder)
    (folder / "a.jsonl").rename(folder / "b.jsonl")
    outcome = api.seed(folder, prune=True)

    assert (counts(outcome), leads(api)) == ((0, 0, 2, 0), {"same": "One.", "same-2": "Two."})


def test_long_headlines_are_numbered_within_the_longest_id(api, write):
    title = "a" * 200
    api.seed(write(a=[(title, "One."), (title, "Two.")]))

    assert sorted(leads(api)) == sorted([title, title[:198] + "-2"])
