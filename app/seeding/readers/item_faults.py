"""Faults of items: report what is wrong with one of many articles in a file, so that the others are read."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.seeding.normalize.raw import Fault, RawArticle


@contextmanager
def report_fault(raw: RawArticle) -> Iterator[None]:
    """Turn a `Fault` that is raised within into a fault of this article."""
    try:
        yield
    except Fault as fault:
        raw.add_fault_in_line(fault.message, fault.line)
