"""`articles seed --diff`: what a run changed, for people and for programs."""

import json

import pytest

from tests.support.documents import mentioning, place, write_entities


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    write_entities(folder)
    for id, names in {"a": ["Minsk", "Riga"], "b": ["Minsk"]}.items():
        (folder / f"{id}.json").write_text(json.dumps(mentioning(id, *map(place, names))))
    return folder


@pytest.fixture
def seed(commands, folder, tmp_path):
    """Run `articles seed` over the folder."""
    return lambda *options: commands.run("seed", folder, *options, data=tmp_path / "data")


def test_diff_lists_what_came_changed_and_went(seed, folder):
    seed()
    (folder / "a.json").write_text(json.dumps(mentioning("a", place("Minsk"), place("Kyiv"))))
    (folder / "b.json").unlink()
    write_entities(folder, {"id": "minsk", "name": "Minsk", "type": "place", "description": "A city."})
    ended = seed("--prune", "--diff")
    summary = ended.out.splitlines().index("0 added, 1 changed, 0 unchanged, 1 removed, 0 warnings.")

    assert ended.out.splitlines()[summary + 1 :] == [
        "Articles: 0 added, 1 changed, 1 removed.",
        "  ~ a",
        "  - b",
        "Entities: 1 added, 1 changed, 1 removed.",
        "  + kyiv",
        "  ~ minsk",
        "  - riga",
        "Mentions: 3 before, 2 now.",
        "  kyiv: 0 mentions in 0 articles before, 1 mention in 1 article now",
        "  minsk: 2 mentions in 2 articles before, 1 mention in 1 article now",
        "  riga: 1 mention in 1 article before, 0 mentions in 0 articles now",
    ]


def test_diff_in_json_is_all_of_standard_output(seed):
    changes, unchanged = (json.loads(seed("--diff", "--json").out) for _ in range(2))

    assert changes["articles"]["added"] == {"count": 2, "ids": ["a", "b"]}
    assert changes["mentions"]["entities"][0] == {
        "id": "minsk",
        "before": {"mentions": 0, "articles": 0},
        "after": {"mentions": 2, "articles": 2},
    }
    assert unchanged["articles"]["added"] == unchanged["articles"]["changed"] == {"count": 0, "ids": []}
    assert unchanged["mentions"] == {"before": 3, "after": 3, "entities": []}
