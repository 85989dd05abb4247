from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.kit.drawing import bars, honeycomb, timeline, words
from stadtwabe.kit.drawing.hexagon import TONES, avatar_for
from stadtwabe.kit.drawing.numbers import svg_number


@given(st.floats(-1e6, 1e6))
def test_numbers_for_svg_have_a_point_and_two_decimals(value):
    assert float(svg_number(value)) == pytest.approx(value, abs=0.006)
    assert "e" not in svg_number(value)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Bad Berleburg", "BB"),
        ("Menden (Sauerland)", "Me"),
        ("Frankfurt am Main", "FM"),
        ("Neustadt a.d. Aisch", "NA"),
        ("Ölbronn-Dürrn", "ÖD"),
        ("Ulm", "Ul"),
        ("", "?"),
    ],
)
def test_an_avatar_has_the_letters_people_would_choose(name, letters):
    assert avatar_for("05970004", name).letters == letters


def test_a_town_keeps_its_tone_when_it_is_renamed():
    assert avatar_for("05970004", "Berleburg").tone == avatar_for("05970004", "Bad Berleburg").tone
    assert len({avatar_for(f"059700{n:02}", "x").tone for n in range(60)}) == TONES


class TestHoneycomb:
    @given(st.lists(st.integers(0, 500), max_size=60))
    def test_more_is_never_lighter_and_the_legend_counts_everybody(self, values):
        cells = [honeycomb.Cell(str(at), "Kreis", at, 0, value) for at, value in enumerate(values)]
        drawing = honeycomb.draw(cells)
        by_value = sorted(drawing.cells, key=lambda drawn: drawn.cell.value)
        assert all(one.step <= other.step for one, other in pairwise(by_value))
        assert all((drawn.step == 0) == (drawn.cell.value == 0) for drawn in drawing.cells)
        assert sum(entry.count for entry in drawing.legend) == len(cells)

    def test_an_odd_row_is_shifted_by_half_a_cell(self):
        upper, lower = honeycomb.draw(
            [honeycomb.Cell("05", "NW", 1, 2), honeycomb.Cell("06", "HE", 1, 3)]
        ).cells
        assert float(lower.x) - float(upper.x) == pytest.approx(17.32, abs=0.02)


class TestBars:
    def test_the_longest_fills_the_width_and_zero_stays_zero(self):
        drawn = bars.draw([bars.Bar("a", 41), bars.Bar("b", 0), bars.Bar("c", 20.5)])
        assert [bar.width for bar in drawn] == ["100", "0", "50"]

    def test_an_interval_makes_room_for_itself(self):
        drawn = bars.draw([bars.Bar("a", 10, low=5, high=20)])[0]
        assert (drawn.width, drawn.band_x, drawn.band_width) == ("50", "25", "75")

    def test_a_negative_value_is_an_error(self):
        with pytest.raises(ValueError, match="negative"):
            bars.draw([bars.Bar("a", -1)])


class TestTimeline:
    TODAY = date(2024, 7, 1)

    def test_spans_stand_in_order_and_open_ones_reach_today(self):
        drawing = timeline.draw(
            [
                timeline.Span("später", date(2024, 1, 1)),
                timeline.Span("früher", date(2023, 1, 1), date(2023, 12, 31)),
            ],
            today=self.TODAY,
        )
        early, late = drawing.spans
        assert (early.span.label, early.is_open) == ("früher", False)
        assert late.is_open
        assert float(early.x) + float(early.width) == pytest.approx(float(late.x), abs=1)
        assert [tick.year for tick in drawing.ticks] == ["2023", "2024"]

    def test_a_day_is_still_visible_and_the_future_has_room(self):
        drawing = timeline.draw([timeline.Span("Tag", date(2030, 5, 1))], today=self.TODAY)
        assert float(drawing.spans[0].width) >= timeline.SMALLEST

    def test_nothing_is_no_drawing(self):
        assert timeline.draw([], today=self.TODAY).spans == ()


@given(st.text(alphabet="ab .,\n", max_size=40), st.text(alphabet="ab .,\n", max_size=40))
def test_a_comparison_holds_both_texts(before, after):
    pieces = words.compare(before, after)
    kept = [piece.text for piece in pieces if piece.change != words.Change.ADDED]
    new = [piece.text for piece in pieces if piece.change != words.Change.REMOVED]
    assert ("".join(kept), "".join(new)) == (before, after)
