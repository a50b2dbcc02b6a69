"""Files are read and annotated, on all cores where there are enough of them to be worth it."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import NamedTuple

from app.seeding.annotators import Annotator, annotators
from app.seeding.catalogue import Catalogue
from app.seeding.documents import Article, Finding
from app.seeding.folder import SourceFile
from app.seeding.readers import read

MANY = 200
"""From so many files on, more processes than one read them."""
TOGETHER = 20
"""So many files are one piece of work."""


class Annotated(NamedTuple):
    """What one file gave."""

    file: SourceFile
    articles: list[Article]
    findings: list[Finding]


def annotate(files: Sequence[SourceFile], catalogue: Catalogue, language: str) -> Iterator[Annotated]:
    """Read and annotate files, in their order. Only a few are read ahead, however many there are."""
    if len(files) >= MANY:
        yield from annotate_together(files, catalogue, language)
    elif files:
        prepare(catalogue)
        yield from annotate_files(files, language)


def annotate_together(files: Sequence[SourceFile], catalogue: Catalogue, language: str) -> Iterator[Annotated]:
    """The same in many processes."""
    cores = os.cpu_count() or 1
    context = multiprocessing.get_context("fork")
    ahead: deque[Future[list[Annotated]]] = deque()
    with ProcessPoolExecutor(cores, context, enlist, (catalogue,)) as pool:
        try:
            for start in range(0, len(files), TOGETHER):
                ahead.append(pool.submit(annotate_files, files[start : start + TOGETHER], language))
                if len(ahead) > 2 * cores:
                    yield from ahead.popleft().result()
            while ahead:
                yield from ahead.popleft().result()
        except BrokenProcessPool:
            message = "A process that read files was ended from outside, perhaps for want of memory"
            raise ChildProcessError(message) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


tools: list[Annotator] = []
"""The annotators of this process."""


def prepare(catalogue: Catalogue) -> None:
    """Make this process's annotators."""
    tools[:] = annotators(catalogue)


def enlist(catalogue: Catalogue) -> None:
    """Let this process work for another: it ends with it, even where that was killed, and not before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    prepare(catalogue)


def end_with_parent() -> None:
    """Wait for the end of the process that started this one."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def annotate_files(files: Sequence[SourceFile], language: str) -> list[Annotated]:
    """Read some files, and add what the annotators find in them."""
    return [annotate_file(file, language) for file in files]


def annotate_file(file: SourceFile, language: str) -> Annotated:
    """Read one file, and add what the annotators find in it."""
    articles, findings = read(file, language)
    annotated = []
    for article in articles:
        mentions = list(article.mentions)
        for annotator in tools if article.annotate else ():
            annotation = annotator.annotate(article)
            mentions += annotation.mentions
            findings += annotation.findings
        mentions.sort(key=lambda mention: (mention.paragraph, mention.start, -mention.end))
        annotated.append(replace(article, mentions=tuple(mentions)))
    return Annotated(file, annotated, findings)
