"""Graph formats: entities as nodes and their co-occurrence as weighted edges, in GraphML and GEXF.

Both are read by Gephi, networkx, igraph and Cytoscape. Edges have no direction; their weight is the count.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from app.export.document import escape_xml
from app.rendering import JsonObject

NODE_ATTRIBUTES: Final = {
    "name": "string",
    "type": "string",
    "wikidata": "string",
    "local": "boolean",
    "count": "int",
    "association": "double",
}
EDGE_ATTRIBUTES: Final = {"count": "int", "association": "double"}
"""The attributes by name, each with its type in GraphML."""

GEXF_TYPES: Final = {"int": "integer"}
"""The types that GEXF names otherwise."""


class GraphFormat(NamedTuple):
    """A format of graphs."""

    media_type: str
    description: str
    write: Callable[[Iterable[JsonObject], Iterable[JsonObject]], Iterator[bytes]]
    """Takes nodes and edges as JSON, and yields the file."""
    extra: None = None
    """No format of graphs needs a library."""


def write_graphml(nodes: Iterable[JsonObject], edges: Iterable[JsonObject]) -> Iterator[bytes]:
    """Yield a GraphML document."""
    keys = [("node", NODE_ATTRIBUTES), ("edge", {**EDGE_ATTRIBUTES, "weight": "double"})]
    declared = "".join(
        f'<key id="{kind}-{name}" for="{kind}" attr.name="{name}" attr.type="{type}"/>\n'
        for kind, attributes in keys
        for name, type in attributes.items()
    )
    start = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    yield f'{DECLARATION}{start}\n{declared}<graph edgedefault="undirected">\n'.encode()
    for node in nodes:
        data = write_data("node", NODE_ATTRIBUTES, node)
        yield f'<node id="{escape_xml(node["id"])}">{data}</node>\n'.encode()
    for edge in edges:
        source, target = escape_xml(edge["source"]), escape_xml(edge["target"])
        data = write_data("edge", {**EDGE_ATTRIBUTES, "weight": "double"}, {**edge, "weight": edge["count"]})
        yield f'<edge source="{source}" target="{target}">{data}</edge>\n'.encode()
    yield b"</graph>\n</graphml>\n"


def write_gexf(nodes: Iterable[JsonObject], edges: Iterable[JsonObject]) -> Iterator[bytes]:
    """Yield a GEXF document."""
    start = '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n<graph defaultedgetype="undirected">'
    yield f"{DECLARATION}{start}\n".encode()
    for kind, attributes in (("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)):
        declared = "".join(
            f'<attribute id="{name}" title="{name}" type="{GEXF_TYPES.get(type, type)}"/>'
            for name, type in attributes.items()
        )
        yield f'<attributes class="{kind}">{declared}</attributes>\n'.encode()
    yield b"<nodes>\n"
    for node in nodes:
        values = write_values(NODE_ATTRIBUTES, node)
        yield f'<node id="{escape_xml(node["id"])}" label="{escape_xml(node["name"])}">{values}</node>\n'.encode()
    yield b"</nodes>\n<edges>\n"
    for number, edge in enumerate(edges):
        ends = f'source="{escape_xml(edge["source"])}" target="{escape_xml(edge["target"])}"'
        values = write_values(EDGE_ATTRIBUTES, edge)
        yield f'<edge id="{number}" {ends} weight="{edge["count"]}">{values}</edge>\n'.encode()
    yield b"</edges>\n</graph>\n</gexf>\n"


DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_data(kind: str, attributes: Mapping[str, str], item: JsonObject) -> str:
    """Return the attributes of a node or an edge in GraphML, without those that are null."""
    return "".join(f'<data key="{kind}-{name}">{text}</data>' for name, text in write_texts(attributes, item))


def write_values(attributes: Mapping[str, str], item: JsonObject) -> str:
    """Return the attributes of a node or an edge in GEXF, without those that are null."""
    values = (f'<attvalue for="{name}" value="{text}"/>' for name, text in write_texts(attributes, item))
    return f"<attvalues>{''.join(values)}</attvalues>"


def write_texts(attributes: Mapping[str, str], item: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield the names of attributes with their values as XML has them."""
    for name in attributes:
        value: Any = item[name]
        if value is not None:
            yield name, str(value).lower() if isinstance(value, bool) else escape_xml(value)


GRAPH_FORMATS: Final = {
    "graphml": GraphFormat("application/graphml+xml", "GraphML", write_graphml),
    "gexf": GraphFormat("application/gexf+xml", "GEXF 1.3", write_gexf),
}
"""By suffix."""
