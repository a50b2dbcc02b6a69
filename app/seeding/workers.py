"""Files are read and annotated, on all cores where there are enough of them to be worth it."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple

from app.seeding.annotators import Annotator, create_annotators
from app.seeding.article import Finding, NewArticle
from app.seeding.catalogue import Catalogue
from app.seeding.fingerprints import source_fingerprint
from app.seeding.readers import CHUNK_BYTES, Chunk, read_chunk, split_file
from app.seeding.readers.failures import describe_failure
from app.seeding.scanner import ScannedFile

MANY = 8
"""From so many pieces of work on, more processes than one do them."""
FILES_PER_BATCH = 20
"""So many files, or lines of as many bytes as a piece of a file has, are one piece of work."""


class AnnotatedChunk(NamedTuple):
    """What a file gave, or a piece of one."""

    file: ScannedFile
    articles: list[tuple[NewArticle, str]]
    """Each with what names all that its file says of it."""
    findings: list[Finding]


class Work(NamedTuple):
    """What is done at a time."""

    pieces: list[Chunk | AnnotatedChunk]
    """Pieces to read, and what was found in files that have none."""
    size: int
    """In bytes."""


def annotate(files: Iterable[ScannedFile], catalogue: Catalogue, language: str) -> Iterator[AnnotatedChunk]:
    """Read and annotate files, in their order. Only a little is read ahead, however much there is."""
    several = split_into_batches(files)
    first = list(islice(several, MANY))
    if first:
        load_annotators(catalogue)
    try:
        if len(first) < MANY:
            for work in first:
                yield from annotate_pieces(work.pieces, language)
        else:
            yield from annotate_in_processes(chain(first, several), language)
    finally:
        tools.clear()


def split_into_batches(files: Iterable[ScannedFile]) -> Iterator[Work]:
    """The files in pieces of work of about the same size."""
    together: list[Chunk | AnnotatedChunk] = []
    size = 0
    for file in files:
        for piece in split_file(file):
            if isinstance(piece, Finding):
                together.append(AnnotatedChunk(file, [], [piece]))
                continue
            together.append(piece)
            size += max(CHUNK_BYTES // FILES_PER_BATCH, piece.size)
            if size >= CHUNK_BYTES:
                yield Work(together, size)
                together, size = [], 0
    if together:
        yield Work(together, size)


def annotate_in_processes(several: Iterable[Work], language: str) -> Iterator[AnnotatedChunk]:
    """The same in many processes."""
    cores = os.cpu_count() or 1
    context = multiprocessing.get_context("fork")
    ahead: deque[tuple[int, Future[list[AnnotatedChunk]]]] = deque()
    size = 0
    with ProcessPoolExecutor(cores, context, init_worker) as pool:
        try:
            for work in several:
                ahead.append((work.size, pool.submit(annotate_pieces, work.pieces, language)))
                size += work.size
                # Bytes, not pieces: a file of 50 MB is waited for alone.
                while size > (2 * cores + 1) * CHUNK_BYTES:
                    done, annotated = ahead.popleft()
                    yield from annotated.result()
                    size -= done
            for _, annotated in ahead:
                yield from annotated.result()
        except BrokenProcessPool:
            message = "A process that read files was ended from outside, perhaps for want of memory"
            raise ChildProcessError(message) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


tools: list[Annotator] = []
"""The annotators of this process, which those that it starts have from it."""


def load_annotators(catalogue: Catalogue) -> None:
    """Make the annotators."""
    tools[:] = create_annotators(catalogue)


def init_worker() -> None:
    """Let this process work for another: it ends with it, even where that was killed, and not before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A search for unreachable cycles would write to every object of the catalogue, and so copy its pages.
    gc.freeze()
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """Wait for the end of the process that started this one."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def annotate_pieces(together: Iterable[Chunk | AnnotatedChunk], language: str) -> list[AnnotatedChunk]:
    """Read some pieces, and add what the annotators find in them."""
    return [it if isinstance(it, AnnotatedChunk) else annotate_piece(it, language) for it in together]


def annotate_piece(piece: Chunk, language: str) -> AnnotatedChunk:
    """Read a piece, and add what the annotators find in it."""
    articles, findings = read_chunk(piece, language)
    annotated = []
    for article in articles:
        try:
            whole = annotate_article(article, findings)
            annotated.append((whole, source_fingerprint(whole)))
        except Exception as error:  # noqa: BLE001  (One article must not end the run; the fault says what failed.)
            findings.append(Finding(article.file, article.line, describe_failure(error)))
    return AnnotatedChunk(piece.file, annotated, findings)


def annotate_article(article: NewArticle, findings: list[Finding]) -> NewArticle:
    """Add to an article what the annotators find in it."""
    mentions = list(article.mentions)
    for annotator in tools if article.annotate else ():
        annotation = annotator.annotate(article)
        mentions += annotation.mentions
        findings += annotation.findings
    mentions.sort(key=lambda mention: (mention.paragraph, mention.start, -mention.end))
    return replace(article, mentions=tuple(mentions))
