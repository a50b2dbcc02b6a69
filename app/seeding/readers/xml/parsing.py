"""XML: parse a document without network, entities of its own or external DTDs, and read texts and dates of elements."""

import html.entities
import re
from collections.abc import Callable, Iterator
from functools import cache
from io import BufferedIOBase
from typing import Any

from lxml import etree

from app.seeding.limits import LONGEST_XML
from app.seeding.normalize.raw import Fault, shorten
from app.seeding.readers.decoding import read_bytes

Element = Any
"""An element of lxml, which has no types."""

NAMED_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
"""An entity of HTML; XML has five."""
ENTITY_DECLARATION = re.compile(rb"<!ENTITY\b")


def read_xml(stream: BufferedIOBase, line: int = 1) -> Element:
    """Return the root element of a stream, which begins in this line of its file. Raises `Fault` for what is no XML."""
    return parse_xml(read_bytes(stream, LONGEST_XML), line)


def parse_xml(data: bytes, line: int = 1) -> Element:
    """Return the root element of a document, which begins in this line of its file. Raises `Fault` if it is no XML."""
    if ENTITY_DECLARATION.search(data):
        raise Fault("The XML declares entities; expected none.", line)
    data = NAMED_ENTITY.sub(to_character_reference, data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data.lstrip(), parser)
    except etree.XMLSyntaxError as error:
        message = (error.msg or "it has no element").partition(", line ")[0]
        raise Fault(f"This is not XML: {shorten(message)}.", line + (error.lineno or 1) - 1) from None


def to_character_reference(match: re.Match[bytes]) -> bytes:
    """Return the character reference of an entity of HTML, or the entity as text if there is no such."""
    name = f"{match[1].decode()};"
    characters = html.entities.html5.get(name)
    if characters is None:
        return b"&amp;" + match[0][1:]
    return "".join(f"&#{ord(character)};" for character in characters).encode()


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace; an empty string for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


@cache
def in_any_namespace(names: tuple[str, ...]) -> list[str]:
    """Return local names as lxml writes those of any namespace."""
    return [f"{{*}}{name}" for name in names]


def find_children(element: Element, *names: str) -> Iterator[Element]:
    """Return an iterator over the children with one of these local names."""
    children: Iterator[Element] = element.iterchildren(*in_any_namespace(names))
    return children


def find_all(element: Element, *names: str) -> Iterator[Element]:
    """Return an iterator over all that is in an element, and the element, with one of these local names."""
    elements: Iterator[Element] = element.iter(*in_any_namespace(names))
    return elements


def read_inline_text(element: Element | None) -> str:
    """Return the text of an element and of what is in it, on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def find_text(element: Element, *names: str, find: Callable[..., Iterator[Element]] = find_children) -> str | None:
    """Return the first text that a child with one of these names has, in the order of the names; None without one."""
    texts = (read_inline_text(child) for name in names for child in find(element, name))
    return next(filter(None, texts), None)
