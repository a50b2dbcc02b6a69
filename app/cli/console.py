"""Console output: lines, errors and progress, on a terminal or into a file."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Never, TextIO

import typer


def print_line(sentence: str) -> None:
    """Print a result to standard output."""
    typer.echo(sentence)


def print_error(sentence: str) -> None:
    """Print a fault or a warning to standard error, where it does not mix with results."""
    typer.echo(sentence, err=True)


def abort(sentence: str) -> Never:
    """Print what went wrong, and exit with status 1."""
    print_error(f"articles: {sentence}")
    raise SystemExit(1)


def pluralize(count: int, noun: str) -> str:
    """Return a number and its noun: `1 fault`, `2 faults`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@contextmanager
def progress(verb: str, stream: TextIO | None = None) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that shows what is done of a total: as a bar on a terminal, elsewhere in about ten lines.

    The stream is standard output unless another one is named.
    """
    file = stream or sys.stdout
    if file.isatty():
        # Rich takes .1 s of CPU to load, which only a terminal needs.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

        with Progress(
            TextColumn(verb), BarColumn(), MofNCompleteColumn(), console=Console(file=file), transient=True
        ) as bar:
            task = bar.add_task(verb, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
    else:
        last_done = 0

        def print_progress(done: int, total: int) -> None:
            nonlocal last_done
            if done == total or done - last_done >= total / 10:
                last_done = done
                print(f"{verb}: {done:,} of {total:,}", file=file, flush=True)

        yield print_progress
