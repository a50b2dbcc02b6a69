"""Damaged files of every format end in a sentence about the file, never in a failure of the program."""

import random
import shutil

import pytest

from tests.support.golden import FIXTURES, KINDS, read_folder

PIECES = [b"", b"<", b'"', b"\n", b"\x00", b"\xff", b"{{", b"]]>", b"&", b"-1", b"[]", b"null", b"\t", b"O"]
ROUNDS = 3


def damage(data, chance):
    """Return bytes with a few of them cut, doubled or replaced."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 1, 5, 60]))
        data = data[:start] + chance.choice([*PIECES, data[start:end] * 2]) + data[end:]
    return data


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_fixtures_do_not_make_the_program_fail(kind, tmp_path):
    chance = random.Random(kind)
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        shutil.copytree(FIXTURES / kind, folder)
        for path in sorted(folder.rglob("*.*")):
            if path.is_file() and path.name != "defaults.yaml":
                path.write_bytes(damage(path.read_bytes(), chance))
        failures = [
            f"{item.file}: {item.message}" for item in read_folder(folder)[1] if "The program failed" in item.message
        ]

        assert failures == []
