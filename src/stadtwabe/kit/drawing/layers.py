"""A graph in layers, from left to right: who leads to whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stadtwabe.kit.drawing.numbers import svg_number

COLUMN, LANE, NODE_WIDTH, NODE_HEIGHT, MARGIN = 320.0, 44.0, 240.0, 32.0, 4.0
LONGEST_LABEL = 32


@dataclass(frozen=True, slots=True)
class Node:
    """A thing with a name; ``key`` tells it from the others."""

    key: str
    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node with the corner of its box and the foot of its text."""

    node: Node
    text: str
    x: str
    y: str
    text_x: str
    text_y: str


@dataclass(frozen=True, slots=True)
class Layers:
    """The drawing, its full size, boxes of ``width`` and ``height``, and lines as paths."""

    view_box: str
    full_width: str
    full_height: str
    width: str
    height: str
    nodes: Sequence[DrawnNode]
    paths: Sequence[str]


def draw(nodes: Iterable[Node], edges: Iterable[tuple[str, str]]) -> Layers:
    """Place each node one column right of the last one that leads to it.

    ``edges`` are pairs of keys; an edge that would close a circle is drawn, but moves nothing.
    """
    known = {node.key: node for node in nodes}
    lines = [(source, target) for source, target in edges if source in known and target in known]
    columns = _columns(list(known), lines)
    rows: dict[int, int] = {}
    places: dict[str, tuple[float, float]] = {}
    for key in known:
        column = columns[key]
        places[key] = (MARGIN + column * COLUMN, MARGIN + rows.get(column, 0) * LANE)
        rows[column] = rows.get(column, 0) + 1
    width = max(columns.values(), default=0) * COLUMN + NODE_WIDTH + 2 * MARGIN
    height = max(rows.values(), default=0) * LANE + 2 * MARGIN
    drawn = [_node(known[key], x, y) for key, (x, y) in places.items()]
    paths = [_path(places[source], places[target]) for source, target in lines]
    return Layers(
        f"0 0 {svg_number(width)} {svg_number(height)}",
        svg_number(width),
        svg_number(height),
        svg_number(NODE_WIDTH),
        svg_number(NODE_HEIGHT),
        drawn,
        paths,
    )


def _columns(keys: Sequence[str], lines: Sequence[tuple[str, str]]) -> dict[str, int]:
    columns = dict.fromkeys(keys, 0)
    for _round in range(len(keys)):
        moved = False
        for source, target in lines:
            if columns[target] <= columns[source] < len(keys) - 1:
                columns[target] = columns[source] + 1
                moved = True
        if not moved:
            return columns
    # A circle: nothing leads from left to right any more, so all stand in two columns.
    targets = {target for _source, target in lines}
    return {key: int(key in targets) for key in keys}


def _node(node: Node, x: float, y: float) -> DrawnNode:
    text = node.label
    if len(text) > LONGEST_LABEL:
        text = text[: LONGEST_LABEL - 1].rstrip() + "…"
    return DrawnNode(
        node, text, svg_number(x), svg_number(y), svg_number(x + 10), svg_number(y + 21)
    )


def _path(source: tuple[float, float], target: tuple[float, float]) -> str:
    x1, y1 = source[0] + NODE_WIDTH, source[1] + NODE_HEIGHT / 2
    x2, y2 = target[0], target[1] + NODE_HEIGHT / 2
    middle = (x1 + x2) / 2
    points = [svg_number(value) for value in (x1, y1, middle, y1, middle, y2, x2, y2)]
    return "M{} {}C{} {} {} {} {} {}".format(*points)
