"""Annotators of other packages: they are found by entry point, and checked like mentions of documents."""

import pytest

from app.seeding.annotators.plugins import GROUP

HASHTAGS = """
import re


def annotate(article):
    for number, paragraph in enumerate(article["paragraphs"]):
        for match in re.finditer(r"#\\w+", paragraph["text"]):
            yield {"paragraph": number, "start": match.start(), "end": match.end(), "type": "other", "confidence": 0.9}
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs a package with one annotator, as pip lays it out."""
    site = tmp_path / "site-packages"
    monkeypatch.syspath_prepend(str(site))

    def install(code: str, name: str = "hashtags", version: str = "1.0", function: str = "annotate") -> None:
        module = f"plugin_{abs(hash((tmp_path, name, code)))}"
        information = site / f"{name}.dist-info"
        information.mkdir(parents=True, exist_ok=True)
        (site / f"{module}.py").write_text(code)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-plugin\nVersion: {version}\n")
        (information / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {module}:{function}\n")

    return install


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "talks.txt").write_text("Talks\n\nAngela Trellick met Vladimir Putin. #peace\n")
    return folder


def returning(mention: str) -> str:
    return f"def annotate(article):\n    return [{mention}]\n"


def mentions(api, query=""):
    return [
        (item["exact"], item["origin"], item["confidence"])
        for item in map(dict, api.get(f"/articles/talks{query}").json()["paragraphs"][1]["mentions"])
    ]


def test_an_installed_annotator_marks_articles(api, folder, install):
    install(HASHTAGS)
    outcome = api.seed(folder, rules="likely")

    assert outcome.findings == []
    assert ("#peace", "hashtags", 0.9) in mentions(api)
    assert [item["exact"] for item in api.get("/mentions?origin=hashtags").json()["items"]] == ["#peace"]


def test_articles_are_annotated_again_when_an_annotator_is_installed_upgraded_or_removed(api, folder, install):
    api.seed(folder, rules="likely")
    install(HASHTAGS)
    installed = api.seed(folder, rules="likely")
    install(HASHTAGS.replace("0.9", "0.8"), version="2.0")
    upgraded = api.seed(folder, rules="likely")
    again = api.seed(folder, rules="likely")

    assert (installed.changed, upgraded.changed, again.changed) == (1, 1, 0)
    assert ("#peace", "hashtags", 0.8) in mentions(api)


def test_an_annotator_sees_the_marks_of_the_catalogue_but_not_of_rules(api, folder, install):
    code = """
def annotate(article):
    assert article["title"] == "Talks" and article["language"] == "en"
    (mention,) = article["mentions"]
    assert (mention["entity"], mention["origin"]) == ("vladimir-putin", "catalogue")
    return [{"paragraph": 1, "start": 0, "end": 15, "type": "person", "entity": {"name": "A. T.", "type": "person"}}]
"""
    install(code, "people")
    outcome = api.seed(folder, rules="likely")

    assert outcome.findings == []
    assert mentions(api)[:2] == [("Angela Trellick", "people", None), ("Vladimir Putin", "catalogue", None)]
    assert api.get("/entities/a-t").json()["local"] is True


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def annotate(article):\n    raise LookupError('no such word')\n", "it failed, LookupError: no such word."),
        ("def annotate(article):\n    return 5\n", "it failed, TypeError"),
        ("import nothing_like_this\n", "it can't be loaded, ModuleNotFoundError"),
        ("", "it can't be loaded, AttributeError"),
        (returning("{'paragraph': 1, 'start': 0, 'end': 999, 'type': 'other'}"), "`mentions[0]` is outside its text"),
        (returning("{'paragraph': 7, 'start': 0, 'end': 5, 'type': 'other'}"), "`mentions[0]` is in paragraph 7"),
        (returning("{'paragraph': 1, 'start': 6, 'end': 5, 'type': 'other'}"), "`mentions[0]` starts at 6 and ends"),
        (returning("{'start': 0, 'end': 5, 'type': 'other'}"), "`mentions[0]` has no `paragraph`"),
        (returning("{'paragraph': 1, 'start': 0, 'end': 5}"), "`mentions[0]` has no `type`"),
        (returning("{'paragraph': 1, 'start': 0, 'end': 5, 'kind': 'x'}"), "`mentions[0].kind` is not a key"),
        (returning("(0, 5)"), "`mentions[0]`"),
        (
            returning("{'paragraph': 1, 'start': 0, 'end': 5, 'type': 'person', 'entity': 'nobody'}"),
            "it names the entity 'nobody', which the catalogue does not have.",
        ),
    ],
)
def test_a_failing_annotator_costs_its_marks_and_a_warning(api, folder, install, code, reason):
    install(code)
    outcome = api.seed(folder, rules="likely")

    (warning,) = outcome.findings
    assert (warning.severity, warning.file) == ("warning", str(folder / "talks.txt"))
    assert warning.message.startswith("The annotator 'hashtags' marked nothing here: ")
    assert reason in warning.message
    assert mentions(api) == [("Angela Trellick", "rules", 0.91), ("Vladimir Putin", "catalogue", None)]


@pytest.mark.parametrize("name", ["given", "catalogue", "rules", "model:own"])
def test_an_annotator_can_not_pass_for_another_origin(api, folder, install, name):
    install(HASHTAGS, name)
    outcome = api.seed(folder, rules="likely")

    assert f"can't be called '{name}'" in outcome.findings[0].message


def test_marks_that_equal_or_cross_others_are_left_out(api, folder, install):
    spans = [(20, 34), (16, 25), (16, 34), (29, 34), (0, 15), (7, 19), (0, 15)]
    install(f"def annotate(article):\n    return [dict(paragraph=1, start=a, end=b, type='x') for a, b in {spans}]\n")
    outcome = api.seed(folder, rules="likely")
    marked = [exact for exact, origin, _ in mentions(api) if origin == "hashtags"]

    assert outcome.findings == []
    assert marked == ["Angela Trellick", "met Vladimir Putin", "Putin"]
