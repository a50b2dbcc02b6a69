"""UIMA XMI: read the text of a CAS and the named entities in it, as INCEpTION and DKPro write them.

Only the elements are read, so that neither the type system nor a library for UIMA is needed.
"""

from collections import Counter
from collections.abc import Iterator
from io import BufferedIOBase

from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.annotated.entity_links import to_entity
from app.seeding.readers.annotated.spans import Span, set_text
from app.seeding.readers.xml.parsing import Element, find_all, local_name, read_xml

NO_LABEL = "other"
"""The label of a named entity without a value."""
CUSTOM_LAYER = "webanno/custom"
"""In the namespaces of the layers that users of INCEpTION define."""
CAS_FEATURES = {"sofa", "begin", "end"}
DERIVED = {
    *("Token", "Sentence", "Paragraph", "Div", "Heading", "DocumentAnnotation", "DocumentMetaData"),
    *("POS", "Lemma", "Stem", "MorphologicalFeatures"),
}
"""What tools derive from the text; nothing is lost with it."""


def read_xmi(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """Yield the article of a CAS. Offsets are UTF-16 code units; other annotations are counted in a warning."""
    root = read_xml(stream)
    sofa = next((element for element in find_all(root, "Sofa") if element.get("sofaString")), None)
    if sofa is None:
        raise Fault("There is no text in this XMI (`sofaString`); expected one.")
    raw = RawArticle(file.name, name, find_language(root), sofa.sourceline)
    spans, others = [], Counter[str]()
    for element in root:
        if not (element.get("begin") or "").isdecimal() or not (element.get("end") or "").isdecimal():
            continue
        if label := find_label(element):
            entity = to_entity(element.get("identifier"))
            start, end = int(element.get("begin")), int(element.get("end"))
            spans.append(Span(start, end, label, None, entity, line=element.sourceline))
        elif local_name(element) not in DERIVED:
            others[local_name(element)] += 1
    if others:
        counts = ", ".join(f"{count:,} {kind}" for kind, count in others.most_common())
        raw.add_warning(f"Annotations that are no named entities were left out: {counts}.")
    set_text(raw, sofa.get("sofaString"), spans, file.options.get("types", {}), "utf16")
    yield raw


def find_language(root: Element) -> dict[str, str]:
    """Return the language of a CAS as a document, if it is known."""
    languages = (element.get("language") for element in find_all(root, "DocumentMetaData", "DocumentAnnotation"))
    language = next((language for language in languages if language and language != "x-unspecified"), None)
    return {"language": language} if language else {}


def find_label(element: Element) -> str | None:
    """Return the label of an annotation that marks a name: a named entity, or a span of a layer of the user's."""
    if local_name(element) == "NamedEntity":
        return element.get("value") or NO_LABEL
    if CUSTOM_LAYER in element.tag and not element.get("Dependent"):
        values = (value for key, value in element.attrib.items() if key not in CAS_FEATURES and "}" not in key)
        return next(filter(None, values), local_name(element))
    return None
