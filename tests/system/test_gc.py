"""Garbage collections search no object that was made to stay."""

import gc
import weakref

import pytest

from app.system.gc import exclude_from_gc


class Node:
    """An object that can be in a cycle."""


@pytest.fixture(autouse=True)
def _thawed():
    """Search all objects again after the test."""
    yield
    gc.unfreeze()


def test_objects_made_to_stay_are_not_searched_and_later_ones_are():
    with exclude_from_gc():
        kept = Node()
        is_collecting = gc.isenabled()
    later = Node()
    searched = [node for node in gc.get_objects() if type(node) is Node]

    assert not is_collecting
    assert gc.isenabled()
    assert searched == [later]
    assert kept not in searched


def test_objects_made_to_stay_are_freed_when_nothing_refers_to_them():
    with exclude_from_gc():
        node = Node()
    reference = weakref.ref(node)
    del node

    assert reference() is None


def test_garbage_of_before_is_not_kept():
    node = Node()
    node.cycle = node
    reference = weakref.ref(node)
    del node
    with exclude_from_gc():
        pass

    assert reference() is None
