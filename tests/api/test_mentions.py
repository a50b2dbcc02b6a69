"""Mentions are rows: those of the paragraphs that the filters select, in their order, page by page."""

import csv
import io

import pytest

from app.api.lists import concordance, mention_pages
from app.search.paging import Pager
from app.text import fold_name
from tests.conftest import write_documents
from tests.support.documents import document, mentioning, place

COLUMNS = (
    "article",
    "title",
    "published_at",
    "position",
    "role",
    "start",
    "end",
    "exact",
    "type",
    "label",
    "origin",
    "confidence",
    "evidence",
)
OWN = ("start", "end", "exact", "type", "label", "origin", "confidence", "evidence")
"""The columns that a mention of a paragraph has itself."""


def rows_of(paragraphs):
    """Return the rows that the mentions of these paragraphs make."""
    return [
        {
            "article": paragraph["article"]["id"],
            "title": paragraph["article"]["title"],
            "published_at": paragraph["article"]["published_at"],
            "position": paragraph["position"],
            "role": paragraph["role"],
            "entity": mention["entity"] and mention["entity"]["id"],
            **{name: mention[name] for name in OWN},
        }
        for paragraph in paragraphs
        for mention in paragraph["mentions"]
    ]


def part(rows):
    return [{name: row[name] for name in (*COLUMNS, "entity")} for row in rows]


def walk_back(api, page):
    """Return the items from the first page to this one, following `previous`."""
    items = page["items"]
    while page["previous"]:
        page = api.json(page["previous"])
        items = page["items"] + items
    return items


FILTERS = [
    "",
    "q=missile",
    "entity=minsk",
    "within=article&entity=minsk",
    "tag=arms-control&q=talks",
    "entity_not=moscow",
]


@pytest.mark.parametrize("question", FILTERS)
@pytest.mark.parametrize("sort", ["-published", "published", "title"])
def test_mentions_are_those_of_the_selected_paragraphs_in_their_order(seeded, question, sort):
    expected = rows_of(seeded.walk(f"/paragraphs?{question}&sort={sort}&limit=100"))
    page = seeded.json(f"/mentions?{question}&sort={sort}&limit=100")

    assert part(seeded.walk(f"/mentions?{question}&sort={sort}&limit=100")) == expected
    assert page["total"] == len(expected)


@pytest.mark.parametrize(
    ("narrowed", "kept"),
    [
        ("type=person", lambda row: row["type"] == "person"),
        ("of=minsk&of=Q649", lambda row: row["entity"] in ("minsk", "moscow")),
        ("exact=Moscow", lambda row: row["exact"] == "Moscow"),
        ("origin=catalogue&type=place", lambda row: row["origin"] == "catalogue" and row["type"] == "place"),
        ("origin=given", lambda row: row["origin"] == "given"),
    ],
)
def test_narrowing_keeps_the_rows_that_fit(seeded, narrowed, kept):
    everything = part(seeded.walk("/mentions?limit=100&q=soviet"))
    narrow = part(seeded.walk(f"/mentions?limit=100&q=soviet&{narrowed}"))

    assert narrow == list(filter(kept, everything))
    assert seeded.json(f"/mentions?q=soviet&{narrowed}")["total"] == len(narrow)


def test_confidence_keeps_what_is_certain_enough(api, tmp_path):
    mentions = [
        {"start": start, "end": start + 1, "type": "person", **more}
        for start, more in enumerate([{"confidence": 0.2}, {"confidence": 0.8}, {}])
    ]
    api.seed(write_documents(tmp_path / "seeds", [document("a", "xyz") | {"mentions": mentions}]))

    assert [row["exact"] for row in api.json("/mentions?min_confidence=0.5")["items"]] == ["y", "z"]


@pytest.mark.parametrize("limit", [1, 3])
@pytest.mark.parametrize("scanned", [2_000, 1])
def test_pages_lead_forth_and_back_to_the_same_rows(seeded, monkeypatch, limit, scanned):
    monkeypatch.setattr(mention_pages, "SCANNED", scanned)
    monkeypatch.setattr(mention_pages, "PAGE_SIZES", (3, 1))
    url = f"/mentions?q=reactor&type=place&type=person&limit={limit}"
    whole = seeded.json("/mentions?q=reactor&type=place&type=person&limit=100")["items"]
    page = seeded.json(url)
    items, pages = page["items"], [page]
    while page["next"]:
        page = seeded.json(page["next"])
        items = items + page["items"]
        pages.append(page)

    assert len(whole) > 20
    assert items == whole
    assert walk_back(seeded, page) == whole
    assert {page["total"] for page in pages} == {len(whole)}


def test_many_paragraphs_without_the_words_end_a_page_early(seeded, monkeypatch):
    monkeypatch.setattr(mention_pages, "SCANNED", 50)
    monkeypatch.setattr(mention_pages, "READ_SIZE", 25)
    page = seeded.json("/mentions?exact=Pripyat&limit=100")
    pages = [page]
    while page["next"]:
        page = seeded.json(page["next"])
        pages.append(page)

    assert len(pages) > 3
    assert any(not page["items"] for page in pages)
    assert sum(len(page["items"]) for page in pages) == pages[0]["total"] > 0


def test_context_is_cut_between_words(api, tmp_path):
    text = "The long road led the delegation to Minsk before the talks began in earnest."
    mention = {"start": text.index("Minsk"), "end": text.index("Minsk") + 5, "type": "place"}
    api.seed(write_documents(tmp_path / "seeds", [document("a", text) | {"mentions": [mention]}]))
    [row] = api.json("/mentions?context=20")["items"]
    [whole] = api.json("/mentions?context=1000")["items"]
    [bare] = api.json("/mentions")["items"]

    assert (row["before"], row["after"]) == (" the delegation to ", " before the talks ")
    assert whole["before"] + whole["exact"] + whole["after"] == text
    assert "before" not in bare


def test_concordance_is_sorted_by_the_words_beside_the_mentions(seeded):
    right = seeded.walk("/mentions?of=united-states&sort=right&context=30&limit=25")
    left = seeded.walk("/mentions?of=united-states&sort=left&context=30&limit=25")
    unsorted = seeded.walk("/mentions?of=united-states&context=30&limit=100")
    after = [fold_name(row["after"]).split() for row in right]
    before = [fold_name(row["before"]).split()[::-1] for row in left]

    def key(row):
        return row["article"], row["position"], row["start"]

    assert len(right) > 50
    assert [words[:1] for words in after] == sorted(words[:1] for words in after)
    assert [words[:1] for words in before] == sorted(words[:1] for words in before)
    assert sorted(right, key=key) == sorted(left, key=key) == sorted(unsorted, key=key)


def test_mentions_are_sorted_once_for_all_pages_of_a_concordance(seeded, monkeypatch):
    sort_by_context, sorted_sides = concordance.sort_by_context, []

    def note_side(*arguments):
        sorted_sides.append(arguments[-1])
        return sort_by_context(*arguments)

    monkeypatch.setattr(concordance, "sort_by_context", note_side)
    monkeypatch.setattr(concordance, "MOST_ORDERS", 1)
    seeded.service.snapshot.mention_orders.clear()
    mentions = seeded.walk("/mentions?of=united-states&sort=left&limit=25")
    seeded.json("/mentions?of=united-states&sort=right")

    assert len(mentions) > 50
    assert sorted_sides == ["left", "right"]
    assert len(seeded.service.snapshot.mention_orders) == 1


def test_too_many_mentions_to_sort_are_refused_with_the_way_out(seeded, monkeypatch):
    monkeypatch.setattr(concordance, "MOST_SORTED", 10)
    answer = seeded.get("/mentions?sort=left")

    assert answer.status_code == 422
    assert "narrow" in answer.json()["detail"]


def test_total_is_null_where_it_takes_too_long(seeded, monkeypatch):
    monkeypatch.setattr(mention_pages, "COUNTED", 3)

    assert seeded.json("/mentions?q=reactor&exact=Chernobyl")["total"] is None
    assert seeded.json("/mentions?q=reactor&exact=Chernobyl")["paragraphs"] > 3


@pytest.mark.parametrize("question", [*FILTERS, "entity=minsk&min_mentions=2", "source=nobody"])
@pytest.mark.parametrize(
    "narrowed",
    [
        "",
        "type=person",
        "type=person&type=place",
        "of=Q649&of=moscow&of=minsk",
        "origin=catalogue",
        "origin=rules&type=person&type=place",
        "origin=catalogue&of=moscow&of=minsk",
        "min_confidence=0.8&local=true",
        "local=false&entity_in=title",
    ],
)
def test_total_is_exact_without_reading_a_paragraph(seeded, monkeypatch, question, narrowed):
    monkeypatch.setattr(mention_pages, "COUNTED", -1)

    assert seeded.json(f"/mentions?{question}&{narrowed}")["total"] == len(
        seeded.walk(f"/mentions?{question}&{narrowed}&limit=100")
    )


@pytest.mark.parametrize("narrowed", ["", "exact=Moscow", "sort=title&context=20", "sort=published&limit=7"])
def test_list_of_all_mentions_is_that_of_all_types(seeded, narrowed):
    question = f"/mentions?facet=tag&facet=entity&{narrowed}"
    types = "&".join(
        f"type={value['value']}"
        for value in seeded.json("/articles?facet=entity_type")["facets"]["entity_type"]["values"]
    )
    lists = seeded.json(question), seeded.json(question), seeded.json(f"{question}&{types}")
    shown = [{key: page[key] for key in ("items", "total", "paragraphs", "facets")} for page in lists]

    assert shown[0] == shown[1] == shown[2]
    assert len(shown[0]["items"]) > 5


def test_list_of_all_mentions_is_searched_for_once_a_revision(seeded, monkeypatch):
    url = "/mentions?facet=tag&facet=source&limit=20"
    first = seeded.json(url)
    monkeypatch.setattr(Pager, "page", None)

    assert seeded.json(f"{url}&context=10")["total"] == first["total"]
    assert seeded.json(f"{url}&context=20")["facets"] == first["facets"]


@pytest.mark.parametrize("name", ['"Kyiv"', "Ky\\iv", "Київ\u2028😀", "Ky/iv\t&<é>"])
def test_words_of_every_script_and_sign_are_looked_for(api, tmp_path, name):
    api.seed(write_documents(tmp_path / "seeds", [mentioning("a", place(name), place("Minsk"))]))

    assert [row["exact"] for row in api.json("/mentions", exact=name)["items"]] == [name]


def test_each_of_equal_mentions_counts(api, tmp_path, monkeypatch):
    minsk, kyiv = place("Minsk"), place("Kyiv")
    api.seed(write_documents(tmp_path / "seeds", [mentioning("a", minsk, minsk, kyiv, minsk), mentioning("b", minsk)]))
    monkeypatch.setattr(mention_pages, "COUNTED", -1)
    totals = [api.json(f"/mentions?origin={origin}&type=place")["total"] for origin in ("given", "catalogue")]

    assert totals == [5, 0]


def test_offset_unit_changes_the_offsets(api, tmp_path):
    api.seed(write_documents(tmp_path / "seeds", [mentioning("a", place("😀 Minsk"), place("Kyiv"))]))
    page = api.json("/mentions?offset_unit=utf16&context=10")

    assert [(row["start"], row["end"]) for row in page["items"]] == [(0, 8), (9, 13)]
    assert (page["offset_unit"], page["items"][1]["before"]) == ("utf16", "😀 Minsk ")


def test_facets_count_the_paragraphs_with_such_mentions(seeded):
    page = seeded.json("/mentions?type=person&facet=entity_type&facet=tag&tag_any=arms-control")
    [persons] = [each for each in page["facets"]["entity_type"]["values"] if each["value"] == "person"]
    tags = {each["value"]: each for each in page["facets"]["tag"]["values"]}

    assert persons["count"] == page["paragraphs"]
    assert tags["arms-control"]["selected"]
    assert len(tags) > 3


def test_unknown_entity_gives_an_empty_list_and_a_warning(seeded):
    page = seeded.json("/mentions?of=minks")
    [warning] = page["warnings"]

    assert (page["items"], page["total"]) == ([], 0)
    assert (warning["parameter"], warning["did_you_mean"][0]["id"]) == ("of", "minsk")


@pytest.mark.parametrize("question", ["type=person&context=60", "of=minsk&sort=title", "q=treaty&within=article"])
def test_csv_has_the_rows_of_the_list(seeded, question):
    listed = seeded.walk(f"/mentions?{question}&limit=100")
    text = seeded.get(f"/mentions.csv?{question}").text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert [(row["article"], int(row["start"]), row["exact"], row["entity"]) for row in rows] == [
        (row["article"], row["start"], row["exact"], row["entity"] or "") for row in listed
    ]
    assert set(rows[0]) == set(listed[0])


def test_cursor_of_another_question_is_refused(seeded):
    cursor = seeded.json("/mentions?q=reactor&limit=1")["next"].partition("cursor=")[2]

    assert seeded.get(f"/mentions?q=bomb&limit=1&cursor={cursor}").status_code == 422
