"""Origin, confidence, role and so on say which mentions the filters by entity and type consider, on all lists."""

from itertools import groupby
from operator import itemgetter

import pytest

from tests.conftest import Api, write_documents
from tests.support.documents import document, mentioning, place, write_entities
from tests.support.problems import refused

TEXT = "They saw Angela Trellick in Minsk. Minsk met Boris Oldfield, and Angela Trellick."
DOCUMENTS = [
    {"id": "rules", "title": "Angela Trellick", "text": TEXT, "language": "en"},
    {"id": "catalogue", "title": "Minsk, seen from Moscow", "text": "Nothing.", "language": "en"},
    document(
        "given",
        TEXT,
        mentions=[
            {"start": 28, "end": 33, "entity": "minsk", "type": "place", "confidence": 0.5},
            {"start": 35, "end": 40, "type": "other", "confidence": 0.29},
        ],
        language="en",
    ),
    {"id": "none", "title": "Nothing", "text": "nothing at all.", "language": "en"},
]


@pytest.fixture(scope="module")
def marked(fresh, tmp_path_factory):
    """A corpus with mentions of all origins: given ones, the catalogue's, and the rules', whose entities are local."""
    folder = tmp_path_factory.mktemp("marked")
    api = Api(fresh(folder / "data"))
    api.seed(write_documents(folder / "seeds", DOCUMENTS, builtin=True), rules="likely")
    yield api
    api.close()


def list_mentions(api):
    """Return what filters know of each mention, with its article and paragraph."""
    return [
        {
            "article": article["id"],
            "position": paragraph["position"],
            "role": paragraph["role"],
            "start": mention["start"],
            "id": mention["entity"] and mention["entity"]["id"],
            "type": mention["type"],
            "local": next((each["local"] for each in article["entities"] if each["id"] == id_of(mention)), None),
            "origin": mention["origin"],
            "confidence": 1 if mention["confidence"] is None else mention["confidence"],
        }
        for article in api.walk("/articles", include="paragraphs", limit=100)
        for paragraph in article["paragraphs"]
        for mention in paragraph["mentions"]
    ]


def id_of(mention):
    return mention["entity"] and mention["entity"]["id"]


CONDITIONS = [
    ({"origin": "rules"}, lambda mention: mention["origin"] == "rules"),
    ({"origin": ["given", "rules"]}, lambda mention: mention["origin"] != "catalogue"),
    ({"entity_in": "title"}, lambda mention: mention["role"] == "title"),
    ({"min_confidence": 0}, lambda mention: True),
    ({"min_confidence": 0.29}, lambda mention: mention["confidence"] >= 0.29),
    ({"min_confidence": 0.3}, lambda mention: mention["confidence"] >= 0.3),
    ({"min_confidence": 0.51, "origin": "given"}, lambda mention: False),
    ({"local": "true"}, lambda mention: mention["local"] is True),
    ({"local": "false"}, lambda mention: mention["local"] is False),
    ({"local": "true", "entity_in": "title"}, lambda mention: mention["local"] and mention["role"] == "title"),
]
NAMED = [
    ({}, lambda mention: True),
    ({"entity": "minsk"}, lambda mention: mention["id"] == "minsk"),
    ({"entity_name": "ANGELA trellick"}, lambda mention: mention["id"] == "angela-trellick"),
    ({"entity_type_any": ["person", "other"]}, lambda mention: mention["type"] in ("person", "other")),
]


def test_corpus_has_mentions_of_all_kinds(marked):
    mentions = list_mentions(marked)

    assert {mention["origin"] for mention in mentions} == {"given", "catalogue", "rules"}
    assert {mention["local"] for mention in mentions} == {True, False, None}


@pytest.mark.parametrize(("named", "is_named"), NAMED)
@pytest.mark.parametrize(("conditions", "meets"), CONDITIONS)
def test_what_filters_name_is_mentioned_in_this_way(marked, conditions, meets, named, is_named):
    matching = [mention for mention in list_mentions(marked) if meets(mention) and is_named(mention)]
    articles = marked.walk("/articles", **conditions, **named)
    paragraphs = marked.walk("/paragraphs", **conditions, **named)
    within = marked.walk("/articles", **conditions, **named, within="paragraph")

    assert {article["id"] for article in articles} == {mention["article"] for mention in matching}
    assert {article["id"] for article in within} == {mention["article"] for mention in matching}
    assert {(each["article"]["id"], each["position"]) for each in paragraphs} == {
        (mention["article"], mention["position"]) for mention in matching
    }


@pytest.mark.parametrize(("conditions", "meets"), CONDITIONS)
def test_mentions_are_those_that_meet_the_conditions(marked, conditions, meets):
    page = marked.json("/mentions", **conditions, limit=100)
    places = itemgetter("article", "position", "start")

    assert sorted(map(places, page["items"])) == sorted(map(places, filter(meets, list_mentions(marked))))
    assert page["total"] == len(page["items"])


@pytest.mark.parametrize(("conditions", "meets"), CONDITIONS)
def test_exclusion_considers_the_same_mentions(marked, conditions, meets):
    mentioning_minsk = {each["article"] for each in list_mentions(marked) if meets(each) and each["id"] == "minsk"}
    left = {article["id"] for article in marked.walk("/articles", **conditions, entity_not="minsk")}

    assert left == {"rules", "catalogue", "given", "none"} - mentioning_minsk


@pytest.mark.parametrize("local", [True, False])
def test_entities_are_listed_if_they_are_local_or_not(marked, local):
    everything = marked.walk("/entities")
    listed = marked.walk("/entities", local=local)

    assert {entity["id"] for entity in listed} == {each["id"] for each in everything if each["local"] is local}
    assert 0 < len(listed) < len(everything)


@pytest.mark.parametrize(
    "conditions",
    [*(conditions for conditions, _ in CONDITIONS), {"min_mentions": 2}, {"min_mentions": 2, "origin": "rules"}],
)
@pytest.mark.parametrize("list_", ["articles", "paragraphs"])
@pytest.mark.parametrize("named", [(), ("minsk",)])
def test_entities_count_the_mentions_that_meet_the_conditions(marked, conditions, list_, named):
    known = [entity["id"] for entity in marked.walk("/entities") if entity["id"] not in named]
    counts = {id: marked.json(f"/{list_}", entity=[id, *named], **conditions)["total"] for id in known}
    within = list_.removesuffix("s")
    listed = marked.walk("/entities", **conditions, entity=named, within=within, limit=2)

    assert {entity["id"]: entity["count"] for entity in listed} == {id: count for id, count in counts.items() if count}
    assert [entity["count"] for entity in listed] == sorted((entity["count"] for entity in listed), reverse=True)


def test_mentions_say_whether_their_entity_is_local(marked):
    rows = marked.walk("/mentions")
    entities = {entity["id"]: entity for entity in marked.walk("/entities")}

    assert [(row["local"], row["wikidata"]) for row in rows if row["entity"]] == [
        (entities[row["entity"]]["local"], entities[row["entity"]]["wikidata"]) for row in rows if row["entity"]
    ]
    assert {row["local"] for row in rows if row["entity"] is None} == {None}


@pytest.mark.parametrize("least", [1, 2, 5, 1000])
@pytest.mark.parametrize("within", ["article", "paragraph"])
def test_min_mentions_counts_the_mentions_of_one_entity(seeded, least, within):
    rows = sorted(
        (row["article"], row["position"] if within == "paragraph" else 0)
        for row in seeded.walk("/mentions?of=united-states&limit=100")
    )
    often = {article for (article, _), group in groupby(rows) if len([*group]) >= least}
    listed = seeded.walk("/articles", entity="Q30", min_mentions=least, within=within, limit=100)

    assert {article["id"] for article in listed} == often


def test_entity_name_selects_all_bearers_of_a_name(api, tmp_path):
    folder = write_documents(
        tmp_path / "seeds", [mentioning("a", "tbilisi"), mentioning("b", "atlanta"), mentioning("c", "minsk")]
    )
    write_entities(
        folder,
        place("Georgia", id="tbilisi"),
        place("State", id="atlanta", aliases=["GÉORGIA"]),
        place("Minsk", id="minsk"),
    )
    api.seed(folder)
    page = api.json("/articles", entity_name="georgia", sort="title")
    unknown = api.json("/articles", entity_name="Gorgia")

    assert [article["id"] for article in page["items"]] == ["a", "b"]
    assert api.json("/entities", entity_name="georgia")["total"] == 0
    assert api.json("/articles", entity_name=["georgia", "minsk"])["total"] == 0
    assert [api.json("/articles", entity_name="tbilisi", **more)["total"] for more in ({}, {"min_mentions": 1})] == [
        0,
        0,
    ]
    assert (unknown["total"], unknown["warnings"][0]["message"]) == (
        0,
        "No entity of the corpus has the name 'Gorgia'.",
    )
    assert "Georgia" in {suggestion["id"] for suggestion in unknown["warnings"][0]["did_you_mean"]}


def test_unknown_origin_is_warned_of(marked):
    [warning] = marked.json("/articles", origin="catalog")["warnings"]

    assert warning["message"] == "Nothing in the corpus has the origin 'catalog'."


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("min_confidence", "0.855", "`min_confidence` goes in steps of 0.01; round it."),
        ("min_confidence", "2", "`min_confidence` may be at most 1."),
        ("min_mentions", "0", "`min_mentions` must be at least 1."),
        ("min_mentions", "9" * 5000, "`min_mentions` may be at most 1,000."),
        ("local", "maybe", "`local` is `true` or `false`."),
        ("entity_in", "headline", "did you mean `title`?"),
    ],
)
def test_invalid_conditions_are_refused_with_the_way_out(marked, parameter, value, message):
    assert message in refused(marked.get("/articles", params={parameter: value}), parameter)


def test_an_entity_that_a_catalogue_claims_is_not_local_any_more(api, tmp_path):
    folder = write_documents(tmp_path / "seeds", DOCUMENTS[:1])
    api.seed(folder, rules="likely")
    before = api.json("/articles", entity="angela-trellick", local="true")["total"]
    write_entities(folder, {"id": "angela-trellick", "name": "Angela Trellick", "type": "person", "wikidata": "Q1"})
    api.seed(folder, rules="likely")
    [claimed] = api.json("/articles/rules?fields=entities")["entities"][:1]

    assert before == 1
    assert api.json("/articles", entity="angela-trellick", local="true")["total"] == 0
    assert api.json("/articles", entity="angela-trellick", local="false")["total"] == 1
    assert (claimed["id"], claimed["wikidata"], claimed["local"]) == ("angela-trellick", "Q1", False)
