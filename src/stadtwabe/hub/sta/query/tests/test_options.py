"""Query options and paths: what they say, and where they are wrong."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.options import ResultFormat, parse_expand, parse_options
from stadtwabe.hub.sta.query.path import Segment, parse_path
from stadtwabe.hub.sta.query.tests.test_filter_parser import places_it_in


def test_all_options_at_once() -> None:
    options = parse_options(
        [
            ("$filter", "id gt 1"),
            ("$expand", "Datastreams($top=1;$filter=name eq 'a;b,c)';$count=true),Locations"),
            ("$select", "id,name"),
            ("$orderby", "id desc"),
            ("$top", "5"),
            ("$skip", "10"),
            ("$count", "true"),
            ("$resultFormat", "dataArray"),
        ]
    )
    inner = options.expand[0].options
    assert (options.top, options.skip, options.count) == (5, 10, True)
    assert options.result_format is ResultFormat.DATA_ARRAY
    assert [expand.name for expand in options.expand] == ["Datastreams", "Locations"]
    assert (inner.top, inner.count) == (1, True)
    assert inner.filter is not None


def test_paths_in_expand_share_their_first_step() -> None:
    (things,) = parse_expand("Datastreams/Observations($top=1),Datastreams/Sensor")
    assert [expand.name for expand in things.options.expand] == ["Observations", "Sensor"]


@pytest.mark.parametrize(
    ("name", "value", "option", "position"),
    [
        ("$top", "-1", "$top", 0),
        ("$top", "many", "$top", 0),
        ("$count", "yes", "$count", 0),
        ("$nonsense", "1", "$nonsense", None),
        ("$expand", "A($filter=x eq)", "$expand", 14),
        ("$expand", "A($filter=x eq 1", "$expand", 16),
        ("$expand", "A)", "$expand", 1),
        ("$expand", "A,B($top=1;B)", "$expand", 11),
        ("$expand", "A/B/C/D/E/F/G", "$expand", 0),
        ("$select", "a,,b", "$select", 0),
    ],
)
def test_where_options_are_wrong(name: str, value: str, option: str, position: int | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse_options([(name, value)])
    assert (caught.value.option, caught.value.position) == (option, position)


def test_the_same_option_twice_is_no_question() -> None:
    with pytest.raises(QueryError, match="twice"):
        parse_options([("$top", "1"), ("$top", "2")])


@given(st.text(alphabet="AB()$;=,/' eqtopfilter123", max_size=80))
def test_any_expand_is_understood_or_refused_with_a_place(text: str) -> None:
    with contextlib.suppress(QueryError), places_it_in(text):
        parse_expand(text)


def test_paths() -> None:
    path = parse_path("/Things(1)/Datastreams/$ref")
    assert path.segments == (Segment("Things", 1, 0), Segment("Datastreams", None, 10))
    assert path.only_references
    assert parse_path("Things(1)/properties/a-b/$value").bare_value


@pytest.mark.parametrize(
    ("text", "position"),
    [("Things('a')", 6), ("Things(1))", 0), ("Things(1)/;drop", 10), ("", 0), ("a/" * 20 + "a", 0)],
)
def test_where_paths_are_wrong(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_path(text)
    assert caught.value.position == position
