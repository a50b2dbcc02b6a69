"""Screenshots of the reader for the README, over the example articles.

`python -m tests.support.screenshots` takes them anew; it needs Chromium.
"""

from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory

from app.settings import Settings
from tests.conftest import SEEDS, seed_into
from tests.support.chromium import open_chromium
from tests.support.live import live

FOLDER = Path(__file__).parent.parent / "web/screenshots"
PAGES = {"article": "/articles/oreshnik-in-belarus.html", "search": "/articles.html?q=missile&tag=treaties"}
WINDOW = {"width": 1120, "height": 620}


def take_screenshots(address):
    """Write a WebP of each page, in light and in dark colours."""
    with open_chromium() as browser:
        for scheme in ("light", "dark"):
            page = browser.new_context(viewport=WINDOW, color_scheme=scheme).new_page()
            for name, path in PAGES.items():
                page.goto(address + path)
                # Playwright itself writes PNG and JPEG only, which take twice the bytes.
                session = page.context.new_cdp_session(page)
                picture = session.send("Page.captureScreenshot", {"format": "webp", "quality": 40})
                (FOLDER / f"{name}-{scheme}.webp").write_bytes(b64decode(picture["data"]))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as data:
        settings = Settings(data=Path(data))
        seed_into(settings, SEEDS)
        with live(settings) as address:
            take_screenshots(address)
