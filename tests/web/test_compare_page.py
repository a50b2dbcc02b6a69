"""The page that compares two entities: who is meant, and what names both."""

import pytest
from lxml.html import fromstring

from tests.conftest import Api

BOTH = "/compare.html?entity=united-states&entity=soviet-union"


def test_page_counts_what_names_both(seeded: Api) -> None:
    page = fromstring(seeded.get(BOTH).text)
    counts = {link.text: link.get("href") for link in page.xpath("//main//section/h2/a[contains(@href, 'entity=')]")}
    both = "entity=united-states&entity=soviet-union"
    articles, paragraphs = (seeded.json(f"/{name}?{both}")["total"] for name in ("articles", "paragraphs"))

    assert counts == {
        f"{articles} articles": f"/articles.html?{both}",
        f"{paragraphs} paragraphs": f"/paragraphs.html?{both}",
    }


def test_timelines_have_the_same_periods(seeded: Api) -> None:
    page = fromstring(seeded.get(BOTH).text)
    first, second = page.xpath('//figure[@class="timeline"]')
    timeline = seeded.json("/timeline?interval=year&entity_any=united-states&entity_any=soviet-union")
    periods = [[bar.get("data-first") for bar in chart.xpath(".//a[@data-first]")] for chart in (first, second)]

    assert periods[0] == periods[1]
    assert periods[0] == [item["start"] for item in timeline["items"]]


def test_timelines_have_the_same_scale(seeded: Api) -> None:
    page = fromstring(seeded.get("/compare.html?entity=united-states&entity=minsk").text)
    heights = [float(bar.get("height")) for bar in page.xpath('//figure[@class="timeline"]//*[@class="bar"]')]
    counts = [int(count) for count in page.xpath('//figure[@class="timeline"]//tbody//td/text()')]

    assert len({round(height / count) for height, count in zip(heights, counts, strict=True)}) == 1


@pytest.mark.parametrize("names", ["United States&entity=USSR", "Q30&entity=soviet-union", "america&entity=Q15180"])
def test_names_redirect_to_the_ids_they_stand_for(seeded: Api, names: str) -> None:
    answer = seeded.get(f"/compare.html?entity={names}")

    assert (answer.status_code, answer.headers["location"]) == (307, BOTH)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("entity=minsk&entity=john", "Which “john” do you mean?"),
        ("entity=minsk&entity=moskow", "Which “moskow” do you mean?"),
        ("entity=minsk&entity=%3Cb%3Exyzzy", "No name in the articles is like “<b>xyzzy”."),
        ("entity=minsk&entity=minsk", "Both are Minsk: choose another name for one of them."),
    ],
)
def test_page_asks_who_is_meant(seeded: Api, question: str, sentence: str) -> None:
    answer = seeded.get(f"/compare.html?{question}")
    (warning,) = fromstring(answer.text).xpath('//*[@class="warning"]')

    assert answer.status_code == 200
    assert sentence in " ".join(warning.text_content().split())


def test_candidate_completes_the_comparison(seeded: Api) -> None:
    page = fromstring(seeded.get("/compare.html?entity=united-states&entity=sov").text)
    urls = page.xpath('//*[@class="warning"]//a/@href')

    assert BOTH in urls


@pytest.mark.parametrize("text", ["graph", "graph.gexf", "a/b", "../articles", "%00", "%ff", "x" * 300, '"', "*"])
def test_any_text_may_stand_for_a_name(seeded: Api, text: str) -> None:
    assert seeded.get(f"/compare.html?entity=minsk&entity={text}").status_code in (200, 422)


@pytest.mark.parametrize("question", ["", "?entity=", "?entity=minsk", "?entity=&entity=minsk"])
def test_form_asks_for_what_is_missing(seeded: Api, question: str) -> None:
    answer = seeded.get(f"/compare.html{question}")
    page = fromstring(answer.text)

    assert answer.status_code == 200
    assert len(page.xpath('//main//input[@name="entity"]')) == 2
    assert "United States" in page.xpath("//datalist/option/@value")
