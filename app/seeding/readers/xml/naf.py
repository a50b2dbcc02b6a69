"""NAF: read a text and its entity layer, as the pipelines of NewsReader and others write them."""

from collections.abc import Iterator, Mapping
from io import BufferedIOBase
from typing import Any, NamedTuple

from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.annotated.entity_links import to_entity
from app.seeding.readers.annotated.spans import Span, set_text
from app.seeding.readers.annotated.tags import Token, join_tokens
from app.seeding.readers.json_files.foreign_keys import set_aside_unusable
from app.seeding.readers.xml.parsing import Element, find_all, find_children, find_text, read_xml

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Word(NamedTuple):
    """A word form, and where it stands in the text."""

    text: str
    start: int
    end: int


def read_naf(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a file. The words of an entity are compared with the text at their offsets."""
    root = read_xml(stream)
    raw = RawArticle(file.name, name, read_header(root))
    forms = list(find_all(root, "wf"))
    text = "".join(text for element in find_children(root, "raw") for text in element.itertext())
    if not text.strip():
        text, words = join_words(forms)
    else:
        words = {form.get("id"): locate_word(form) for form in forms}
    terms = {term.get("id"): list_targets(term) for term in find_all(root, "term")}
    spans = [
        to_span(entity, list_targets(reference), terms, words)
        for entity in find_all(root, "entity")
        for reference in find_children(next(find_children(entity, "references"), entity), "span")
    ]
    set_text(raw, text, spans, file.options.get("types", {}))
    set_aside_unusable(raw)
    yield raw


def read_header(root: Element) -> dict[str, Any]:
    """Return what the header says of the article."""
    description = next(find_all(root, "fileDesc"), None)
    public = next(find_all(root, "public"), None)
    moments = (time.get("value") for time in find_all(root, "timex3") if time.get("functionInDocument"))
    values = {} if description is None else description.attrib
    document = {
        "title": values.get("title"),
        "authors": values.get("author"),
        "source": values.get("magazine") or values.get("publisher"),
        "published_at": values.get("creationtime") or next(filter(None, moments), None),
        "source_url": None if public is None else public.get("uri"),
        "language": root.get(XML_LANG),
    }
    return {key: value for key, value in document.items() if value}


def locate_word(form: Element) -> Word:
    """Return a word form by its offset and its length. Raises `Fault` if it has none."""
    offset, length = form.get("offset") or "", form.get("length") or ""
    if not offset.isdecimal() or not length.isdecimal():
        raise Fault("This word form has no `offset` or no `length`; expected both.", form.sourceline)
    return Word(form.text or "", int(offset), int(offset) + int(length))


def join_words(forms: list[Element]) -> tuple[str, dict[str, Word]]:
    """Return the text that word forms make, a paragraph a line, and the word forms by id."""
    pieces: list[str] = []
    words: dict[str, Word] = {}
    start = 0
    numbers = [form.get("para") for form in forms]
    first = [index for index, number in enumerate(numbers) if not index or number != numbers[index - 1]]
    for index, following in zip(first, [*first[1:], len(forms)], strict=True):
        paragraph, offsets = join_tokens([Token(form.text or "") for form in forms[index:following]])
        for form, (begin, end) in zip(forms[index:following], offsets, strict=True):
            words[form.get("id")] = Word(form.text or "", start + begin, start + end)
        pieces.append(paragraph)
        start += len(paragraph) + 2
    return "\n\n".join(pieces), words


def list_targets(element: Element) -> list[str]:
    """Return the ids that a term, or a span, points to."""
    return [target.get("id", "") for target in find_all(element, "target")]


def to_span(entity: Element, targets: list[str], terms: Mapping[str, list[str]], words: Mapping[str, Word]) -> Span:
    """Return the span of an entity, whose targets are terms or word forms. Raises `Fault` for an unknown one."""
    ids = [word for target in targets for word in terms.get(target, [target])]
    if not ids or not words.keys() >= set(ids):
        unknown = next((id for id in ids if id not in words), "")
        raise Fault(f"An entity points to '{unknown}', which is no word of the text; expected one.", entity.sourceline)
    marked = sorted((words[id] for id in ids), key=lambda word: word.start)
    exact, last = "", marked[0].start
    for word in marked:
        exact += (" " if word.start > last else "") + word.text
        last = word.end
    links = (to_entity(reference.get("reference")) for reference in find_all(entity, "externalRef"))
    label = entity.get("type") or find_text(entity, "type") or "other"
    return Span(marked[0].start, last, label, exact, next(filter(None, links), None), line=entity.sourceline)
