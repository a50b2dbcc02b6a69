"""The graph of entities: nodes and edges are what lists count, in JSON, GraphML and GEXF alike."""

import io
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.export.graphs import GRAPH_FORMATS
from app.seeding.seed import BadFilesError
from tests.conftest import write_documents
from tests.support import oracle, strategies
from tests.support.catalogue import write_catalogued
from tests.support.documents import mentioning, place, write_entities
from tests.support.problems import problem, refused

READERS = {
    "graphml": lambda content: nx.read_graphml(io.BytesIO(content)),
    "gexf": lambda content: nx.read_gexf(io.BytesIO(content), version="1.3"),
}


@settings(max_examples=8)
@given(corpus=strategies.corpora, questions=st.lists(strategies.questions, min_size=4, max_size=4))
def test_edges_count_what_the_oracle_selects(api, tmp_path, corpus, questions):
    api.seed(write_catalogued(tmp_path / "seeds", corpus), only=True)
    for question in questions:
        asked = question | ({"q": question["q"].text} if "q" in question else {})
        graph = api.json("/entities/graph", **asked)
        units = oracle.units(corpus, question.get("within", "paragraph"))
        chosen = [unit for unit in units if oracle.holds(unit, question)]
        nodes = [] if question.get("local") == "true" else oracle.counted(chosen, "entity")
        counts = {
            (first, second): count
            for (first, _), (second, _) in combinations(nodes, 2)
            if (count := sum({first, second} <= unit.values("entity") for unit in chosen))
        }

        assert [(node["id"], node["count"]) for node in graph["nodes"]] == nodes
        assert {(edge["source"], edge["target"]): edge["count"] for edge in graph["edges"]} == counts
        assert (graph["selected"], graph["entities"]) == (len(chosen), len(nodes))


@pytest.mark.parametrize("within", ["article", "paragraph"])
def test_edges_are_totals_of_lists_with_both_entities(seeded, within):
    graph = seeded.json("/entities/graph", q="treaty", within=within, limit=5)
    sizes = [node["count"] for node in graph["nodes"]]

    assert len(graph["nodes"]) == 5 < graph["entities"]
    assert sizes == sorted(sizes, reverse=True)
    for edge in graph["edges"]:
        both = {"q": "treaty", "entity": [edge["source"], edge["target"]], "within": within}
        assert seeded.json("/articles" if within == "article" else "/paragraphs", **both)["total"] == edge["count"]


def test_association_is_that_of_the_list_of_entities(seeded):
    graph, id = seeded.json("/entities/graph", limit=200), "united-states"
    companions = {each["id"]: each for each in seeded.walk("/entities", entity=id, within="paragraph", limit=100)}
    edges = [edge for edge in graph["edges"] if id in (edge["source"], edge["target"])]

    assert len(edges) > 5
    for edge in edges:
        [other] = {edge["source"], edge["target"]} - {id}
        assert edge["association"] == companions[other]["association"]


def test_min_count_type_and_limit_narrow_the_graph(seeded):
    whole = seeded.json("/entities/graph", limit=200)
    narrowed = seeded.json("/entities/graph", limit=200, min_count=3, type="place")
    places = {node["id"] for node in whole["nodes"] if node["type"] == "place"}

    assert {node["type"] for node in narrowed["nodes"]} == {"place"}
    assert places <= {node["id"] for node in narrowed["nodes"]}
    assert 0 < min(edge["count"] for edge in narrowed["edges"]) >= 3
    assert len(seeded.json("/entities/graph", limit=1)["edges"]) == 0


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("question", ["", "?within=article&type=person&limit=200", "?q=xyzzy"])
def test_files_hold_the_same_graph(seeded, suffix, question):
    answer = seeded.get(f"/entities/graph.{suffix}{question}")
    expected = seeded.json(f"/entities/graph{question}")
    graph = READERS[suffix](answer.content)
    nodes = {node["id"]: node for node in expected["nodes"]}

    assert answer.headers["content-type"] == GRAPH_FORMATS[suffix].media_type
    assert answer.headers["content-disposition"] == f"attachment; filename=graph-r1.{suffix}"
    assert {*graph.nodes} == nodes.keys()
    for id, node in graph.nodes(data=True):
        for name in ("name", "type", "wikidata", "local", "count", "association"):
            assert node.get(name) == nodes[id][name]
    edges = {frozenset(edge[:2]): edge[2] for edge in graph.edges(data=True)}
    assert edges.keys() == {frozenset((edge["source"], edge["target"])) for edge in expected["edges"]}
    for edge in expected["edges"]:
        written = edges[frozenset((edge["source"], edge["target"]))]
        assert (written["weight"], written["association"]) == (edge["count"], edge["association"])


@pytest.mark.parametrize(
    "question", [{}, {"q": "treaty"}, {"entity": "minsk"}, {"tag": "summits", "within": "article"}]
)
def test_nodes_are_associated_with_the_selection_as_in_the_list_of_entities(seeded, question):
    graph = seeded.json("/entities/graph", limit=50, **question)
    listed = seeded.walk("/entities", **{"within": "paragraph", "limit": 100} | question)
    associations = {entity["id"]: entity["association"] for entity in listed}
    nodes = {node["id"]: node["association"] for node in graph["nodes"] if node["id"] != question.get("entity")}

    assert len(nodes) > 3
    assert nodes == {id: associations[id] for id in nodes}


def test_names_with_special_characters_survive(api, tmp_path):
    name = 'A "quoted" <name> & Ж😀'
    folder = write_documents(tmp_path / "seeds", [mentioning("a", place(name), place("B"))])
    api.seed(folder)

    for suffix, read in READERS.items():
        graph = read(api.get(f"/entities/graph.{suffix}").content)
        assert name in {node["name"] for _, node in graph.nodes(data=True)}
        assert graph.number_of_edges() == 1


def test_unknown_format_and_too_large_graphs_are_refused(seeded):
    assert ".graphml, .gexf" in problem(seeded.get("/entities/graph.dot"), 404)["detail"]
    assert "at most 200" in refused(seeded.get("/entities/graph?limit=201"), "limit")


def test_unknown_values_are_warned_of(seeded):
    graph = seeded.json("/entities/graph?entity=minks")

    assert (graph["nodes"], graph["edges"]) == ([], [])
    assert graph["warnings"][0]["did_you_mean"][0]["id"] == "minsk"


def test_an_entity_of_the_name_graph_has_another_id(api, tmp_path):
    folder = write_documents(tmp_path / "seeds", [mentioning("a", place("Graph"))])
    api.seed(folder)

    assert [entity["url"] for entity in api.json("/entities")["items"]] == ["/entities/graph-place"]
    assert api.json("/entities/graph-place")["name"] == "Graph"


def test_a_catalogue_may_not_use_the_id_graph(api, tmp_path):
    folder = write_documents(tmp_path / "seeds", [mentioning("a", "minsk")])
    write_entities(folder, place("Minsk", id="minsk"), place("Graph", id="graph"))

    with pytest.raises(BadFilesError) as refusal:
        api.seed(folder)

    assert "'graph' is not fit for an id: /entities/graph is taken" in str(refusal.value.findings)
