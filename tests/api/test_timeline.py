"""`/timeline`: all periods between the first and the last, empty ones included, and never too many."""

from pathlib import Path

import pytest

from tests.conftest import Api, write_documents
from tests.support.problems import refused


@pytest.fixture
def dated(api: Api, tmp_path: Path) -> Api:
    """A corpus of three articles, two of them from before the last leap day of a century."""
    dates = {"a": "0999-12-30", "b": "1000-03-01", "c": "2000-02-28T23:59:59Z"}
    api.seed(
        write_documents(
            tmp_path / "corpus",
            [{"id": id, "title": id, "text": "Text.", "published_at": date} for id, date in dates.items()],
        )
    )
    return api


@pytest.mark.parametrize(
    ("interval", "starts"),
    [
        ("year", ["0999", "1000"]),
        ("month", ["0999-12", "1000-01", "1000-02", "1000-03"]),
    ],
)
def test_empty_periods_are_listed(dated: Api, interval: str, starts: list[str]) -> None:
    items = dated.json("/timeline", interval=interval, published_to="1100")["items"]

    assert [item["start"] for item in items] == starts
    assert [item["count"] for item in items] == [1, *[0] * (len(starts) - 2), 1]


def test_empty_periods_have_the_total_of_the_corpus(dated: Api) -> None:
    items = dated.json("/timeline", interval="year", id=["a", "c"])["items"]

    assert [item for item in items if item["total"]] == [
        {"start": "0999", "count": 1, "total": 1},
        {"start": "1000", "count": 0, "total": 1},
        {"start": "2000", "count": 1, "total": 1},
    ]
    assert len(items) == 2000 - 999 + 1


def test_new_revision_changes_the_totals_of_empty_periods(dated: Api, tmp_path: Path) -> None:
    def read_totals() -> dict[str, int]:
        return {
            item["start"]: item["total"] for item in dated.json("/timeline", interval="year", id=["a", "c"])["items"]
        }

    before = read_totals()
    dated.seed(write_documents(tmp_path / "more", [{"id": "d", "title": "d", "text": "Text.", "published_at": "1500"}]))

    assert before["1500"] == 0
    assert read_totals() == before | {"1500": 1}


def test_days_are_consecutive(dated: Api) -> None:
    items = dated.json("/timeline", interval="day", published_to="1100")["items"]

    assert len(items) == 2 + 31 + 28 + 1
    assert sum(item["count"] for item in items) == 2


def test_too_many_periods_are_refused_with_the_way_out(dated: Api) -> None:
    detail = refused(dated.get("/timeline?interval=day"), "interval")

    assert "at most 40,000 are returned; take a longer interval" in detail
    assert len(dated.json("/timeline")["items"]) == (2000 - 999) * 12 + 2 - 11


def test_empty_selection_has_no_periods(dated: Api) -> None:
    assert dated.json("/timeline?published_from=2020")["items"] == []
