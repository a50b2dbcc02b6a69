"""A new user's way: a folder of articles that nobody annotated, a person whom no catalogue has, and a correction."""

import pytest
import yaml
from typer.testing import CliRunner

from app.cli.commands import app
from tests.conftest import write_documents
from tests.support.corpora import FOLDER, convert_article, read_corpus

NAME = "Steve Jobs"


@pytest.fixture
def folder(tmp_path):
    """The articles of MEANTIME without their mentions."""
    if not FOLDER.is_dir():
        pytest.skip(f"there are no corpora at {FOLDER}")
    documents = [convert_article(article) | {"mentions": None} for article in read_corpus("meantime")]
    return write_documents(tmp_path / "articles", documents, builtin=True)


def draft(folder):
    """Return the entries that `articles names` drafts."""
    return yaml.safe_load(CliRunner().invoke(app, ["names", str(folder)]).output)


def test_a_person_whom_no_catalogue_has_is_found_then_corrected_and_the_old_id_still_leads_to_him(api, folder):
    api.seed(folder, rules="likely")
    page = api.get("/articles", params={"q": f'"{NAME}"'}).json()
    (listed,) = api.get("/entities", params={"name_prefix": NAME}).json()["items"]
    by_entity = api.get("/articles", params={"entity": listed["id"]}).json()
    (entry,) = [entry for entry in draft(folder) if entry["name"] == NAME]

    assert page["total"] >= by_entity["total"] > 5
    assert (listed["id"], listed["type"], listed["local"]) == ("steve-jobs", "person", True)

    corrected = {**entry, "id": "jobs", "description": "Founder of Apple", "aliases": ["Steven Paul Jobs"]}
    (folder / "entities.yaml").write_text(yaml.safe_dump([corrected]))
    api.seed(folder, rules="likely")
    moved = api.get("/entities/steve-jobs", follow_redirects=False)
    jobs = api.get("/entities/jobs").json()
    mentions = api.get("/mentions", params={"entity": "jobs", "limit": 100}).json()["items"]

    assert (moved.status_code, moved.headers["location"]) == (308, "/entities/jobs")
    assert (jobs["local"], jobs["description"], jobs["count"]) == (False, "Founder of Apple", page["total"])
    assert {mention["origin"] for mention in mentions if mention["exact"] == NAME} == {"catalogue"}
    assert NAME not in {entry["name"] for entry in draft(folder)}
