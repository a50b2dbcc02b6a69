"""The front door: a page for a browser, the list of addresses for everybody else."""

import re

import pytest

from app.api.docs.examples import QUESTIONS
from app.settings import Settings
from tests.conftest import Api

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def test_browser_gets_a_home_page_without_the_reader(seeded: Api) -> None:
    api = Api(Settings(data=seeded.settings.data, reader=False))
    answer = api.get("/", headers={"Accept": CHROME})
    api.close()
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', answer.text)]

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert {f"/{question}" for question in QUESTIONS} < set(links)
    assert all(seeded.get(link).status_code == 200 for link in links)
    assert "http" not in answer.text


@pytest.mark.parametrize("accept", ["*/*", "application/json", "", "text/csv"])
def test_other_clients_get_the_list_of_endpoints(seeded: Api, accept: str) -> None:
    answer = seeded.get("/", headers={"Accept": accept})

    assert answer.headers["content-type"] == "application/json"
    assert [seeded.get(path).status_code for path in answer.json().values()] == [200] * 8


@pytest.mark.parametrize("accept", [CHROME, "*/*"])
def test_home_varies_by_accept(seeded: Api, accept: str) -> None:
    assert seeded.get("/", headers={"Accept": accept}).headers["vary"] == "Accept, Accept-Encoding"
