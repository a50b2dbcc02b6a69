"""Exports pause beside other requests, work at full speed alone, and stop when nobody waits for them."""

from threading import Event

import pytest

from app.api.exports import pacing
from app.api.exports.pacing import PAUSE, REQUESTS, ExportStoppedError, Pacer

DOCUMENTS = 20


class NotedPauses(Event):
    """Notes pauses instead of making them."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def wait(self, timeout=None):
        self.seconds.append(timeout)
        return self.is_set()


@pytest.fixture
def pacer(monkeypatch):
    """Return a pacer for which each document is a slice, after the requests of other tests."""
    monkeypatch.setattr(pacing, "SLICE", 0)
    pacer = Pacer(NotedPauses())
    pacer.check()
    pacer.stopped.seconds.clear()
    return pacer


def work(pacer, beside):
    """Read documents beside something, and return how many pauses were made."""
    for _ in range(DOCUMENTS):
        beside()
        pacer.check()
    return len(pacer.stopped.seconds)


def test_export_alone_never_pauses(pacer):
    assert work(pacer, lambda: None) == 0


def test_export_pauses_after_each_slice_beside_which_a_request_was_answered(seeded, pacer):
    assert work(pacer, lambda: seeded.get("/articles?q=missile")) == DOCUMENTS


def test_export_pauses_while_a_request_is_in_progress_and_once_after_it(pacer):
    REQUESTS.begun += 1
    try:
        during = work(pacer, lambda: None)
    finally:
        REQUESTS.finished += 1

    assert during == DOCUMENTS
    assert work(pacer, lambda: None) == DOCUMENTS


def test_exports_do_not_pause_for_exports(seeded, pacer):
    assert work(pacer, lambda: seeded.get("/tags.csv")) == 0


def test_failed_requests_are_finished(seeded):
    for path in ("/articles/nobody", "/articles?limit=x", "/articles?q=missile"):
        seeded.get(path)

    assert REQUESTS.begun == REQUESTS.finished


def test_pause_is_four_times_as_long_as_the_slice(pacer, monkeypatch):
    clock = iter((10, 13, 20))
    monkeypatch.setattr(pacing, "perf_counter", lambda: next(clock))
    pacer.begin_slice()
    REQUESTS.begun += 1
    REQUESTS.finished += 1
    pacer.check()

    assert pacer.stopped.seconds == [PAUSE * 3]


def test_stopped_export_reads_no_further_document(pacer):
    pacer.stop()

    with pytest.raises(ExportStoppedError):
        pacer.check()


@pytest.mark.parametrize("name", ["articles", "paragraphs", "mentions"])
@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_every_export_is_paced(seeded, monkeypatch, name, suffix):
    checks = []
    monkeypatch.setattr(Pacer, "check", lambda _pacer: checks.append(1))
    answer = seeded.get(f"/{name}.{suffix}")

    assert answer.status_code == 200
    assert len(checks) >= seeded.json("/articles?limit=1")["total"]


@pytest.mark.parametrize("path", ["/entities.csv", "/tags.csv"])
def test_every_page_of_values_is_paced(seeded, monkeypatch, path):
    checks = []
    monkeypatch.setattr(Pacer, "check", lambda _pacer: checks.append(1))
    monkeypatch.setattr("app.api.exports.pages.PAGE_SIZE", "10")
    answer = seeded.get(path)

    assert len(checks) == (int(answer.headers["x-total-count"]) - 1) // 10
