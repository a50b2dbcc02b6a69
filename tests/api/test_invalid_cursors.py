"""A cursor is one of ours, for the same question, or it is refused."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from tests.conftest import Api
from tests.support.problems import refused

LISTS = ("/articles", "/paragraphs", "/entities", "/tags")

CURSORS = ["x", "....", "AAAA", "W10", "bnVsbA", "WzEsMiwzXQ", "é", "a" * 4000, "%00", "WyJhIiwibiIsMTJd", "e30", "-1"]


@pytest.mark.parametrize("address", [*(f"{path}?" for path in LISTS), "/articles?q=war&", "/entities?sort=name&"])
@pytest.mark.parametrize("cursor", CURSORS)
def test_a_malformed_cursor_is_refused(seeded: Api, address: str, cursor: str) -> None:
    assert "leave it out to start" in refused(seeded.get(f"{address}cursor={cursor}"), "cursor")


def test_a_cursor_of_another_question_is_refused(seeded: Api) -> None:
    for address in LISTS:
        cursor = seeded.json(f"{address}?limit=1")["next"].split("cursor=")[1]
        for other in (*(path for path in LISTS if path != address), f"{address}?tag=nuclear-weapons"):
            question = f"{other}{'&' if '?' in other else '?'}cursor={cursor}"

            assert "belongs to another query" in refused(seeded.get(question), "cursor"), question


def test_changed_cursor_is_refused_or_gives_a_page(seeded: Api) -> None:
    for address in (*LISTS, "/articles?q=war", "/entities?sort=name"):
        start = f"{address}{'&' if '?' in address else '?'}limit=1&cursor="
        cursor = seeded.json(start.removesuffix("&cursor="))["next"].split("cursor=")[1]
        for place in range(0, len(cursor), 3):
            changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]

            assert seeded.get(start + changed).status_code in (200, 422), start + changed


@pytest.mark.parametrize("place", [[-1, "61"], [10**19, "61"], [10**40, "61"], [1, "x"], [1, ""], ["1", "61"], [1]])
def test_cursor_with_values_out_of_range_is_refused(seeded: Api, place: list[int | str]) -> None:
    cursor = seeded.json("/articles?limit=1")["next"].split("cursor=")[1]
    digest, direction, *_ = json.loads(urlsafe_b64decode(cursor + "=="))
    forged = urlsafe_b64encode(json.dumps([digest, direction, *place]).encode()).decode().rstrip("=")

    assert "leave it out to start" in refused(seeded.get(f"/articles?limit=1&cursor={forged}"), "cursor")
