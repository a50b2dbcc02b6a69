"""Pages of lists: they show what the API answers, and lead to it, to its exports and to narrower questions."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml.html import HtmlElement, fromstring

from app.api.lists import concordance
from app.models import EntityType, enumerate_values
from app.web import routes
from tests.conftest import Api, Fresh, write_documents

LISTS = [
    "/entities.html",
    "/entities.html?type=person&name_prefix=john&sort=name",
    "/entities.html?entity=united-states&within=paragraph&sort=-association",
    "/tags.html",
    "/tags.html?q=missile&sort=-association",
    "/paragraphs.html",
    "/paragraphs.html?entity=united-states&entity=soviet-union",
    "/paragraphs.html?q=missile",
    "/mentions.html",
    "/mentions.html?of=united-states&sort=left",
    "/mentions.html?of=united-states&origin=catalogue&exact=U.S.",
    "/timeline.html",
    "/timeline.html?entity=united-states&interval=month&published_from=1983&published_to=1990",
]

PAGES = [
    *LISTS,
    "/entities/united-states.html",
    "/entities/chernobyl.html",
    "/tags/nuclear-testing.html",
    "/compare.html",
    "/compare.html?entity=united-states&entity=soviet-union",
    "/corpus.html",
    "/help.html",
]


def read_page(api: Api, url: str) -> HtmlElement:
    page = api.get(url)
    assert page.status_code == 200, url
    return fromstring(page.text)


def links_of(page: HtmlElement) -> list[str]:
    return [link for link in page.xpath("//a/@href") if link.startswith("/")]


def parse_query(url: str) -> set[tuple[str, str]]:
    return {*parse_qsl(urlsplit(url).query)}


def shape(url: str) -> tuple[str, ...]:
    """Return what tells links apart: the path without its id, the suffix, and the names of the parameters."""
    parts = urlsplit(url)
    path = re.sub(r"^/(articles|entities|tags)/[^/.]+", r"/\1/id", parts.path)
    return path, *sorted(name for name, _ in parse_qsl(parts.query))


@pytest.fixture(scope="module")
def links(seeded: Api) -> dict[tuple[str, ...], tuple[str, str]]:
    """A link of each shape, and the page that it stands on."""
    return {shape(link): (link, url) for url in PAGES for link in links_of(read_page(seeded, url))}


def test_every_kind_of_link_leads_somewhere(seeded: Api, links: dict[tuple[str, ...], tuple[str, str]]) -> None:
    answers = {(link, page): seeded.get(link).status_code for link, page in links.values()}

    assert [link for link, status in answers.items() if status != 200] == []
    assert len(answers) > 60


PARTICULAR = [
    "/articles.html?sort=title",
    "/articles.html?sort=-word_count",
    "/articles.html?body=50",
    "/articles.html?has=caption&missing=source",
    "/tags.html?tag_id=treaties",
    "/paragraphs.html?markup=mentions",
    "/mentions.html?context=20",
    *(f"/{name}.html?q=treaty&match=any" for name in ("articles", "entities", "tags", "paragraphs", "mentions")),
    "/timeline.html?q=treaty&match=any",
    "/timeline.html?by=about",
    "/timeline.html?by=about&about_from=1945&about_to=1950&interval=month",
]
"""Questions with parameters that other lists lack, or that mean nothing without another one."""


@pytest.mark.parametrize("url", PARTICULAR)
def test_links_leave_out_parameters_that_mean_nothing_where_they_lead(seeded: Api, url: str) -> None:
    links = {shape(link): link for link in links_of(read_page(seeded, url))}
    answers = {link: seeded.get(link).status_code for link in links.values()}

    assert [link for link, status in answers.items() if status != 200] == []


@pytest.mark.parametrize("url", ["/timeline.html?match=any", "/timeline.html?q_in=title", "/timeline.html?sort=title"])
def test_timeline_refuses_what_the_api_refuses(seeded: Api, url: str) -> None:
    assert seeded.get(url).status_code == seeded.get(url.replace(".html", "")).status_code == 422


def test_periods_of_dates_in_texts_lead_to_the_articles_that_talk_about_them(seeded: Api) -> None:
    page = read_page(seeded, "/timeline.html?by=about&about_from=1945&about_to=1950")
    [counted] = page.xpath("//table[@class='wide']//tr[th/a[.='1945']]/td/a")

    assert parse_query(counted.get("href")) == {("about_from", "1945"), ("about_to", "1945")}
    assert f"{seeded.json('/articles?about_from=1945&about_to=1945')['total']:,}" == counted.text


@pytest.mark.parametrize("url", LISTS)
def test_list_links_to_its_json_and_its_exports(seeded: Api, url: str) -> None:
    links = read_page(seeded, url).xpath("//footer//a/@href")
    path = url.partition(".html")[0]

    assert {urlsplit(link).path for link in links} == {"/docs", path, f"{path}.csv", f"{path}.jsonl"}
    for link in links:
        assert link == "/docs" or parse_query(link) >= parse_query(url) - {("sort", "left")}
    for link in links:
        assert seeded.get(link).status_code == 200


@pytest.mark.parametrize("url", [url for url in LISTS if not url.startswith("/timeline")])
def test_list_has_the_total_of_the_api(seeded: Api, url: str) -> None:
    total = seeded.json(url.replace(".html", ""))["total"]

    assert read_page(seeded, url).find(".//h1").text_content().startswith(f"{total:,} ")


def test_names_of_the_page_are_those_of_the_api(seeded: Api) -> None:
    url = "/entities.html?entity=united-states&within=paragraph&sort=-association"
    rows = read_page(seeded, url).xpath("//table//tbody/tr")
    items = seeded.json(url.replace(".html", ""))["items"]

    assert [row.xpath("string(.//th//bdi)") for row in rows] == [item["name"] for item in items]
    assert [float(row.xpath("normalize-space(td[1])")) for row in rows] == [
        pytest.approx(item["association"], abs=0.006) for item in items
    ]


def test_types_are_those_of_the_question(seeded: Api) -> None:
    page = read_page(seeded, "/entities.html?tag=war&type=person")
    urls = page.xpath('//nav[@aria-label="Kinds of names"]/a/@href')[1:]
    types = enumerate_values(EntityType)

    assert {dict(parse_query(url))["type"] for url in urls} == {
        type for type in types if seeded.json(f"/entities?tag=war&type={type}")["total"]
    }


def test_pages_of_a_list_lead_forth_and_back(seeded: Api) -> None:
    first = read_page(seeded, "/entities.html?type=place")
    second = read_page(seeded, first.xpath('string(//a[@rel="next"]/@href)'))
    back = read_page(seeded, second.xpath('string(//a[@rel="prev"]/@href)'))

    assert second.xpath("//tbody//bdi/text()") != first.xpath("//tbody//bdi/text()")
    assert back.xpath("//tbody//bdi/text()") == first.xpath("//tbody//bdi/text()")


def test_form_keeps_the_other_filters(seeded: Api) -> None:
    form = next(
        form
        for form in read_page(seeded, "/entities.html?tag=treaties&type=person").forms
        if "name_prefix" in form.fields
    )

    assert form.action == "/entities.html"
    assert dict(form.fields) == {"tag": "treaties", "type": "person", "name_prefix": ""}


def test_filter_of_mentions_shows_the_name_and_can_be_removed(seeded: Api) -> None:
    (chosen,) = read_page(seeded, "/mentions.html?of=minsk").xpath('//ul[@class="chosen"]//a')

    assert chosen.text_content().startswith("Mentions of Minsk")
    assert chosen.get("href") == "/mentions.html"


def test_concordance_shows_each_mention_between_its_words(seeded: Api) -> None:
    lines = read_page(seeded, "/mentions.html?of=minsk").xpath('//p[@class="line"]')
    items = seeded.json("/mentions?of=minsk&context=50")["items"]

    assert [line.text_content() for line in lines] == [row["before"] + row["exact"] + row["after"] for row in items]
    assert [line.find(".//a").text for line in lines] == [row["exact"] for row in items]


def test_more_mentions_than_can_be_sorted_have_no_links_that_sort_them(api: Api, tmp_path: Path, monkeypatch) -> None:
    for module in (concordance, routes.mentions, routes.entity):
        monkeypatch.setattr(module, "MOST_SORTED", 13)
    text = f"{'Minsk. ' * 13}{'Kyiv. ' * 14}"
    api.seed(write_documents(tmp_path / "seeds", [{"id": "a", "title": "-", "text": text}], builtin=True))

    for id, status, count in (("minsk", 200, 2), ("kyiv", 422, 0)):
        for url in (f"/mentions.html?of={id}", f"/entities/{id}.html"):
            links = read_page(api, url).xpath("//a/@href")
            assert len([link for link in links if "sort=left" in link or "sort=right" in link]) == count, url
        assert api.get(f"/mentions.html?of={id}&sort=left").status_code == status


def test_words_of_a_question_are_marked_in_paragraphs(seeded: Api) -> None:
    marked = read_page(seeded, "/paragraphs.html?q=missile").xpath("//main//mark")

    assert len(marked) >= 20
    assert all(mark.text_content().lower().startswith("missile") for mark in marked)


@pytest.mark.parametrize(
    ("question", "interval"),
    [("", "year"), ("interval=month&published_from=1983&published_to=1987", "month"), ("published_to=1945", "day")],
)
def test_timeline_has_a_row_for_each_period_with_articles(seeded: Api, question: str, interval: str) -> None:
    page = read_page(seeded, f"/timeline.html?{question}")
    items = seeded.json("/timeline", **{**dict(parse_qsl(question)), "interval": interval})["items"]

    assert page.xpath('string(//nav[@aria-label="Interval"]/a[@aria-current])') == interval
    assert [int(row.xpath("string(td[2])")) for row in page.xpath('//table[@class="wide"]//tbody/tr')] == [
        item["count"] for item in items if item["count"]
    ]


def test_timeline_of_too_many_days_says_what_to_do(seeded: Api) -> None:
    page = read_page(seeded, "/timeline.html?interval=day")

    assert page.xpath('string(//nav[@aria-label="Interval"]/a[@aria-current])') == "year"
    assert "Choose a shorter time first" in page.xpath('string(//p[@class="warning"])')


@pytest.mark.parametrize(
    ("url", "status", "way_out"),
    [
        ("/entities/minskk.html", 404, 'href="/entities/minsk.html"'),
        ("/tags/treatie.html", 404, 'href="/tags/treaties.html"'),
        ("/entities.html?sort=-association", 422, 'href="/articles.html"'),
        ("/entities/minsk.html?q=a", 422, 'role="search"'),
        ("/timeline.html?interval=week", 422, 'role="search"'),
        ("/mentions.html?sort=left", 200, "Subjects"),
        ("/corpus.html?q=a", 422, 'role="search"'),
        ("/help.html?q=a", 422, 'role="search"'),
        ("/compare.html?q=a", 422, "<code>q</code>"),
        ("/compare.html?entity=minsk&entity=kyiv&entity=moscow", 422, "<code>entity</code>"),
        ("/entities.html?entity=minskk", 200, 'href="/entities.html?entity=minsk"'),
        ("/paragraphs.html?entity=minsk&q=zebra", 200, 'href="/articles.html?entity=minsk&amp;q=zebra"'),
        ("/entities.html?name_prefix=zzz", 200, 'href="/articles.html?q=zzz"'),
    ],
)
def test_wrong_or_empty_question_shows_the_way_out(seeded: Api, url: str, status: int, way_out: str) -> None:
    page = seeded.get(url)

    assert page.status_code == status
    assert way_out in page.text


@pytest.fixture
def prefixed(fresh: Fresh, tmp_path: Path) -> Iterator[Api]:
    """The application behind a proxy that shows it under `/news`, over one article."""
    names = ("Ann Smith", "Bob Jones")
    text = " met ".join(names)
    starts = {name: text.index(name) for name in names}
    mentions = [
        {"paragraph": 0, "start": start, "end": start + len(name), "entity": {"name": name, "type": "person"}}
        for name, start in starts.items()
    ]
    document = {"id": "a", "title": "Meeting", "tags": ["Talks"], "paragraphs": [text], "mentions": mentions}
    api = Api(fresh(tmp_path / "data", root_path="/news"))
    api.seed(write_documents(tmp_path / "seeds", [document]))
    yield api
    api.close()


def test_pages_link_below_the_prefix_of_a_proxy(prefixed: Api) -> None:
    entities = [item["id"] for item in prefixed.json("/entities")["items"]]
    paths = ["entities", "tags", "paragraphs", "mentions", "timeline", "corpus", "help", "tags/talks"]
    urls = [f"/{path}.html" for path in (*paths, *(f"entities/{id}" for id in entities))]
    urls.append(f"/compare.html?entity={'&entity='.join(entities)}")
    for url in urls:
        targets = read_page(prefixed, url).xpath("//a/@href | //form/@action | //link/@href | //script/@src")

        assert [target for target in targets if not target.startswith(("/news/", "#"))] == [], url


def test_name_and_subject_without_articles_have_pages(api: Api, tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "seeds", [{"title": "A", "paragraphs": ["B"]}])
    (folder / "entities.yaml").write_text("builtin: false\nentities: [{id: nobody, name: Nobody Here, type: person}]\n")
    (folder / "tags.yaml").write_text("builtin: false\ntags: [{id: nothing, name: Nothing}]\n")
    api.seed(folder)
    for path in ("/entities/nobody", "/tags/nothing"):
        assert api.get(f"{path}.html").status_code == api.get(path).status_code


def test_mentions_without_entities_are_not_said_to_be_of_names(api: Api, tmp_path: Path) -> None:
    mention = {"paragraph": 0, "start": 0, "end": 3, "type": "person"}
    documents = [
        {"title": "A", "source": source, "paragraphs": ["Ann"], "mentions": [mention]} for source in ("Mail", "Post")
    ]
    api.seed(write_documents(tmp_path / "seeds", documents))
    home, names = read_page(api, "/index.html").text_content(), read_page(api, "/entities.html")

    assert "2 mentions in 4 paragraphs" in home
    assert "2 sources" in home
    assert "No name matches" not in names.text_content()
    assert names.xpath("//main//a/@href").count("/mentions.html") == 1


def test_mentions_without_context_are_listed_alone(seeded: Api) -> None:
    page = seeded.get("/mentions.html?of=minsk&context=0")

    assert page.status_code == 200
    assert ">Minsk</a>" in page.text
