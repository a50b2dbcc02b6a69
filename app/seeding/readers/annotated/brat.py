"""brat: read a text and the standoff annotations in the `.ann` file beside it."""

import re
from collections.abc import Iterator
from io import BufferedIOBase
from itertools import pairwise
from typing import Any

from app.seeding.article import ScannedFile
from app.seeding.files import open_file
from app.seeding.limits import LONGEST_TEXT
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.annotated.spans import Span, set_text
from app.seeding.readers.decoding import BOM, decode_text, read_bytes, refuse_control_characters

TEXT_BOUND = re.compile(r"T(?P<id>\S+)\t(?P<label>\S+) (?P<offsets>\d+ \d+(?:;\d+ \d+)*)(?:\t(?P<exact>.*))?")
NORMALIZATION = re.compile(r"N\S+\tReference (?P<target>\S+) (?P<source>[^\s:]+):(?P<id>\S+)(?:\t(?P<name>.*))?")
WIKIDATA_ID = re.compile(r"Q[1-9][0-9]{0,18}")


def read_brat(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a text and its annotations.

    A normalization with a Wikidata id, or with a name, becomes the entity of its mention. What is no text-bound
    annotation (relations, events, attributes, notes, other normalizations) is kept, line by line, as `brat`.
    """
    raw = RawArticle(file.name, name, {})
    text = decode_annotated_text(raw, stream, file.encoding)
    spans, others = parse_annotations(raw, read_companion(file))
    set_text(raw, text, spans, file.options.get("types", {}))
    if others:
        raw.document["extra"] = {"brat": others}
    yield raw


def decode_annotated_text(raw: RawArticle, stream: BufferedIOBase, encoding: str | None) -> str:
    """Return a text whose every code point counts for the offsets of its annotations. Raises `Fault`."""
    text, warnings = decode_text(read_bytes(stream, LONGEST_TEXT), encoding=encoding)
    for message in warnings:
        raw.add_warning_in_line(message, 1)
    text = text.removeprefix("\ufeff")
    refuse_control_characters(text)
    return text


def read_companion(file: ScannedFile) -> str:
    """Return the text of the file of annotations beside a file. Raises `Fault` if that can't be read."""
    with open_file(file.companion or "", LONGEST_TEXT) as stream:
        data = stream.read(LONGEST_TEXT + 1)
    try:
        return data.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        raise Fault(f"The annotations beside this file are not UTF-8 (byte {error.start}); expected UTF-8.") from None


def parse_annotations(raw: RawArticle, content: str) -> tuple[list[Span], list[str]]:
    """Return the spans of standoff annotations, and all other lines; add a fault for each that is not understood."""
    entities: dict[str, dict[str, Any]] = {}
    texts: dict[str, tuple[int, re.Match[str]]] = {}
    others = []
    for number, line in enumerate(content.splitlines(), start=1):
        if match := TEXT_BOUND.fullmatch(line):
            texts[f"T{match['id']}"] = number, match
        elif line.startswith("T"):
            message = f"Line {number} of the annotations is '{line[:60]}'; expected an id, a label and offsets"
            raw.add_fault(f"{message}, such as `T1<tab>Person 0 3<tab>Ann`.")
        elif match := NORMALIZATION.fullmatch(line):
            if entity := parse_normalization(match):
                entities[match["target"]] = entity
            else:
                others.append(line)
        elif line.strip():
            others.append(line)
    spans = [to_span(raw, match, number, entities.get(key)) for key, (number, match) in texts.items()]
    return spans, others


def parse_normalization(match: re.Match[str]) -> dict[str, Any] | None:
    """Return the entity that a normalization gives: its Wikidata id, its name, or both; None if it has neither."""
    entity = {}
    if name := (match["name"] or "").strip():
        entity["name"] = name
    if WIKIDATA_ID.fullmatch(match["id"]):
        entity["wikidata"] = match["id"]
    elif not name or match["source"].lower() not in {"wikipedia", "dbpedia"}:
        return None
    return entity


def to_span(raw: RawArticle, match: re.Match[str], number: int, entity: dict[str, Any] | None) -> Span:
    """Return the span of a text-bound annotation, from its first to its last character if it has gaps."""
    pieces = [piece.split() for piece in match["offsets"].split(";")]
    start, end = int(pieces[0][0]), int(pieces[-1][1])
    exact = match["exact"]
    # brat divides a span at a line end, which is one character.
    if any(int(after[0]) - int(before[1]) > 1 for before, after in pairwise(pieces)):
        raw.add_warning(
            f"The annotation {match['label']} '{exact}' has gaps (line {number} of the annotations); "
            "what stands in them was marked, too."
        )
        exact = None
    return Span(start, end, match["label"], exact, entity)
