"""UIMA XMI: a zip with the type system and an XMI file an article, as INCEpTION imports it. Needs the extra `uima`."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from app.export.archive import stream_zip
from app.export.document import Document, Report, read_documents, replace_invalid_xml
from app.rendering import JsonObject

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

NAMED_ENTITY: Final = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
"""The type of DKPro Core and INCEpTION for mentions."""


def write_xmi(articles: Iterable[JsonObject], report: Report) -> Iterator[bytes]:
    """Yield a zip archive with `TypeSystem.xml`, and an XMI file for each article, with all its mentions."""
    return stream_zip(xmi_files(articles, report))


def xmi_files(articles: Iterable[JsonObject], report: Report) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file."""
    type_system = make_type_system()
    yield "TypeSystem.xml", type_system.to_xml().encode()
    for document in read_documents(articles, report):
        yield f"{document.id}.xmi", make_cas(document, type_system).to_xmi().encode()


def make_type_system() -> "TypeSystem":
    """Return the type system: a mention has a type (`value`) and the id of its entity (`identifier`)."""
    from cassis import TypeSystem  # noqa: PLC0415  (An extra.)

    type_system = TypeSystem()
    mention = type_system.create_type(NAMED_ENTITY, "uima.tcas.Annotation")
    for feature in ("value", "identifier"):
        type_system.create_feature(mention, feature, "uima.cas.String")
    return type_system


def make_cas(document: Document, type_system: "TypeSystem") -> "Cas":
    """Return the CAS of an article. The library counts in UTF-16 code units when it writes XMI."""
    from cassis import Cas  # noqa: PLC0415  (An extra.)

    cas = Cas(
        type_system, sofa_string=replace_invalid_xml(document.text), document_language=document.article["language"]
    )
    cas.sofa_mime = "text/plain"
    mention_type = type_system.get_type(NAMED_ENTITY)
    for span in document.spans:
        identifier = span.entity["id"] if span.entity else None
        cas.add(mention_type(begin=span.start, end=span.end, value=span.type, identifier=identifier))
    return cas
