"""The page of an entity: what it is, when and where it is named, and with whom."""

from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from app.web.companion_graph import WIDTH, Companions, draw_graph
from tests.conftest import Api


def test_page_shows_names_description_and_counts(seeded: Api) -> None:
    entity = seeded.json("/entities/minsk")
    header = fromstring(seeded.get("/entities/minsk.html").text).find(".//main//header")
    text = header.text_content()

    assert header.find(".//h1").text_content() == "Minsk"
    assert all(name in text for name in (entity["description"], *entity["aliases"]))
    assert f"{entity['count']} article, {entity['mentions']} mentions, 18 December 2025" in text
    assert header.xpath("//a[text()='Wikidata']/@href") == [f"https://www.wikidata.org/wiki/{entity['wikidata']}"]


def test_companions_are_those_of_the_same_paragraphs(seeded: Api) -> None:
    page = fromstring(seeded.get("/entities/united-states.html").text)
    rows = page.xpath('//section[@class="companions"]//tbody/tr')
    items = seeded.json("/entities?entity=united-states&within=paragraph&limit=12")["items"]

    assert [(row.xpath("string(th//bdi)"), int(row.xpath("string(td[2])"))) for row in rows] == [
        (item["name"], item["count"]) for item in items
    ]
    for row in rows[:3]:
        url = row.xpath("string(td[2]/a/@href)")
        assert seeded.json(url.replace(".html", ""))["total"] == int(row.xpath("string(td[2])"))


def test_picture_has_every_companion_and_is_hidden_from_who_hears_the_table(seeded: Api) -> None:
    page = fromstring(seeded.get("/entities/united-states.html").text)
    (picture,) = page.xpath('//*[local-name()="svg" and @class="graph"]')
    names = page.xpath('//section[@class="companions"]//tbody/tr/th//bdi/text()')

    assert picture.get("aria-hidden") == "true"
    assert sorted(picture.xpath('.//*[local-name()="text"]/text()')) == sorted(names)
    assert {link.get("tabindex") for link in picture.xpath(".//a")} == {"-1"}


def test_wikidata_id_redirects_to_the_page(seeded: Api) -> None:
    answer = seeded.get("/entities/Q2280.html")

    assert (answer.status_code, answer.headers["location"]) == (308, "/entities/minsk.html")


def make_companion(id: int, count: int, name: str) -> dict[str, Any]:
    return {"id": str(id), "name": name, "count": count, "type": "person"}


@given(
    companions=st.lists(st.tuples(st.integers(1, 1_000), st.text(max_size=40)), max_size=12).map(
        lambda rows: [make_companion(number, *row) for number, row in enumerate(rows)]
    ),
    data=st.data(),
)
def test_picture_fits_and_no_names_overlap(companions: list[dict[str, Any]], data: st.DataObject) -> None:
    pairs = [frozenset((a["id"], b["id"])) for a, b in combinations(companions, 2)]
    counts = data.draw(st.dictionaries(st.sampled_from(pairs), st.integers(1, 9))) if pairs else {}
    graph = draw_graph(Companions(companions, len(companions), counts))

    assert sorted(node.entity["id"] for node in graph.nodes) == sorted(each["id"] for each in companions)
    assert len(graph.edges) == len(counts)
    for node in graph.nodes:
        assert node.radius <= node.x <= WIDTH - node.radius
        assert node.radius <= node.y <= graph.height - node.radius
    for first, second in combinations(graph.nodes, 2):
        assert first.anchor != second.anchor or abs(first.y - second.y) > 20


def test_graph_of_entities_is_no_entity(seeded: Api) -> None:
    page = seeded.get("/entities/graph.html", headers={"Accept": "text/html"})

    assert page.status_code == 404
    assert "There is nothing at" in page.text
