"""spaCy DocBin: read documents and their entities and spans. Needs the extra `spacy`."""

import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from app.seeding.article import ScannedFile
from app.seeding.limits import LONGEST_DOCBIN, LONGEST_XML
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.annotated.entity_links import to_entity
from app.seeding.readers.annotated.spans import Span, set_text
from app.seeding.readers.decoding import read_bytes
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable, to_document


def read_docbin(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the articles of a DocBin: `ents` and all groups of `spans` are mentions, each once.

    What the user's data of a document say of an article (`id` or `article`, `title`, `date`) is taken.
    """
    docs = list(open_docbin(read_bytes(stream, LONGEST_XML)))
    if not docs:
        raise Fault("There are no documents in this DocBin; expected some.")
    for doc in docs:
        data = {key: value for key, value in doc.user_data.items() if isinstance(key, str)}
        if "id" not in data and "article" in data:
            data["id"] = data.pop("article")
        raw = RawArticle(file.name, name if len(docs) == 1 else None, to_document(data))
        set_aside_unusable(raw)
        set_text(raw, doc.text, find_spans(doc), file.options.get("types", {}))
        yield raw


def open_docbin(data: bytes) -> Iterator[Doc]:
    """Yield the documents of a DocBin. Raises `Fault` for what is none, or unpacks to too much."""
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(data, LONGEST_DOCBIN)
        if unpacker.unconsumed_tail:
            raise Fault(f"The DocBin unpacks to more than {LONGEST_DOCBIN // 1_000_000} MB; expected less.")
        docs: list[Any] = list(DocBin().from_bytes(data).get_docs(Vocab()))
    except Fault:
        raise
    except Exception as error:  # noqa: BLE001  (spaCy raises whatever its libraries raise for damaged data.)
        raise Fault(f"This is no DocBin of spaCy ({type(error).__name__}); expected one.") from None
    yield from docs


def find_spans(doc: Doc) -> list[Span]:
    """Return the entities and the spans of a document, each once, in the order of the text."""
    marked = [*doc.ents, *(span for group in doc.spans.values() for span in group)]
    spans = {
        (span.start_char, span.end_char, span.label_): Span(
            span.start_char, span.end_char, span.label_ or "other", span.text, to_entity(span.kb_id_)
        )
        for span in marked
    }
    return [spans[key] for key in sorted(spans)]
