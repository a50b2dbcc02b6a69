"""What the command says on a terminal, or into a file: sentences, failures, and how far it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Never

import typer


def print_line(sentence: str) -> None:
    """Print what was asked for."""
    typer.echo(sentence)


def print_error(sentence: str) -> None:
    """Print what was not asked for, where it doesn't mix with what was."""
    typer.echo(sentence, err=True)


def abort(sentence: str) -> Never:
    """Say what went wrong, and stop."""
    print_error(f"articles: {sentence}")
    raise SystemExit(1)


def pluralize(count: int, noun: str) -> str:
    """So many of them."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@contextmanager
def progress(verb: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; elsewhere a line now and then."""
    if sys.stdout.isatty():
        # Only here, for it takes a while to load.
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

        with Progress(TextColumn(verb), BarColumn(), MofNCompleteColumn(), transient=True) as bar:
            task = bar.add_task(verb, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
    else:
        shown = 0

        def tell(done: int, total: int) -> None:
            nonlocal shown
            if done == total or done - shown >= total / 10:
                shown = done
                print(f"{verb}: {done:,} of {total:,}", flush=True)

        yield tell
