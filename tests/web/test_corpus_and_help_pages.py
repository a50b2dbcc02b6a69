"""The pages that say what the corpus holds, and how to search it."""

from pathlib import Path
from urllib.parse import quote

from lxml.html import fromstring

from tests.conftest import Api, write_documents


def test_corpus_page_has_the_totals_of_the_corpus(seeded: Api) -> None:
    corpus = seeded.json("/corpus")
    page = fromstring(seeded.get("/corpus.html").text)
    totals = {row.find("dt").text: row.find("dd").text_content() for row in page.xpath("//main//dl/div")}

    assert totals == {
        "Articles": f"{corpus['articles']:,}",
        "Paragraphs": f"{corpus['paragraphs']:,}",
        "Names": f"{corpus['entities']:,}",
        "Mentions": f"{corpus['mentions']:,}",
        "Subjects": f"{corpus['tags']:,}",
        "Published": f"{corpus['published']['first']}–{corpus['published']['last']}",
    }


def test_corpus_page_says_which_files_were_refused(api: Api, tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "seeds", [{"title": "A", "paragraphs": ["B"]}])
    (folder / "empty.txt").write_text("")
    api.seed(folder, skip_bad=True)
    (reason,) = api.json("/corpus")["refused"]["reasons"]
    page = fromstring(api.get("/corpus.html").text)

    assert "1 file has faults and is left out" in page.find(".//main").text_content()
    assert reason["message"].replace("`", "") in page.find(".//main").text_content()


def test_every_example_counts_what_its_link_selects(seeded: Api) -> None:
    rows = fromstring(seeded.get("/help.html").text).xpath("//tbody/tr")
    counts = {row.xpath("string(th/a/@href)"): int(row.xpath("string(td[last()])").replace(",", "")) for row in rows}

    assert len(counts) >= 12
    assert counts == {url: seeded.json(url.replace(".html", ""))["total"] for url in counts}
    assert all(counts.values())


def test_help_has_no_examples_of_what_is_not_there(api: Api, tmp_path: Path) -> None:
    api.seed(write_documents(tmp_path / "seeds", [{"id": "a", "title": "北京", "paragraphs": ["上海"]}]))
    page = api.get("/help.html")

    assert page.status_code == 200
    assert fromstring(page.text).xpath("//tbody/tr") == []


def test_markup_in_names_and_titles_stays_text(api: Api, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    entity = {"name": evil, "type": "person"}
    other = {"name": '"><img src=x onerror=alert(1)>', "type": "place"}
    text = f"{evil} met {other['name']} there."
    document = {
        "id": "a",
        "title": f"{evil} title words",
        "tags": [evil],
        "authors": [evil],
        "source": evil,
        "paragraphs": [text],
        "mentions": [
            {"paragraph": 0, "start": start, "end": start + len(each["name"]), "entity": each}
            for each in (entity, other)
            for start in [text.index(each["name"])]
        ],
    }
    api.seed(write_documents(tmp_path / "seeds", [document]))
    ids = [item["id"] for item in api.json("/entities")["items"]]
    tag = api.json("/tags")["items"][0]["id"]
    lists = ["entities", "tags", "paragraphs", "mentions", "timeline", "corpus", "help"]
    urls = [f"/{path}.html" for path in (*lists, f"entities/{ids[0]}", f"tags/{tag}")]
    urls += [f"/compare.html?entity={ids[0]}&entity={other}" for other in (ids[1], quote(evil))]
    for url in urls:
        page = fromstring(api.get(url, follow_redirects=True).text)

        assert page.xpath("//script[not(@src)] | //img | //@onerror") == [], url
        assert len(page.xpath("//script")) == 1
