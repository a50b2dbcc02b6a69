"""Corpora of benchmarks: generate articles, seed them by the project's own command, and keep both for the next run."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.generated import write


class GeneratedCorpus(NamedTuple):
    """Generated articles, and the data folder in which they are seeded."""

    articles: int
    source: Path
    data: Path
    seeding: float | None
    """Seconds that seeding and indexing took; None if that was done before."""


def make_corpus(articles: int, folder: Path) -> GeneratedCorpus:
    """Generate and seed so many articles, unless the folder has them."""
    source, data = folder / f"articles-{articles}", folder / f"data-{articles}"
    seeding = None
    if not data.exists():
        # A run that is interrupted leaves no half of a corpus to the next.
        unfinished = folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        write(articles, source)
        seeding = run_command(unfinished, "seed", source)
        unfinished.rename(data)
    return GeneratedCorpus(articles, source, data, seeding)


def run_command(data: Path, *arguments: object) -> float:
    """Run the `articles` command on a data folder, and return the seconds that it took."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "app", *map(str, arguments)],
        env=os.environ | {"ARTICLES_DATA": str(data)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def parse_arguments(module: str, description: str, default: list[int]) -> argparse.Namespace:
    """Return the numbers of articles, and the folder where corpora stay, if one is named."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    parser.add_argument("articles", type=int, nargs="*", default=default, help="how many articles are generated")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where articles and databases stay")
    return parser.parse_args()


@contextmanager
def open_folder(keep: Path | None) -> Iterator[Path]:
    """Yield the folder where corpora stay, or else one that is removed in the end."""
    with tempfile.TemporaryDirectory() as scratch:
        yield (keep or Path(scratch)).resolve()
