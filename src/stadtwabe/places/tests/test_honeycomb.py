import math

from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.places.derive.honeycomb import assign
from stadtwabe.places.honeycomb import district_positions, state_positions
from stadtwabe.places.register import register_rows


def test_every_state_and_district_in_force_has_a_cell_of_its_own():
    ended = {key for row in register_rows() for key in row.previous_keys}
    rows = [row for row in register_rows() if row.key not in ended]
    for level, positions in (("state", state_positions()), ("district", district_positions())):
        assert set(positions) == {row.key for row in rows if row.level == level}
        assert len({(cell.column, cell.row) for cell in positions.values()}) == len(positions)


def test_the_comb_keeps_north_and_west_where_they_are():
    # Flensburg and Oberallgäu, Aachen and Görlitz.
    north, south = district_positions()["01001"], district_positions()["09780"]
    west, east = district_positions()["05334"], district_positions()["14626"]
    assert north.row < south.row - 15
    assert west.column < east.column - 10


def test_districts_of_a_state_mostly_touch_one_of_their_own():
    positions = district_positions()
    by_cell = {(cell.column, cell.row): key for key, cell in positions.items()}
    alone = 0
    for key, cell in positions.items():
        shift = 1 if cell.row % 2 else 0
        around = [(-1, 0), (1, 0), (shift - 1, -1), (shift, -1), (shift - 1, 1), (shift, 1)]
        near = [by_cell.get((cell.column + x, cell.row + y), "") for x, y in around]
        alone += not any(other[:2] == key[:2] for other in near)
    assert alone <= 8  # the city states stand alone by nature


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 50), min_size=5, max_size=5), min_size=n, max_size=n
        )
    )
)
def test_the_assignment_is_the_cheapest(costs):
    def cheapest(row, free):
        if row == len(costs):
            return 0
        return min(costs[row][column] + cheapest(row + 1, free - {column}) for column in free)

    chosen = assign(costs)
    assert len(set(chosen)) == len(costs)
    total = sum(costs[row][column] for row, column in enumerate(chosen))
    assert total == cheapest(0, frozenset(range(5)))
    assert math.isfinite(total)
