from stadtwabe.kit.drawing.layers import Node, draw

NODES = [Node(key, key * 3, f"/{key}/") for key in "abc"]


def columns(drawing):
    return {drawn.node.key: float(drawn.x) for drawn in drawing.nodes}


def test_a_chain_runs_from_left_to_right():
    found = columns(draw(NODES, [("a", "b"), ("b", "c")]))
    assert found["a"] < found["b"] < found["c"]


def test_a_circle_still_ends_and_draws_every_line():
    drawing = draw(NODES, [("a", "b"), ("b", "a")])
    assert len(drawing.paths) == 2
    assert len(columns(drawing)) == 3


def test_no_two_boxes_lie_on_each_other():
    drawing = draw(NODES, [("a", "b"), ("a", "c")])
    assert len({(drawn.x, drawn.y) for drawn in drawing.nodes}) == 3


def test_long_names_are_cut_and_lines_to_nowhere_left_out():
    drawing = draw([Node("a", "x" * 80)], [("a", "weg")])
    assert len(drawing.nodes[0].text) <= 32
    assert drawing.paths == []
