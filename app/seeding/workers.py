"""Worker processes: read and annotate files, on all cores if there are enough of them to be worth it."""

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

from app.seeding.annotators import Annotator, AnnotatorError, create_annotators
from app.seeding.article import Finding, NewArticle, NewMention
from app.seeding.catalogue import Catalogue
from app.seeding.fingerprints import source_fingerprint
from app.seeding.readers import CHUNK_BYTES, Chunk, read_chunk, split_file
from app.seeding.readers.failures import describe_failure
from app.seeding.scanner import ScannedFile
from app.seeding.time_expressions import find_dates
from app.settings import DEFAULT_RULES, Rules
from app.system.processes import KILLED, count_cores

MIN_BATCHES = 8
"""From this many batches on, they are annotated in several processes: starting those takes about as long."""

FILES_PER_BATCH = 20
"""How many small files fill a batch."""


class AnnotatedChunk(NamedTuple):
    """The annotated articles of a file, or of a chunk of one, and its findings."""

    file: ScannedFile
    articles: list[tuple[NewArticle, str]]
    """Each with its source fingerprint."""
    findings: list[Finding]


class Batch(NamedTuple):
    """The work that a process does at a time."""

    chunks: list[Chunk | AnnotatedChunk]
    """Chunks to read, and the findings of files that can't be split into chunks."""
    size: int
    """In bytes."""


def annotate(
    files: Iterable[ScannedFile],
    catalogue: Catalogue,
    language: str,
    rules: Rules = DEFAULT_RULES,
    *,
    ner: bool = False,
) -> Iterator[AnnotatedChunk]:
    """Read and annotate files, in their order; `language` is that of articles that don't name theirs.

    `rules` and `ner` are the settings of these names. Raises `MissingModelError`.
    Memory is bounded: only a few batches are read ahead, whatever the number and size of the files.
    """
    batches = split_into_batches(files)
    first_batches = list(islice(batches, MIN_BATCHES))
    if first_batches:
        load_annotators(catalogue, rules, ner=ner)
    try:
        if len(first_batches) < MIN_BATCHES:
            for batch in first_batches:
                yield from annotate_batch(batch.chunks, language)
        else:
            yield from annotate_in_processes(chain(first_batches, batches), language)
    finally:
        loaded_annotators.clear()


def split_into_batches(files: Iterable[ScannedFile]) -> Iterator[Batch]:
    """Split files into batches of about `CHUNK_BYTES`."""
    chunks: list[Chunk | AnnotatedChunk] = []
    size = 0
    for file in files:
        for chunk in split_file(file):
            if isinstance(chunk, Finding):
                chunks.append(AnnotatedChunk(file, [], [chunk]))
                continue
            chunks.append(chunk)
            size += max(CHUNK_BYTES // FILES_PER_BATCH, chunk.size)
            if size >= CHUNK_BYTES:
                yield Batch(chunks, size)
                chunks, size = [], 0
    if chunks:
        yield Batch(chunks, size)


def annotate_in_processes(batches: Iterable[Batch], language: str) -> Iterator[AnnotatedChunk]:
    """Annotate batches in one process per core, and yield the results in order. Raises `ChildProcessError`."""
    cores = count_cores()
    context = multiprocessing.get_context("fork")
    others = {*multiprocessing.active_children()}
    pending: deque[tuple[int, Future[list[AnnotatedChunk]]]] = deque()
    pending_bytes = 0
    with ProcessPoolExecutor(cores, context, init_worker) as pool:
        try:
            for batch in batches:
                pending.append((batch.size, pool.submit(annotate_batch, batch.chunks, language)))
                pending_bytes += batch.size
                # Two batches per core and one more, in bytes: a file of 50 MB is waited for alone.
                while pending_bytes > (2 * cores + 1) * CHUNK_BYTES:
                    size, annotated = pending.popleft()
                    yield from annotated.result()
                    pending_bytes -= size
            for _, annotated in pending:
                yield from annotated.result()
        except BaseException as error:
            # The pool ends its processes later, and not at all if it lacked the memory to start its own thread.
            for process in {*multiprocessing.active_children()} - others:
                process.kill()
            if not isinstance(error, BrokenProcessPool):
                raise
            raise ChildProcessError(f"A process that reads files {KILLED}") from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


loaded_annotators: list[Annotator] = []
"""The annotators of this process; a forked worker inherits them."""


def load_annotators(catalogue: Catalogue, rules: Rules = DEFAULT_RULES, *, ner: bool = False) -> None:
    """Create the annotators of this process."""
    loaded_annotators[:] = create_annotators(catalogue, rules, ner=ner)


def init_worker() -> None:
    """Prepare a worker process: it ends when its parent ends, even if that is killed, and not on Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=exit_with_parent, daemon=True).start()


def exit_with_parent() -> None:
    """Wait for the end of the parent process, then exit."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def annotate_batch(chunks: Iterable[Chunk | AnnotatedChunk], language: str) -> list[AnnotatedChunk]:
    """Read and annotate the chunks of a batch."""
    return [chunk if isinstance(chunk, AnnotatedChunk) else annotate_chunk(chunk, language) for chunk in chunks]


def annotate_chunk(chunk: Chunk, language: str) -> AnnotatedChunk:
    """Read a chunk and annotate its articles; one that fails becomes a finding."""
    articles, findings = read_chunk(chunk, language)
    annotated = []
    for article in articles:
        try:
            whole = annotate_article(article, findings)
            annotated.append((whole, source_fingerprint(whole)))
        except Exception as error:  # noqa: BLE001  (One article must not end the run; the fault says what failed.)
            findings.append(Finding(article.file, article.line, describe_failure(error)))
    return AnnotatedChunk(chunk.file, annotated, findings)


def annotate_article(article: NewArticle, findings: list[Finding]) -> NewArticle:
    """Return the article with the mentions of all annotators and its dates; append their findings.

    Each annotator sees the mentions of those before it. One that fails costs its own mentions, and a warning.
    """
    for annotator in loaded_annotators if article.annotate else ():
        try:
            annotation = annotator.annotate(article)
        except Exception as error:  # noqa: BLE001  (An annotator must not end the run; the warning says what failed.)
            reason = str(error) if isinstance(error, AnnotatorError) else describe_failure(error)
            message = f"The annotator '{annotator.name}' marked nothing here: {reason}"
            findings.append(Finding(article.file, article.line, message, "warning"))
            continue
        findings += annotation.findings
        if annotation.mentions:
            article = replace(article, mentions=sort_mentions([*article.mentions, *annotation.mentions]))
    dates = tuple(find_dates(article)) if article.dates is None else article.dates
    return replace(article, mentions=sort_mentions(article.mentions), dates=dates)


def sort_mentions(mentions: Iterable[NewMention]) -> tuple[NewMention, ...]:
    """Return mentions in the order of the text, a longer one before those inside it."""
    return tuple(sorted(mentions, key=lambda mention: (mention.paragraph, mention.start, -mention.end)))
