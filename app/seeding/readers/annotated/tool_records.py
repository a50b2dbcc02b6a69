"""Records of annotation tools: read those of doccano, Prodigy, spaCy, Label Studio and token data sets in JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import RawArticle, shorten
from app.seeding.readers.annotated.label_studio import is_task, is_task_summary, read_task, read_task_summary
from app.seeding.readers.annotated.spans import Span, set_text
from app.seeding.readers.annotated.tags import Token, decode_tags, is_tag, join_tokens
from app.seeding.readers.annotated.tool_record import LABELS, STARTS, ToolRecord, read_spans
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable, to_document

SPAN_KEYS = ("spans", "ents", "entities", "label", "labels")
"""Where records keep spans: Prodigy, spaCy, doccano with relations, doccano, doccano of old."""
TAG_KEYS = ("ner_tags", "ner", "tags", "labels")
DERIVED_KEYS = {"tokens", "sents"}
"""What tools derive from the text."""


def read_tool_record(file: ScannedFile, name: str | None, value: Any, line: int) -> RawArticle | None:
    """Return the article of a JSON value that is a record of an annotation tool; None for any other value."""
    read = find_dialect(value)
    if read is None:
        return None
    raw = RawArticle(file.name, name, {}, line)
    try:
        record = read(value)
    except ValueError as error:
        raw.add_fault(str(error))
        return raw
    for warning in record.warnings:
        raw.add_warning(warning)
    raw.document = to_document(record.rest)
    extra = raw.document.get("extra", {})
    if isinstance(meta := extra.get("meta"), dict):
        raw.document = {**to_document(meta), **raw.document, "extra": extra}
    raw.document.pop("text", None)
    set_aside_unusable(raw)
    set_text(raw, record.text, record.spans, file.options.get("types", {}), record.unit)
    return raw


def find_dialect(value: Any) -> Callable[[Any], ToolRecord] | None:
    """Return the function that reads a JSON value, if that is a record of an annotation tool."""
    if isinstance(value, list):
        is_pair = len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], dict)
        return read_spacy_pair if is_pair and isinstance(value[1].get("entities"), list) else None
    if not isinstance(value, dict) or "paragraphs" in value or "mentions" in value:
        return None
    return next((read for is_of_dialect, read in DIALECTS if is_of_dialect(value)), None)


def find_span_key(record: Mapping[str, Any]) -> str | None:
    """Return the key under which a record keeps spans; an empty list of labels means spans if there is no title."""
    keys = SPAN_KEYS[:3] if "title" in record else SPAN_KEYS
    return next((key for key in SPAN_KEYS if record.get(key) and is_list_of_spans(record[key])), None) or next(
        (key for key in keys if record.get(key) == []), None
    )


def is_list_of_spans(value: Any) -> bool:
    """Tell whether a value is a list that begins with a span."""
    if not isinstance(value, list):
        return False
    match value[0]:
        case [int(), int(), str(), *_]:
            return True
        case dict() as item:
            return any(key in item for key in STARTS) and any(key in item for key in LABELS)
    return False


def has_spans(record: Mapping[str, Any]) -> bool:
    """Tell whether a record holds a text and spans in it."""
    return isinstance(record.get("text", record.get("data")), str) and find_span_key(record) is not None


def read_span_record(record: Mapping[str, Any]) -> ToolRecord:
    """Read a record of doccano, Prodigy or spaCy: a text, and spans with offsets in code points."""
    text_key = "text" if isinstance(record.get("text"), str) else "data"
    span_key = find_span_key(record) or ""
    rest = {key: value for key, value in record.items() if key not in {text_key, span_key, *DERIVED_KEYS}}
    if record.get("answer", "accept") != "accept":
        warning = f"The record was answered with '{shorten(str(record['answer']))}', so its spans were left out."
        return ToolRecord(record[text_key], [], {**rest, span_key: record[span_key]}, warnings=[warning])
    return ToolRecord(record[text_key], read_spans(record[span_key]), rest)


def read_spacy_pair(pair: Any) -> ToolRecord:
    """Read a training example of spaCy: a list of the text and of an object with `entities`."""
    text, annotations = pair
    rest = {key: value for key, value in annotations.items() if key != "entities"}
    return ToolRecord(text, read_spans(annotations["entities"]), rest)


def find_tag_key(record: Mapping[str, Any]) -> str | None:
    """Return the key under which a record keeps one tag for each of its `tokens`."""
    tokens = record.get("tokens")
    if not isinstance(tokens, list) or not tokens or not all(isinstance(token, str) for token in tokens):
        return None
    lists = (key for key in TAG_KEYS if isinstance(record.get(key), list))
    return next((key for key in lists if len(record[key]) == len(tokens)), None)


def read_token_record(record: Mapping[str, Any]) -> ToolRecord:
    """Read a record of a token data set: `tokens` and a tag for each of them."""
    key = find_tag_key(record) or ""
    tags = record[key]
    if not all(isinstance(tag, str) and is_tag(tag) for tag in tags):
        first = next(tag for tag in tags if not isinstance(tag, str) or not is_tag(tag))
        raise ValueError(f"`{key}` holds '{shorten(str(first))}'; expected names of tags, such as B-PER, I-PER and O.")
    text, offsets = join_tokens([Token(token) for token in record["tokens"]])
    spans = [Span(offsets[first][0], offsets[last][1], label) for first, last, label in decode_tags(tags)]
    rest = {name: value for name, value in record.items() if name not in {"tokens", key, "text"}}
    return ToolRecord(text, spans, rest)


DIALECTS: tuple[tuple[Callable[[Mapping[str, Any]], bool], Callable[[Any], ToolRecord]], ...] = (
    (is_task, read_task),
    (is_task_summary, read_task_summary),
    (has_spans, read_span_record),
    (lambda record: find_tag_key(record) is not None, read_token_record),
)
"""How a record is recognised and read."""
