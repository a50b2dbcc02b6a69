"""The search page: facets, chosen filters, the timeline, pages, and answers without articles."""

import json
from pathlib import Path

from lxml.html import fromstring

from tests.conftest import Api, write_documents


def follow(api: Api, url: str, label: str) -> tuple[str, int]:
    """Follow the link of a search page with this text; return its address and the number of articles there."""
    [link, *_] = [a for a in fromstring(api.get(url).text).iter("a") if " ".join(a.text_content().split()) == label]
    target = link.get("href")
    return target, int(fromstring(api.get(target).text).find(".//h1").text_content().split()[0])


def test_facets_require_allow_exclude_and_remove_values(seeded: Api) -> None:
    required = follow(seeded, "/articles.html", "Nuclear testing")
    both = follow(seeded, required[0], "Cold War")
    either = follow(seeded, required[0], "or Cold War")
    without = follow(seeded, required[0], "not Cold War")
    removed = follow(seeded, required[0], "Nuclear testing, remove this filter")

    assert required == ("/articles.html?tag=nuclear-testing", seeded.json("/articles?tag=nuclear-testing")["total"])
    assert both[0] == "/articles.html?tag=nuclear-testing&tag=cold-war"
    assert either[0] == "/articles.html?tag_any=nuclear-testing&tag_any=cold-war"
    assert without[0] == "/articles.html?tag=nuclear-testing&tag_not=cold-war"
    assert both[1] + without[1] == required[1] < either[1] < removed[1] == 36


def test_filters_are_named_and_can_be_removed(seeded: Api) -> None:
    url = "/articles.html?q=missile&entity_not=Q2280&language=en&published_to=1990&about_from=1945-08"
    chosen = fromstring(seeded.get(url).text).xpath("//ul[@class='chosen']//a")

    assert [" ".join(link.text_content().split()) for link in chosen] == [
        "Words missile, remove this filter",
        "Not named Minsk, remove this filter",
        "In English, remove this filter",
        "Until 1990, remove this filter",
        "Mentions dates since August 1945, remove this filter",
        "Remove all",
    ]
    assert chosen[2].get("href") == "/articles.html?q=missile&entity_not=Q2280&published_to=1990&about_from=1945-08"
    assert chosen[-1].get("href") == "/articles.html"


def test_empty_answer_links_to_what_may_have_been_meant(seeded: Api) -> None:
    page = fromstring(seeded.get("/articles.html?q=missile+nothinghere&entity=minks").text)
    links = page.xpath("//p[@class='warning']//a/@href")

    assert page.find(".//h1").text_content().startswith("0 articles")
    assert "/articles.html?q=missile+nothinghere&entity=minsk" in links
    assert "/articles.html?entity=minks&q=missile+nothing" in links
    assert page.xpath("//a[@href='/articles.html?q=missile+nothinghere&entity=minks&match=any']")


def test_words_found_in_a_title_are_marked_there_above_the_lead(api: Api, tmp_path: Path) -> None:
    texts = {"found": ('Missiles & "1 < 2"', "A lead of its own."), "other": ("Other", "It has missiles, too.")}
    articles = [{"id": id, "title": title, "text": text} for id, (title, text) in texts.items()]
    api.seed(write_documents(tmp_path / "seeds", articles))
    page = fromstring(api.get("/articles.html?q=missiles").text)
    titles, extracts = page.xpath("//article/h2/a"), page.xpath("//article/p[not(@class)]")

    assert [title.text_content() for title in titles] == ['Missiles & "1 < 2"', "Other"]
    assert [title.xpath("mark/text()") for title in titles] == [["Missiles"], []]
    assert [extract.text_content() for extract in extracts] == ["A lead of its own.", "It has missiles, too."]
    assert [extract.xpath("mark/text()") for extract in extracts] == [[], ["missiles"]]


def test_question_that_is_a_name_links_to_all_who_have_it(api: Api, tmp_path: Path) -> None:
    people = {"ann": "Ann", "annina": "Annina", "alias": "Joan Miller"}
    article = {"title": "Meeting", "paragraphs": ["Ann Smith met Annina and Ánn Joan."]}
    folder = write_documents(tmp_path / "seeds", [article])
    entities = [{"id": id, "name": name, "type": "person"} for id, name in people.items()]
    entities[0]["aliases"] = ["Ann Smith"]
    entities[2]["aliases"] = ["Ánn Joan", "Ann"]
    (folder / "entities.yaml").write_text(json.dumps({"builtin": False, "entities": entities}))
    api.seed(folder)
    linked = {}
    for q in ("Ann", '"ANN"', "ánn joan", "Anni", "met"):
        page = fromstring(api.get("/articles.html", params={"q": q}).text)
        linked[q] = {*page.xpath("//p[@class='namesakes']/a/@href")}
    both = {"/entities/ann.html", "/entities/alias.html"}

    assert linked == {"Ann": both, '"ANN"': both, "ánn joan": {"/entities/alias.html"}, "Anni": set(), "met": set()}


def test_next_pages_visit_every_article_once(seeded: Api) -> None:
    url: str | None = "/articles.html?sort=title"
    seen: list[str] = []
    while url:
        page = fromstring(seeded.get(url).text)
        seen += [str(link) for link in page.xpath("//article//*[self::h2]/a/@href")]
        url = next(iter(page.xpath("//a[@rel='next']/@href")), None)

    assert len(seen) == len({*seen}) == 36


def test_bar_of_the_timeline_narrows_to_its_period(seeded: Api) -> None:
    page = fromstring(seeded.get("/articles.html?q=missile").text)
    [rows] = page.xpath("//figure//tbody")
    first = rows.find("tr")
    year = first[0].text_content().strip()
    total = seeded.json(f"/articles?q=missile&published_from={year}&published_to={year}")["total"]

    assert int(first[1].text_content()) == total
    assert first.xpath(".//a/@href")[0] in page.xpath("//figure//*[local-name()='svg']//a/@href")
