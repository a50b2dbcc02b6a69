"""CoNLL: read files of one token a line, with entities as tags in a column, or in the last column of CoNLL-U."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedIOBase

from app.seeding.article import Finding, ScannedFile
from app.seeding.limits import LONGEST_JSON
from app.seeding.normalize.raw import RawArticle
from app.seeding.readers.annotated.columns import Row, Word, read_words, recognize_layout
from app.seeding.readers.annotated.coreference import CoreferenceSchema, EntitySpan, decode_entities
from app.seeding.readers.annotated.spans import Span, set_text
from app.seeding.readers.annotated.tags import decode_tags, is_tag, join_tokens
from app.seeding.readers.decoding import decode_text, read_bytes, refuse_control_characters
from app.seeding.readers.item_faults import report_fault
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable, to_document
from app.seeding.readers.splitting import Records, split_at_lines

NEW_DOCUMENT = re.compile(
    r"-DOCSTART-[ \t]*(?:\((?P<name>[^()]+)\))?.*|#\s*newdoc(?:[ _]id\s*=\s*(?P<id>.*))?", re.DOTALL
)
METADATA = re.compile(r"#\s*meta::(?P<key>\w+)\s*=\s*(?P<value>.*)")
SCHEMA = re.compile(r"#\s*global\.Entity\s*=\s*(?P<names>\S+)")


@dataclass
class Passage:
    """A document of a CoNLL file: its comments, and its sentences."""

    line: int
    id: str | None = None
    is_marked: bool = False
    """Whether a line says that a document begins here."""
    metadata: dict[str, str] = field(default_factory=dict)
    sentences: list[list[Row]] = field(default_factory=list)
    paragraph_starts: set[int] = field(default_factory=set)
    """Sentences that begin a paragraph, if the file says so."""


def split_documents(_file: ScannedFile, stream: BufferedIOBase, size: int) -> Iterator[Records]:
    """Yield chunks of whole documents."""
    return split_at_lines(stream, size, lambda line: line.startswith((b"-DOCSTART-", b"# newdoc")))


def read_conll(
    file: ScannedFile, name: str, stream: BufferedIOBase, line: int = 1, offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of a CoNLL file, one for each of its documents."""
    text, warnings = decode_text(read_bytes(stream, 2 * LONGEST_JSON), line, offset, file.encoding)
    yield from (Finding(file.name, line, message, "warning") for message in warnings)
    text = text.removeprefix("\ufeff")
    refuse_control_characters(text)
    schema = CoreferenceSchema()
    for passage in parse_passages(text, line):
        if names := passage.metadata.pop("global.Entity", None):
            schema = CoreferenceSchema.parse(names)
        if passage.sentences:
            yield to_article(file, None if passage.is_marked else name, passage, schema)


def parse_passages(text: str, line: int) -> Iterator[Passage]:
    """Yield the documents of a text that begins in this line of its file."""
    passage = Passage(line)
    rows: list[Row] = []
    for number, content in enumerate(text.replace("\r\n", "\n").split("\n"), start=line):
        if start := NEW_DOCUMENT.fullmatch(content):
            if rows:
                passage.sentences.append(rows)
                rows = []
            if passage.sentences:
                yield passage
                passage = Passage(number)
            passage.id, passage.is_marked = start["id"] or start["name"], True
        elif content.startswith("#") and not is_token_line(content):
            read_comment(passage, content)
        elif content.strip():
            rows.append(Row(content.split("\t") if "\t" in content else content.split(), number))
        elif rows:
            passage.sentences.append(rows)
            rows = []
    if rows:
        passage.sentences.append(rows)
    yield passage


def is_token_line(content: str) -> bool:
    """Tell whether a line that begins with `#` is a token and its tag, not a comment."""
    columns = content.split()
    return columns[0] == "#" and len(columns) in {2, 3, 4} and is_tag(columns[-1])


def read_comment(passage: Passage, content: str) -> None:
    """Keep what a comment says about its document."""
    if match := METADATA.fullmatch(content):
        passage.metadata[match["key"]] = match["value"].strip()
    elif match := SCHEMA.fullmatch(content):
        passage.metadata["global.Entity"] = match["names"]
    elif content.lstrip("# ").startswith("newpar"):
        passage.paragraph_starts.add(len(passage.sentences))


def to_article(file: ScannedFile, name: str | None, passage: Passage, schema: CoreferenceSchema) -> RawArticle:
    """Return the article of a document."""
    raw = RawArticle(file.name, name, to_document({"id": passage.id, **passage.metadata}), passage.line)
    raw.document.pop("text", None)
    set_aside_unusable(raw)
    with report_fault(raw):
        text, spans = join_sentences(passage, schema)
        set_text(raw, text, spans, file.options.get("types", {}))
    return raw


def join_sentences(passage: Passage, schema: CoreferenceSchema) -> tuple[str, list[Span]]:
    """Return the text of a document, with its paragraphs, and the spans in it. Raises `Fault` if it has no tags."""
    layout = recognize_layout([row for sentence in passage.sentences for row in sentence])
    text = ""
    spans: list[Span] = []
    for index, sentence in enumerate(passage.sentences):
        if text:
            is_new_paragraph = not passage.paragraph_starts or index in passage.paragraph_starts
            text += "\n\n" if is_new_paragraph else " "
        words = read_words(sentence, layout)
        sentence_text, offsets = join_tokens([word.token for word in words])
        spans += [
            Span(
                len(text) + offsets[span.first][0],
                len(text) + offsets[span.last][1],
                span.label,
                entity=span.entity,
                line=words[span.first].line,
            )
            for span in decode_words(words, schema)
        ]
        text += sentence_text
    return text, spans


def decode_words(words: Sequence[Word], schema: CoreferenceSchema) -> Iterator[EntitySpan]:
    """Yield the spans of a sentence, by its tags or by the entities in its last column."""
    for layer in zip(*(word.tags for word in words), strict=True):
        for first, last, label in decode_tags(layer):
            yield EntitySpan(first, last, label)
    yield from decode_entities([word.entities for word in words], schema)
