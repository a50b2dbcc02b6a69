"""Memory that an owner leaves behind is freed in another thread."""

import threading
from collections import OrderedDict

import pytest

from app.system.release import SLICE, release_gradually
from tests.support.waiting import wait


class Owner:
    """Something that refers to many objects."""


class Thing:
    """An object that tells which thread frees it."""

    def __init__(self, freed):
        self.freed = freed

    def __del__(self):
        self.freed.append(threading.get_ident())


@pytest.mark.parametrize("container_type", [list, dict, OrderedDict])
def test_objects_are_freed_in_another_thread_when_their_owner_is_gone(container_type):
    owner, freed, number = Owner(), [], 2 * SLICE + 1
    release_gradually(owner, container_type((place, Thing(freed)) for place in range(number)))
    before = len(freed)
    del owner
    wait(lambda: len(freed) == number)

    assert before == 0
    assert threading.get_ident() not in freed


def test_objects_that_are_still_in_use_stay():
    owner, freed = Owner(), []
    things = [Thing(freed) for _ in range(10)]
    used = things[3]
    release_gradually(owner, things)
    del owner, things
    wait(lambda: len(freed) == 9)
    count_while_used = len(freed)
    del used

    assert count_while_used == 9
    assert len(freed) == 10
