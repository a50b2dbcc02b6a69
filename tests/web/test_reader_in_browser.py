"""The reader in Chromium: journeys by mouse, by keyboard and without a script; accessibility; what a page loads."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, ViewportSize, expect

from app.settings import Settings
from tests.conftest import SEEDS, seed_into
from tests.support.chromium import needs_chromium, open_chromium
from tests.support.live import live, send_in_pieces

WINDOWS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "tablet": {"width": 820, "height": 1180},
    "desktop": {"width": 1440, "height": 900},
}

LOOKS = {
    "phone-dark": {"viewport": WINDOWS["phone"], "color_scheme": "dark", "reduced_motion": "reduce"},
    "tablet-light": {"viewport": WINDOWS["tablet"], "color_scheme": "light"},
    "desktop-light": {"viewport": WINDOWS["desktop"], "color_scheme": "light"},
}
"""Windows and preferences of journeys."""

LONG = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz"

WILD = {
    "id": "wild",
    "title": f"{LONG} {LONG}",
    "language": "ar",
    "authors": [LONG],
    "tags": [LONG],
    "paragraphs": [
        f"{LONG}{LONG} وقال سامح شكري إن القاهرة لن تتنازل عن حقها (BBC) في المياه.",
        f"习近平表示,北京将继续减少排放。{LONG}",
    ],
    "mentions": [
        {"paragraph": 0, "start": 0, "end": len(LONG), "entity": {"name": LONG, "type": "law"}},
        {"paragraph": 1, "start": 0, "end": 3, "entity": {"name": "习近平", "type": "person"}},
        {"paragraph": 1, "start": 16, "end": 16 + len(LONG), "entity": {"name": LONG, "type": "law"}},
    ],
}
"""An article in which words are longer than a phone is wide, and which runs from right to left."""

WITHOUT_SCRIPT = {**LOOKS["phone-dark"], "java_script_enabled": False}

PAGES = {
    "home": "/",
    "search": "/articles.html?q=missile&tag=treaties",
    "nothing": "/articles.html?q=zzz",
    "article": "/articles/cuban-missile-crisis.html?q=missile",
    "names": "/entities.html?entity=united-states&within=paragraph&sort=-association",
    "entity": "/entities/united-states.html",
    "subjects": "/tags.html",
    "subject": "/tags/nuclear-testing.html",
    "paragraphs": "/paragraphs.html?q=missile",
    "mentions": "/mentions.html?of=united-states&sort=left",
    "timeline": "/timeline.html",
    "comparison": "/compare.html?entity=united-states&entity=soviet-union",
    "question": "/compare.html?entity=minsk&entity=john",
    "corpus": "/corpus.html",
    "help": "/help.html",
    "error": "/entities/minskk.html",
    "wild-article": "/articles/wild.html",
    "wild-name": f"/entities/{LONG.lower()}.html",
    "wild-mentions": f"/mentions.html?of={LONG.lower()}",
}

HEAVIEST = 60_000
"""Most bytes of a page with its style sheet and script, compressed."""

MOST_SHIFT = 0.05
"""Most of a window that may move while a page arrives. What browsers call good is .1.

Where a text is still arriving, its last word may move to the next line whenever a browser paints between two pieces;
with a paint every 60 bytes this adds up to .04.
"""

CONTRAST = {"runOnly": ["color-contrast"]}
RULES: dict[str, Any] = {"phone": {"rules": {"color-contrast": {"enabled": False}}}, "desktop": {}}
"""Options of axe: what it looks for in windows. To look for contrast takes longest, and depends on the colours alone;
what a tablet shows, a phone or a desktop shows, too."""

SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""A folder in which to keep what was seen."""

MEASURE = """async () => {
    const [navigation] = performance.getEntriesByType("navigation")
    const resources = performance.getEntriesByType("resource")
    const shift = await new Promise(resolve => {
        let sum = 0
        new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
            .observe({type: "layout-shift", buffered: true})
        setTimeout(() => resolve(sum), 50)
    })
    return {
        bytes: navigation.encodedBodySize + resources.reduce((sum, entry) => sum + entry.encodedBodySize, 0),
        blocking: 1 + resources.filter(entry => entry.renderBlockingStatus === "blocking").length,
        shift,
        overflow: document.documentElement.scrollWidth - window.innerWidth,
    }
}"""
"""What a page loaded, for how many requests its first paint waited, whether it moved, and whether it is too wide."""

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("reader")
    settings = Settings(data=folder / "data")
    (folder / "wild.json").write_text(json.dumps(WILD))
    seed_into(settings, SEEDS, folder / "wild.json")
    with live(settings, send_in_pieces) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that must not complain, and must not ask another host."""
    context = browser.new_context(**request.param, base_url=address)
    page = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    yield page
    context.close()

    # The browser itself writes this of a page with the status 404.
    assert [each for each in complaints if "status of 404" not in each] == []
    assert requests
    assert [url for url in requests if not url.startswith(f"{address}/")] == []


def looks(*names: str) -> Any:
    return pytest.mark.parametrize("page", [LOOKS[name] for name in names or LOOKS], ids=names or LOOKS, indirect=True)


def keep(page: Page, name: str) -> None:
    """Keep what is seen, where that is wanted."""
    if SCREENSHOTS and page.viewport_size:
        scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        page.screenshot(
            path=Path(SCREENSHOTS) / f"reader-{name}-{page.viewport_size['width']}-{scheme}.png", full_page=True
        )


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element like this has the focus, and shows it."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    pytest.fail(f"Tab does not reach {selector}.")


def heading(page: Page) -> str:
    return " ".join(page.locator("h1").inner_text().split())


@looks("desktop-light")
def test_pages_are_accessible_light_and_still(page: Page) -> None:
    faults: dict[str, list[str]] = {}
    for name, path in PAGES.items():
        problems: list[str] = []
        for window, size in WINDOWS.items():
            page.set_viewport_size(size)
            response = page.goto(path)
            assert response
            assert response.status == (404 if name == "error" else 200), path
            problems += [f"{window}: {problem}" for problem in measure(page)]
            if window in RULES:
                page.evaluate(AXE_SCRIPT)
                problems += [f"{window}: {problem}" for problem in find_violations(page, RULES[window])]
            keep(page, name)
        page.emulate_media(color_scheme="dark")
        problems += [f"dark: {problem}" for problem in find_violations(page, CONTRAST)]
        keep(page, name)
        page.emulate_media(color_scheme="light")
        if problems:
            faults[name] = problems

    assert faults == {}


def measure(page: Page) -> Iterator[str]:
    """Say what is too wide, too slow, too heavy or too restless."""
    measures = page.evaluate(MEASURE)
    if measures["overflow"] > 0:
        yield f"{measures['overflow']} pixels too wide"
    if measures["blocking"] >= 3:
        yield f"the first paint waits for {measures['blocking']} requests"
    if measures["bytes"] > HEAVIEST:
        yield f"{measures['bytes']:,} bytes"
    if measures["shift"] > MOST_SHIFT:
        yield f"moves by {measures['shift']:.3f}"


def find_violations(page: Page, options: dict[str, Any]) -> Iterator[str]:
    """Run rules of axe; the window must have it."""
    report = page.evaluate("options => axe.run({resultTypes: ['violations'], ...options})", options)
    for rule in report["violations"]:
        yield f"{rule['id']}: {rule['nodes'][0]['html'][:120]}"


@pytest.mark.parametrize("page", [*LOOKS.values(), WITHOUT_SCRIPT], ids=[*LOOKS, "phone-without-script"], indirect=True)
def test_journey_by_mouse(page: Page, browser: Browser) -> None:
    page.goto("/")
    page.locator("input[name=q]").fill("missile")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page).to_have_url("/articles.html?q=missile")
    everything = heading(page)
    page.locator(".facet").get_by_role("link", name="Treaties", exact=True).click()
    expect(page).to_have_url("/articles.html?q=missile&tag=treaties")
    narrowed = heading(page)

    assert int(narrowed.split()[0]) < int(everything.split()[0])

    page.locator(".item h2 a").first.click()
    expect(page.locator("main mark").first).to_be_visible()
    page.locator(".text p .mention a").first.click()
    expect(page.locator(".companions h2")).to_be_visible()
    name = heading(page)
    page.locator(".companions tbody th a").first.click()
    expect(page.locator("h1")).not_to_have_text(name)
    page.go_back()
    expect(page.locator("h1")).to_have_text(name)
    page.locator(".timeline a:has(.bar) .space").first.click()
    expect(page.locator(".chosen")).to_contain_text("Since")
    shared = browser.new_page()
    shared.goto(page.url)
    theirs = heading(shared)
    shared.close()

    assert "published_from" in page.url
    assert theirs == heading(page)
    assert theirs.startswith("1 article") or theirs.split()[1] == "articles"


@looks("phone-dark", "desktop-light")
def test_journey_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    tab_to(page, "input[name=q]")
    page.keyboard.type("missile")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles.html?q=missile")
    tab_to(page, ".facet a[href$='tag=treaties']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles.html?q=missile&tag=treaties")
    tab_to(page, ".item h2 a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/*.html?q=missile")
    tab_to(page, ".text p .mention a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entities/*.html")
    entity = page.url
    tab_to(page, ".companions tbody th a")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(entity)
    page.go_back()
    expect(page).to_have_url(entity)
    tab_to(page, ".timeline summary")
    page.keyboard.press("Enter")
    tab_to(page, ".timeline tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles.html?entity=*&published_from=*")

    expect(page.locator(".chosen")).to_contain_text("Since")


@looks("desktop-light")
def test_first_tab_skips_to_the_content(page: Page) -> None:
    page.goto("/articles.html?q=missile")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


@looks("phone-dark", "desktop-light")
def test_comparison_is_chosen_by_names(page: Page) -> None:
    page.goto("/entities/united-states.html")
    page.get_by_role("link", name="Compare with another").click()
    page.get_by_label("Second name").fill("USSR")
    page.get_by_role("button", name="Compare", exact=True).click()

    expect(page).to_have_url("/compare.html?entity=united-states&entity=soviet-union")
    expect(page.locator("h1")).to_have_text("United States and Soviet Union")


@looks("desktop-light")
def test_suggestion_is_chosen_by_keyboard(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Search articles")
    box.fill("khrush")
    expect(page.get_by_role("option", name="Nikita Khrushchev person")).to_be_visible()
    box.press("ArrowDown")
    expect(page.get_by_role("option", name="Nikita Khrushchev person")).to_have_attribute("aria-selected", "true")
    box.press("Enter")

    expect(page).to_have_url("/entities/nikita-khrushchev.html")


@looks("desktop-light")
def test_card_describes_the_mention_under_the_pointer_or_with_the_focus(page: Page) -> None:
    page.goto("/articles/cuban-missile-crisis.html")
    mentions = page.locator(".text .mention a")
    card = page.get_by_role("tooltip")
    mentions.filter(has_text="Nikita Khrushchev").first.hover()

    expect(card).to_contain_text("Soviet leader")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    mentions.filter(has_text="Fidel Castro").first.focus()
    expect(card).to_contain_text("Cuban revolutionary")


@looks("desktop-light")
def test_switch_hides_the_marks_of_a_type(page: Page) -> None:
    page.goto("/articles/cuban-missile-crisis.html")
    page.get_by_text("What is marked").click()
    page.get_by_role("checkbox", name="Places").uncheck()
    colour = "element => getComputedStyle(element).textDecorationColor"
    place, person = (page.locator(f".text .mention.{type}").first.evaluate(colour) for type in ("place", "person"))

    assert place == "rgba(0, 0, 0, 0)"
    assert person != place


@looks("desktop-light")
def test_dragging_over_a_timeline_chooses_the_period(page: Page) -> None:
    page.goto("/articles.html?q=missile")
    bars = page.locator(".timeline svg a")
    first, last = bars.nth(0), bars.nth(5)
    period = first.get_attribute("data-first"), last.get_attribute("data-last")
    first.locator(".space").hover()
    page.mouse.down()
    last.locator(".space").hover()
    page.mouse.up()

    expect(page).to_have_url(f"/articles.html?q=missile&published_from={period[0]}&published_to={period[1]}")


@looks("phone-dark")
def test_motion_stops_for_those_who_prefer_it(page: Page) -> None:
    page.goto("/articles/cuban-missile-crisis.html")

    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
