"""`/entities/graph`: the entities of a selection as nodes, and how often two occur together as edges."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from app.api.deps import Corpus, CorpusDep, select
from app.api.docs.responses import COMMON, ERRORS, declare_responses
from app.api.exports.export import Export, ExportSourceDep
from app.api.exports.response import stream_export
from app.api.exports.suffixes import find_format
from app.api.lists.pagination import FilterWarning
from app.api.query_string import get_query_string
from app.api.routing import QueryRoute
from app.export.graphs import GRAPH_FORMATS
from app.models import EntityType
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.counts.co_occurrence import Pair, count_pairs
from app.search.counts.npmi import association
from app.search.names.directory import KnownEntity
from app.search.query.empty_selections import explain_empty_selection
from app.search.query.filters import FilterParams, Types, parse_int
from app.search.query.warnings import build_warnings

router = APIRouter(
    prefix="/entities/graph",
    tags=["entities"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)
files = APIRouter(tags=["exports"], dependencies=[Depends(get_query_string)], default_response_class=Response)

MAX_NODES: Final = 200
"""Up to 19,900 edges: 2 MB of JSON."""


class GraphNode(Schema):
    """An entity."""

    id: str
    """Identifier, as used in filters and URLs."""
    name: str
    """Display name."""
    type: EntityType
    """Type of the entity."""
    wikidata: str | None
    """Identifier in Wikidata."""
    local: bool
    """Whether the entity comes from names in the articles, and neither a document nor a catalogue describes it."""
    count: int
    """Number of selected paragraphs (with `within=article`: articles) that mention it."""
    association: float | None
    """Normalised pointwise mutual information with the selection, as in `/entities`; null without filters."""


class GraphEdge(Schema):
    """Two entities that occur together. Edges have no direction."""

    source: str
    """Identifier of one entity."""
    target: str
    """Identifier of the other entity."""
    count: int
    """Number of selected paragraphs (with `within=article`: articles) that mention both."""
    association: float
    """Normalised pointwise mutual information in the selection: from -1 over 0 (together as often as by chance) to 1
    (never apart)."""


class EntityGraph(Schema):
    """The most frequent entities of a selection, and which of them occur together."""

    nodes: list[GraphNode]
    """Entities, the most frequent first."""
    edges: list[GraphEdge]
    """Pairs of them that occur together, the most frequent first."""
    selected: int
    """Number of selected paragraphs (with `within=article`: articles)."""
    entities: int
    """Number of entities that are mentioned in them; at most `limit` of them are nodes."""
    warnings: list[FilterWarning] = Field(default_factory=list)
    """Values that do not occur in the corpus or may mean something else, and why `q` finds nothing; only if any."""


class GraphParams(FilterParams):
    """Which articles or paragraphs to look at, and how large the graph may be."""

    WITHIN = "paragraph"
    USES: ClassVar = ("graph",)

    type: Types = ()
    """Require one of these types of entities."""
    min_count: Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(parse_int)] = 1
    """Return only edges with at least this count."""
    limit: Annotated[int, Field(ge=1, le=MAX_NODES), BeforeValidator(parse_int)] = 50
    """Entities to return, the most frequent ones, at most 200."""


@router.get("", response_model=EntityGraph)
def read_graph(params: Annotated[GraphParams, Query()], corpus: CorpusDep) -> Response:
    """Return which entities occur together: in the same paragraph, or with `within=article` in the same article."""
    return Response(orjson.dumps(build_graph(params, corpus)), media_type="application/json")


@files.get(
    "/entities/graph.{suffix}",
    responses={
        200: {
            "description": "The file.",
            "content": {
                each.media_type: {"schema": {"type": "string", "format": "binary"}} for each in GRAPH_FORMATS.values()
            },
        },
        **declare_responses(304, 404, 422, 503),
        **COMMON,
    },
)
def export_graph(
    suffix: Annotated[
        str,
        Path(
            description="The format: `graphml` or `gexf`.",
            examples=["graphml"],
            json_schema_extra={"enum": [*GRAPH_FORMATS]},
        ),
    ],
    params: Annotated[GraphParams, Query()],
    source: ExportSourceDep,
    request: Request,
) -> Response:
    """Write the graph in a format of Gephi, networkx, igraph and Cytoscape."""
    file_format = find_format(GRAPH_FORMATS, suffix, "/entities/graph")

    def write() -> Iterator[bytes]:
        graph = build_graph(params, source.corpus)
        yield from file_format.write(graph["nodes"], graph["edges"])

    return stream_export(request, Export("graph", suffix, file_format.media_type, write()), source)


def build_graph(params: GraphParams, corpus: Corpus) -> JsonObject:
    """Return the graph in the shape of `EntityGraph`."""
    selection, unknown = select(params, corpus.snapshot)
    entities = corpus.snapshot.directory.entities
    counts = selection.counts("entity")
    if (ids := corpus.snapshot.directory.select_ids(params.type, params.local)) is not None:
        counts = [value for value in counts if value[0] in ids]
    nodes = counts[: params.limit]
    size, totals = corpus.snapshot.size(selection.kind), corpus.snapshot.value_counts(selection.kind, "entity").totals

    def associate(id: str, count: int) -> float | None:
        return association(count, selection.total, totals[id], size) if params.filtered else None

    graph: JsonObject = {
        "nodes": [render_node(entities[id], count, associate(id, count)) for id, count in nodes],
        "edges": [render_edge(pair) for pair in count_pairs(selection, "entity", nodes, params.min_count)],
        "selected": selection.total,
        "entities": len(counts),
    }
    if warnings := [*unknown, *explain_empty_selection(params, selection)]:
        graph["warnings"] = build_warnings(warnings, corpus.snapshot)
    return graph


def render_node(entity: KnownEntity, count: int, association: float | None) -> JsonObject:
    """Return an entity in the shape of `GraphNode`."""
    return {
        "id": entity.id,
        "name": entity.name,
        "type": entity.type,
        "wikidata": entity.wikidata,
        "local": entity.local,
        "count": count,
        "association": association,
    }


def render_edge(pair: Pair) -> JsonObject:
    """Return a pair in the shape of `GraphEdge`."""
    return {"source": pair.first, "target": pair.second, "count": pair.documents, "association": pair.association}


router.routes += files.routes  # Files are no JSON, and streamed without the cache: `QueryRoute` is not for them.
