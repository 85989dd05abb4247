import pytest
from hypothesis import given
from hypothesis import strategies as st

from stadtwabe.places.derive import geometry
from stadtwabe.places.derive.register import City, best_city, core

LONGITUDE = st.floats(6, 14)
LATITUDE = st.floats(47, 54)
SIDE = st.floats(0.01, 0.5)


def box(west, south, side):
    ring = [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_degree_at_the_equator_is_as_large_as_the_ellipsoid_says():
    # 12,308.8 km²: Snyder 1987, formula 3-12 for WGS 84.
    assert geometry.measure(box(0, 0, 1)).area_km2 == pytest.approx(12308.8, rel=1e-4)


@given(LONGITUDE, LATITUDE, SIDE)
def test_direction_of_the_ring_does_not_matter(west, south, side):
    shape = box(west, south, side)
    turned = {"type": "Polygon", "coordinates": [shape["coordinates"][0][::-1]]}
    assert geometry.measure(shape).area_km2 == pytest.approx(geometry.measure(turned).area_km2)


@given(LONGITUDE, LATITUDE, SIDE)
def test_the_middle_of_a_box_lies_in_it(west, south, side):
    shape = geometry.measure(box(west, south, side))
    assert geometry.contains(box(west, south, side), shape.longitude, shape.latitude)


def test_a_hole_is_neither_counted_nor_inside():
    outer, hole = box(8, 50, 1)["coordinates"][0], box(8.25, 50.25, 0.5)["coordinates"][0]
    shape = {"type": "Polygon", "coordinates": [outer, hole]}
    whole, inner = geometry.measure(box(8, 50, 1)), geometry.measure(box(8.25, 50.25, 0.5))
    assert geometry.measure(shape).area_km2 == pytest.approx(whole.area_km2 - inner.area_km2)
    assert not geometry.contains(shape, 8.5, 50.5)
    assert geometry.contains(shape, 8.1, 50.1)


def test_registers_agree_on_the_core_of_a_name():
    assert core("Neustadt a.d. Aisch") == core("Neustadt an der Aisch") == "neustadt"
    assert core("Dillingen/Saar") == core("Dillingen (Saar)") == "dillingen"


def city(name, code, population, key="05123000"):
    return City("1", name, 51.0, 7.0, code, key, population, frozenset({core(name)}))


def test_the_place_of_the_same_name_is_the_municipality_and_no_larger_part():
    places = [city("Altstadt", "PPLX", 9000), city("Rain", "PPLA4", 4000)]
    found = best_city("Rain", places)
    assert found is not None
    assert found.name == "Rain"


def test_without_the_name_only_a_single_seat_will_do():
    assert best_city("Weinstadt", [city("Beutelsbach", "PPL", 8000)]) is None
    seats = [city("Mihla", "PPLA4", 2000), city("Creuzburg", "PPLA4", 2300)]
    assert best_city("Amt Creuzburg Land", seats) is None
