"""The graph of an entity and those that are named with it: its edges, and where everything stands in an SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Final

from app.rendering import JsonObject
from app.web.api_client import ApiClient

WIDTH: Final = 560
"""Width of the picture, in units of its `viewBox`: on 390 pixels, a unit is .6 of one."""

HALF_WIDTH: Final = 105
"""Half the width of the ellipse on which the companions stand; their names have the room beside it."""

ROW: Final = 58
"""Height of a row: one companion on the right of the ellipse, and one on its left."""

MARGIN: Final = 20

LONGEST_LABEL: Final = 22
"""Longer names, in code points, are cut: there is no room for more."""

SMALLEST_NODE: Final = 5.0
LARGEST_NODE: Final = 12.0
THICKEST_LINE: Final = 5.0

EdgeCounts = Mapping[frozenset[str], int]
"""How many of the entity's paragraphs name two companions, by the ids of both."""


@dataclass(frozen=True, slots=True)
class Companions:
    """The entities that are named in the same paragraphs as one, the most frequent ones."""

    entities: Sequence[JsonObject]
    """Nodes of `/entities/graph`."""
    total: int
    """Number of all companions."""
    edges: EdgeCounts


@dataclass(frozen=True, slots=True)
class Node:
    """A companion on the ellipse."""

    entity: JsonObject
    x: float
    y: float
    radius: float
    line: float
    """Thickness of the line to the centre."""
    label: str
    label_x: float
    anchor: str
    """Where the label begins: `start` on the right of the ellipse, `end` on its left."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two companions, which bends towards the centre."""

    path: str
    """The `d` of an SVG path."""
    thickness: float


@dataclass(frozen=True, slots=True)
class Graph:
    """An entity in the centre, and its companions around it."""

    nodes: list[Node]
    edges: list[Edge]
    height: int
    width: int = WIDTH


async def load_companions(api: ApiClient, id: str, size: int) -> Companions:
    """Return the most frequent companions of an entity, and which of them are named together with it."""
    # The entity itself is a node, too.
    graph = await api.get("/entities/graph", [("entity", id), ("limit", size + 1)])
    entities = [node for node in graph["nodes"] if node["id"] != id][:size]
    edges = {frozenset((edge["source"], edge["target"])): edge["count"] for edge in graph["edges"]}
    return Companions(entities, max(0, graph["entities"] - 1), edges)


def draw_graph(companions: Companions) -> Graph:
    """Return the graph of companions, those that are named together side by side."""
    counts = companions.edges
    highest = max((companion["count"] for companion in companions.entities), default=1)
    by_id = {companion["id"]: companion for companion in companions.entities}
    order = order_companions([*by_id], counts)
    height = ROW * ((len(order) + 1) // 2) + 2 * MARGIN
    nodes = {id: place_node(by_id[id], index, len(order), highest, height) for index, id in enumerate(order)}
    edges = [
        draw_edge(nodes[a], nodes[b], height, counts[frozenset((a, b))] / highest)
        for a, b in combinations(order, 2)
        if frozenset((a, b)) in counts
    ]
    return Graph([*nodes.values()], edges, height)


def order_companions(ids: Sequence[str], counts: EdgeCounts) -> list[str]:
    """Return the companions so that each is followed by the one with the highest count with it: few lines cross."""
    if not ids:
        return []
    order, rest = [ids[0]], [*ids[1:]]
    while rest:
        following = max(rest, key=lambda id: counts.get(frozenset((order[-1], id)), 0))
        order.append(following)
        rest.remove(following)
    return order


def place_node(companion: JsonObject, index: int, size: int, highest: int, height: int) -> Node:
    """Return the node of a companion; half of them stand on the right, from the top, the others on the left."""
    right_size = (size + 1) // 2
    is_right = index < right_size
    row, rows = (index, right_size) if is_right else (size - 1 - index, size - right_size)
    # Rows of equal height, so that names never overlap; `rise` goes from -1, the top, to 1.
    rise = (2 * row + 1) / rows - 1
    reach = HALF_WIDTH * sqrt(1 - rise**2) * (1 if is_right else -1)
    share = companion["count"] / highest
    radius = SMALLEST_NODE + (LARGEST_NODE - SMALLEST_NODE) * sqrt(share)
    x, y = WIDTH / 2 + reach, height / 2 + rise * (height / 2 - MARGIN)
    name = companion["name"]
    return Node(
        entity=companion,
        x=x,
        y=y,
        radius=radius,
        line=max(1.0, THICKEST_LINE * share),
        label=name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…",
        label_x=x + (radius + 6) * (1 if is_right else -1),
        anchor="start" if is_right else "end",
    )


def draw_edge(first: Node, second: Node, height: int, share: float) -> Edge:
    """Return the line between two companions."""
    bend_x = (first.x + second.x + WIDTH / 2) / 3
    bend_y = (first.y + second.y + height / 2) / 3
    path = f"M{first.x:.0f} {first.y:.0f}Q{bend_x:.0f} {bend_y:.0f} {second.x:.0f} {second.y:.0f}"
    return Edge(path, max(1.0, THICKEST_LINE * share))
