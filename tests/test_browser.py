"""What people see first, in a real browser: the docs page and the front door, without any other host."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from app.api.docs.examples import QUESTIONS
from app.settings import Settings
from tests.conftest import SEEDS, seed_into
from tests.support.chromium import needs_chromium, open_chromium
from tests.support.live import live

WINDOWS = {"desktop": ("", (1280, 900)), "phone-behind-a-proxy": ("/news", (390, 844))}
"""The path prefix that a proxy shows, and how wide and high the window is."""

HARMLESS = "Deprecated: escaping deep link whitespace with `_`"
"""What Swagger UI says of every deep link to an operation whose name has an underscore; it opens all the same."""

get = partial(httpx.get, timeout=60, verify=False)
"""Ask the server, which may take its time on a busy machine; to load certificates for TLS takes 35 ms."""

SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""A folder in which to keep what was seen."""

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


class Visit:
    """A page in the browser, and everything that it asked for or complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def fits(self) -> bool:
        """Whether nobody needs to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def keep(self, name: str) -> None:
        """Keep what is seen, where that is wanted."""
        if SCREENSHOTS:
            assert self.page.viewport_size
            self.page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{self.page.viewport_size['width']}.png")


@pytest.fixture(scope="module", params=WINDOWS.values(), ids=WINDOWS)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    root_path, size = request.param
    settings = Settings(data=tmp_path_factory.mktemp("seen"), root_path=root_path)
    seed_into(settings, SEEDS)
    with live(settings) as address:
        yield address, size


@pytest.fixture
def address(seen: Any) -> str:
    return str(seen[0])


@pytest.fixture
def visit(browser: Browser, seen: Any) -> Iterator[Visit]:
    address, (width, height) = seen
    context = browser.new_context(viewport={"width": width, "height": height})
    visit = Visit(context.new_page())
    yield visit
    context.close()

    assert [error for error in visit.errors if not error.startswith(HARMLESS)] == []
    assert visit.asked
    assert [url for url in visit.asked if not url.startswith((f"{address}/", "data:", "blob:"))] == []


def test_the_docs_show_every_operation(visit: Visit, address: str) -> None:
    document = get(f"{address}/openapi.json").json()
    visit.page.goto(f"{address}/docs")
    expect(visit.page.locator(".opblock")).to_have_count(len(document["paths"]))
    visit.keep("docs")

    assert visit.page.title() == "Annotated articles: the API"
    assert visit.fits
    for question in QUESTIONS:
        link = visit.page.locator(f'.information-container a[href="{question}"]')
        expect(link).to_be_visible()
        answer = get(visit.page.evaluate("link => link.href", link.element_handle()))
        assert answer.json()["items"]


def test_docs_page_sends_a_request(visit: Visit, address: str) -> None:
    visit.page.goto(f"{address}/docs")
    visit.page.locator("#operations-articles-list_articles .opblock-summary-control").click()
    visit.page.locator("#operations-articles-list_articles tr[data-param-name=q] input").fill("petrov alarm")
    visit.keep("asking")
    visit.page.get_by_role("button", name="Execute").click()
    answer = visit.page.locator("#operations-articles-list_articles .live-responses-table")
    expect(answer).to_contain_text("Stanislav Petrov judges a missile alarm to be false")
    answer.scroll_into_view_if_needed()
    visit.keep("answered")

    assert "200" in answer.inner_text()


def test_link_to_an_operation_opens_it(visit: Visit, address: str) -> None:
    visit.page.goto(f"{address}/docs#/entities/read_entity")
    expect(visit.page.locator("#operations-entities-read_entity.is-open")).to_be_in_viewport()
    visit.page.get_by_role("button", name="Execute").click()
    answer = visit.page.locator("#operations-entities-read_entity .live-responses-table")

    expect(answer).to_contain_text("Capital of Belarus")


def test_every_link_of_the_home_page_works(visit: Visit, address: str) -> None:
    visit.page.goto(f"{address}/")
    visit.keep("welcome")
    links = visit.page.evaluate("Array.from(document.links, link => link.href)")
    answers = {link: get(link).status_code for link in dict.fromkeys(links)}

    assert visit.fits
    assert {link for link, status in answers.items() if status != 200} == set()
    visit.page.get_by_role("link", name="API documentation").click()
    expect(visit.page.locator(".opblock").first).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_page_runs_and_loads_nothing_from_other_hosts(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}{path}")
    refused = page.evaluate("""async () => {
        const refused = new Set()
        document.addEventListener("securitypolicyviolation", event => refused.add(event.effectiveDirective))
        const add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties))
        add("script", {text: "window.injected = true"})
        add("style", {textContent: "body { display: none }"})
        add("img", {src: "http://127.0.0.1:9/"})
        await fetch("http://127.0.0.1:9/").catch(() => null)
        await new Promise(resolve => setTimeout(resolve))
        return [...refused, window.injected, getComputedStyle(document.body).display]
    }""")
    page.close()

    assert refused[-2:] == [None, "block"]
    assert {"script-src-elem", "style-src-elem", "img-src", "connect-src"} <= set(refused)


def test_pages_cannot_be_framed_by_other_sites(address: str) -> None:
    for path in ("/", "/docs"):
        answer = get(f"{address}{path}", headers={"Accept": "text/html"})
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("seen", [WINDOWS["desktop"]], ids=["desktop"], indirect=True)
def test_docs_are_dark_where_that_is_wanted(browser: Browser, address: str) -> None:
    backgrounds = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(f"{address}/docs")
        expect(page.locator(".opblock").first).to_be_visible()
        backgrounds.append(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
        page.close()

    assert backgrounds[1] == "rgb(28, 32, 34)"
    assert backgrounds[0] != backgrounds[1]
