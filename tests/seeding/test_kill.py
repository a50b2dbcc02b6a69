"""Killing a seeding run at any moment loses nothing and leaves nothing half done."""

import random

from tests.conftest import Api, every_database
from tests.support.marked_corpus import SIZES, check_marked, other, write_marked

pytestmark = every_database

KILLS = 3
"""The campaign kills hundreds."""


def look_at_new_server(settings, look):
    """Return what `look` returns for a server that starts now."""
    api = Api(settings)
    try:
        return look(api)
    finally:
        api.close()


def source(api):
    """Return the name and size of the corpus's only source."""
    (only,) = api.json("/corpus")["sources"]
    return only["value"], only["count"]


def test_killed_run_leaves_the_old_or_new_corpus_and_the_next_run_succeeds(settings, variables, commands, tmp_path):
    folders = {mark: write_marked(tmp_path / mark, mark, size) for mark, size in SIZES.items()}
    chance = random.Random(20251218)
    commands.run("seed", "--only", folders["beta"], **variables)
    whole = commands.run("seed", "--only", folders["alpha"], **variables).took
    new, after = "beta", []
    for _ in range(KILLS):
        commands.run("seed", "--only", folders[new], **variables, kill_after=chance.uniform(0, whole))
        after.append(look_at_new_server(settings, check_marked) == new)
        if not after[-1]:
            ended = commands.run("seed", "--only", folders[new], **variables)

            assert (ended.status, ended.err) == (0, "")
            assert look_at_new_server(settings, source) == (new, SIZES[new])
        new = other(new)
    print(f"killed {KILLS} times within {whole:.2f} s: {sum(after)} times the new corpus stood already")
