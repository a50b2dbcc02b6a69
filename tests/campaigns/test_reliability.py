"""The command of the campaign: tiny campaigns pass, what is broken is found, and nothing is left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.campaigns import reliability
from tests.campaigns.files import Sources
from tests.campaigns.fuzz import check_answer, split_answers
from tests.campaigns.harness import MARK, Campaign, Tally, ViolationError
from tests.campaigns.load import Client, count_articles, read_number
from tests.support.waiting import PATIENCE, wait

COMMAND = [sys.executable, "-m", "tests.campaigns.reliability", "--seed", "2971"]
TINY = ["0.06", "--kills", "1", "--requests", "50", "--files", "25"]


def test_tiny_campaign_passes_and_leaves_nothing(tmp_path):
    ended = run([*COMMAND, *TINY], tmp_path)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stderr == ""
    for part in reliability.PARTS:
        assert re.search(rf"^{part}.* [1-9][\d,]* \w+ +0 +0 +0 +0 ", ended.stdout, re.MULTILINE), part + ended.stdout
    assert [*tmp_path.iterdir()] == []


def run(command, folder):
    """Run a command whose temporary files are in this folder."""
    return subprocess.run(
        command, env=os.environ | {"TMPDIR": str(folder)}, capture_output=True, text=True, check=False
    )


def test_interrupted_campaign_stops_its_processes(tmp_path):
    command = [*COMMAND, "--only", "load", "30"]
    environment = os.environ | {"TMPDIR": str(tmp_path), "TESTED_CAMPAIGN": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not any("Serving revision 2" in path.read_text() for path in tmp_path.glob("*/server.log")):
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE)

    assert status == 143
    wait(lambda: list_marked("TESTED_CAMPAIGN", str(tmp_path)) == [])
    assert [*tmp_path.iterdir()] == []


def list_marked(name, value):
    """Return the processes whose environment has a variable of this value."""
    marked = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(name) == value and process.status() != psutil.STATUS_ZOMBIE:
                marked.append(process)
    return marked


def test_a_finding_ends_the_campaign_with_status_1_and_its_evidence_stays(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(MARK, "")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setitem(reliability.PARTS, "files", Broken)
    status = reliability.main(["--only", "files", "--seed", "7"])
    folder = Path(re.search(r"The evidence is in (.*)\.", capsys.readouterr().out)[1])

    assert status == 1
    assert (folder / "01-broken" / "input").read_bytes() == b"bad"


class Broken:
    """A part that finds something."""

    @staticmethod
    def run(campaign, _options, _seconds):
        tally = campaign.tally("broken", "runs")
        with campaign.watch(tally):
            raise ViolationError("lost", "Something is gone.", input=b"bad")


@pytest.mark.parametrize(
    "received",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc",
        b"Internal error",
    ],
)
def test_malformed_response_is_a_violation(received):
    with pytest.raises(ViolationError):
        split_answers(received, ("GET",), closed=True)


@pytest.mark.parametrize("status", [500, 418, 404])
def test_failures_undocumented_statuses_and_errors_of_another_shape_are_found(status):
    received = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" % status
    (answer,), _ = split_answers(received, ("GET",), closed=True)

    with pytest.raises(ViolationError):
        check_answer(answer, {200, 404}, b"")


def test_answers_of_two_revisions_old_revisions_and_wrong_totals_are_found():
    client = Client(("127.0.0.1", 0), "seed")
    page = b'{"items": [{"title": "m0003 1"}], "total": %d}'
    client.check_body("/articles?limit=1", False, "a", page % count_articles(3))

    with pytest.raises(ViolationError, match="pieces of the revisions"):
        read_number("m0003 m0004")
    with pytest.raises(ViolationError, match="total"):
        client.check_body("/articles?limit=1", False, "b", page % 7)
    with pytest.raises(ViolationError, match="one ETag"):
        client.check_body("/articles?limit=1", False, "a", page % count_articles(3) + b" ")
    client.seen = 4
    with pytest.raises(ViolationError, match="saw 4 before"):
        client.check_body("/articles?limit=1", False, "c", page % count_articles(3))


def test_the_same_seed_draws_the_same_files(tmp_path):
    first, second = ([Sources().draw(Campaign(3, tmp_path).random("files"), 0) for _ in range(2)] for _ in range(2))

    assert first == second


def test_findings_that_are_alike_are_kept_a_few_times_and_all_counted(tmp_path):
    campaign, tally = Campaign(3, tmp_path), Tally("part", "runs")
    for number in range(9):
        campaign.report(tally, "wrong", f"Number {number} is missing.")

    assert tally.kinds["wrong"] == 9
    assert len([*campaign.evidence.iterdir()]) == 3
