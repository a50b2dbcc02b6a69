"""The pictures of the README."""

from tests.support.screenshots import FOLDER, PAGES

HEAVIEST = 150_000
"""Most bytes of all pictures together."""


def test_pictures_are_light_in_bytes_and_complete() -> None:
    pictures = {path.name: path.stat().st_size for path in FOLDER.iterdir()}

    assert {*pictures} == {f"{name}-{scheme}.webp" for name in PAGES for scheme in ("light", "dark")}
    assert sum(pictures.values()) < HEAVIEST
