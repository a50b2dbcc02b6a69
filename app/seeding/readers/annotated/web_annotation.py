"""Web Annotation: read a text and the W3C annotations of it, in a `.jsonld` file beside the text."""

from collections.abc import Iterator, Sequence
from io import BufferedIOBase
from typing import Any

import orjson

from app.seeding.article import ScannedFile
from app.seeding.limits import DEEPEST
from app.seeding.normalize.raw import Fault, RawArticle, is_deeper, shorten
from app.seeding.readers.annotated.brat import decode_annotated_text, read_companion
from app.seeding.readers.annotated.entity_links import to_entity
from app.seeding.readers.annotated.spans import Span, set_text

NO_LABEL = "other"
"""The label of an annotation without a tag."""


def read_web_annotation(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a text and its annotations.

    A body with the purpose `tagging` is the label, one that identifies something is the entity; annotations with other
    bodies, such as comments, are kept as `annotations`, too.
    """
    raw = RawArticle(file.name, name, {})
    text = decode_annotated_text(raw, stream, file.encoding)
    spans, others = [], []
    for annotation in find_annotations(parse_companion(file)):
        try:
            spans.append(to_span(annotation, text))
        except ValueError as error:
            raw.add_fault(f"The annotation {shorten(str(annotation.get('id') or annotation))} {error}.")
        if any(not is_tag(body) and not find_link(body) for body in list_bodies(annotation)):
            others.append(annotation)
    set_text(raw, text, spans, file.options.get("types", {}))
    if others:
        raw.document["extra"] = {"annotations": others}
    yield raw


def parse_companion(file: ScannedFile) -> Any:
    """Return the value of the file of annotations. Raises `Fault` if that is no JSON."""
    try:
        value = orjson.loads(read_companion(file))
    except orjson.JSONDecodeError as error:
        raise Fault(f"The annotations beside this file are not JSON: {error.msg} (line {error.lineno}).") from None
    if is_deeper(value, DEEPEST):
        raise Fault(f"The annotations beside this file are nested more than {DEEPEST} deep; expected less.")
    return value


def find_annotations(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the annotations of a list, a page, a collection or a graph."""
    if isinstance(value, list):
        for item in value:
            yield from find_annotations(item)
    elif isinstance(value, dict) and "target" in value:
        yield value
    elif isinstance(value, dict):
        for key in ("items", "@graph", "first", "annotations", "rows"):
            yield from find_annotations(value.get(key))


def to_span(annotation: dict[str, Any], text: str) -> Span:
    """Return the span that an annotation marks. Raises ValueError with what is wrong, as the end of a sentence."""
    target = annotation["target"]
    selectors = list(find_selectors(target[0] if isinstance(target, list) and target else target))
    quote = next((selector for selector in selectors if isinstance(selector.get("exact"), str)), None)
    position = next((selector for selector in selectors if isinstance(selector.get("start"), int)), None)
    exact = quote["exact"] if quote else None
    bodies = list_bodies(annotation)
    label = next((str(body["value"]) for body in bodies if is_tag(body)), NO_LABEL)
    if position and isinstance(position.get("end"), int):
        start, end = position["start"], position["end"]
    elif quote:
        start = find_quote(text, quote)
        end = start + len(quote["exact"])
    else:
        raise ValueError("has neither a position nor a quote of the text; expected a selector with one of them")
    link = next(filter(None, map(find_link, bodies)), None)
    return Span(start, end, label, exact, to_entity(link))


def find_selectors(target: Any) -> Iterator[dict[str, Any]]:
    """Yield the selectors of a target, those that refine others included."""
    if not isinstance(target, dict):
        return
    for key in ("selector", "refinedBy"):
        selectors = target.get(key)
        for selector in selectors if isinstance(selectors, list) else [selectors]:
            if isinstance(selector, dict):
                yield selector
                yield from find_selectors(selector)


def find_quote(text: str, quote: dict[str, Any]) -> int:
    """Return where a quote stands, by what stands around it. Raises ValueError if that is nowhere, or many places."""
    prefix, suffix = (quote.get(key) if isinstance(quote.get(key), str) else "" for key in ("prefix", "suffix"))
    whole = f"{prefix}{quote['exact']}{suffix}"
    first = text.find(whole)
    if first < 0:
        raise ValueError(f"quotes '{shorten(quote['exact'])}', which is not in the text")
    if text.find(whole, first + 1) >= 0:
        raise ValueError(f"quotes '{shorten(quote['exact'])}', which is in the text more than once; expected a prefix")
    return first + len(prefix or "")


def list_bodies(annotation: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """Return the bodies of an annotation as objects: an address is a body that identifies something."""
    body = annotation.get("body", annotation.get("bodyValue"))
    purpose = annotation.get("motivation")
    bodies = body if isinstance(body, list) else [body]
    objects = [{"id": item} if isinstance(item, str) and "://" in item else item for item in bodies if item]
    objects = [{"value": item, "purpose": "tagging"} if isinstance(item, str) else item for item in objects]
    return [{"purpose": purpose, **item} for item in objects if isinstance(item, dict)]


def is_tag(body: dict[str, Any]) -> bool:
    """Tell whether a body is a label."""
    purpose = body.get("purpose")
    return "value" in body and (purpose in {"tagging", "classifying"} or purpose == ["tagging"])


def find_link(body: dict[str, Any]) -> str | None:
    """Return the address that a body identifies something with."""
    link = body.get("source", body.get("id", body.get("@id")))
    if "value" in body:
        link = body["value"] if body.get("purpose") in {"identifying", "linking"} else None
    return link if isinstance(link, str) and "://" in link else None
