"""Chromium, started by Playwright, which asks no other host for anything."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.waiting import PATIENCE

# A busy machine may take its time.
expect.set_options(timeout=1000 * PATIENCE)

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

needs_chromium = pytest.mark.skipif(EXECUTABLE is None, reason="There is no Chromium (apt-get install chromium).")


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Open a browser without a window, and close it at the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        browser.on("context", lambda context: context.set_default_timeout(1000 * PATIENCE))
        yield browser
        browser.close()
