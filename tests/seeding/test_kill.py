"""A run that is killed at whatever moment loses nothing and leaves nothing half done."""

import random

import pytest

from tests.conftest import Api
from tests.support.commands import Commands
from tests.support.marked_corpus import SIZES, check_marked, other, write_marked

KILLS = 20


@pytest.fixture
def commands(tmp_path):
    commands = Commands(tmp_path)
    yield commands
    commands.close()


def served(settings, look):
    """What this look at a server that starts now sees."""
    api = Api(settings)
    try:
        return look(api)
    finally:
        api.close()


def source(api):
    """Which corpus it is, at a glance."""
    (only,) = api.json("/corpus")["sources"]
    return only["value"], only["count"]


def test_killed_at_any_moment_the_old_or_the_new_corpus_is_served_and_the_next_run_completes_it(
    settings, commands, tmp_path
):
    folders = {mark: write_marked(tmp_path / mark, mark, size) for mark, size in SIZES.items()}
    told = {"data": settings.data, "database_url": settings.database_url}
    chance = random.Random(20251218)
    commands.run("seed", "--only", folders["beta"], **told)
    whole = commands.run("seed", "--only", folders["alpha"], **told).took
    new, after = "beta", []
    for _ in range(KILLS):
        commands.run("seed", "--only", folders[new], **told, kill_after=chance.uniform(0, whole))
        after.append(served(settings, check_marked) == new)
        if not after[-1]:
            ended = commands.run("seed", "--only", folders[new], **told)

            assert (ended.status, ended.err) == (0, "")
            assert served(settings, source) == (new, SIZES[new])
        new = other(new)
    print(f"killed {KILLS} times within {whole:.2f} s: {sum(after)} times the new corpus stood already")
