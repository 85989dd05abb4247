"""Geometry without PostGIS: boxes narrow the rows in SQL, shapely decides, ids go back into SQL.

Distances and lengths are in degrees, the unit of WGS 84, as OData has it ("in the coordinate
reference system of the two points").
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import shapely
from django.db import connection
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from stadtwabe.hub.sta.query.errors import QueryError
from stadtwabe.hub.sta.query.expressions import Geometry
from stadtwabe.hub.sta.schema.entity import Kind
from stadtwabe.hub.sta.sql.fragment import Sql, fill, param
from stadtwabe.hub.sta.sql.value import GeometryColumn, Value, needs

RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "geo.intersects": shapely.intersects,
    "st_intersects": shapely.intersects,
    "st_equals": shapely.equals,
    "st_disjoint": shapely.disjoint,
    "st_touches": shapely.touches,
    "st_within": shapely.within,
    "st_overlaps": shapely.overlaps,
    "st_crosses": shapely.crosses,
    "st_contains": shapely.contains,
}
FUNCTIONS = frozenset({*RELATIONS, "st_relate", "geo.distance", "geo.length"})
FAR = frozenset({"st_disjoint", "st_relate", "geo.distance", "geo.length"})
"""What may hold for geometries whose boxes do not meet."""

LONGEST = 100_000
"""Characters of Well-Known Text."""


def call(name: str, arguments: tuple[Value, ...], position: int) -> Value:
    """Return the result of a function on geometries. Raises QueryError."""
    first = _sides(arguments[0])
    if name == "geo.length":
        return _looked_up(first, position, lambda mine: float(shapely.length(mine)))
    second = _sides(arguments[1])
    if isinstance(first, GeometryColumn) and isinstance(second, GeometryColumn):
        message = "One of the two geometries must stand in the query."
        raise QueryError(message, position=position)
    column, fixed = (second, first) if isinstance(second, GeometryColumn) else (first, second)
    if not isinstance(fixed, BaseGeometry):
        message = "A geometry such as geography'POINT (7.5 51.4)' is needed here."
        raise QueryError(message, position=position)
    turned = isinstance(second, GeometryColumn)

    def pair(mine: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
        return (fixed, mine) if turned else (mine, fixed)

    if name == "geo.distance":
        return _looked_up(column, position, lambda mine: float(shapely.distance(*pair(mine))))
    relation = RELATIONS.get(name)
    if relation is None:
        pattern = _pattern(arguments[2])
        return _chosen(
            column, position, lambda mine: shapely.relate_pattern(*pair(mine), pattern), None
        )
    near = None if name in FAR else fixed
    return _chosen(column, position, lambda mine: relation(*pair(mine)), near)


def _sides(value: Value) -> GeometryColumn | BaseGeometry:
    needs(value, Kind.GEOMETRY)
    if isinstance(value.geometry, Geometry):
        return _of_text(value.geometry.text, value.position)
    if value.geometry is None:
        message = "A geometry is needed here."
        raise QueryError(message, position=value.position)
    return value.geometry


def _of_text(text: str, position: int) -> BaseGeometry:
    if len(text) > LONGEST:
        message = f"The geometry is longer than {LONGEST} characters."
        raise QueryError(message, position=position)
    try:
        _mark, srid, wkt = text.rpartition(";")
        geometry = shapely.from_wkt(wkt if srid else text)
    except ShapelyError as problem:
        message = "This is no geometry in Well-Known Text, such as POINT (7.5 51.4)."
        raise QueryError(message, position=position) from problem
    if not shapely.is_valid(geometry):
        message = f"The geometry is not valid: {shapely.is_valid_reason(geometry)}."
        raise QueryError(message, position=position)
    return geometry


def _pattern(value: Value) -> str:
    pattern = needs(value, Kind.TEXT).sql.params
    text = str(pattern[0]) if len(pattern) == 1 else ""
    if len(text) != 9 or set(text) - set("TF*012"):
        message = "The third argument is a pattern of nine characters out of T, F, *, 0, 1 and 2."
        raise QueryError(message, position=value.position)
    return text


def _chosen(
    column: GeometryColumn | BaseGeometry,
    position: int,
    holds: Callable[[BaseGeometry], Any],
    near: BaseGeometry | None,
) -> Value:
    if isinstance(column, BaseGeometry):
        return Value(Kind.BOOL, param(bool(holds(column)), "boolean"), position)
    ids = [key for key, geometry in _candidates(column, near) if holds(geometry)]
    return Value(
        Kind.BOOL, fill(f"{column.alias}.id = ANY({{}})", param(ids, "bigint[]")), position
    )


def _looked_up(
    column: GeometryColumn | BaseGeometry,
    position: int,
    measure: Callable[[BaseGeometry], float],
) -> Value:
    if isinstance(column, BaseGeometry):
        return Value(Kind.NUMBER, param(measure(column), "float8"), position)
    known = [(key, measure(geometry)) for key, geometry in _candidates(column, None)]
    sql = fill(
        "(SELECT g.v FROM unnest({}, {}) AS g(id, v) WHERE g.id = {})",
        param([key for key, _ in known], "bigint[]"),
        param([value for _, value in known], "float8[]"),
        Sql(f"{column.alias}.id"),
    )
    return Value(Kind.NUMBER, sql, position)


def _candidates(
    column: GeometryColumn, near: BaseGeometry | None
) -> Iterator[tuple[int, BaseGeometry]]:
    sql = fill(
        "SELECT x.id, {} FROM {}",
        Sql(column.template.format(a="x")),
        Sql(column.entity.source.format(a="x")),
    )
    boxed = "x_state" if column.entity.name.endswith("Datastream") else "x"
    sql = sql + f" WHERE {boxed}.min_lon IS NOT NULL"
    if near is not None:
        west, south, east, north = shapely.bounds(near).tolist()
        box = fill(
            f"{boxed}.min_lon <= {{}} AND {boxed}.max_lon >= {{}}"
            f" AND {boxed}.min_lat <= {{}} AND {boxed}.max_lat >= {{}}",
            *(param(edge, "float8") for edge in (east, west, north, south)),
        )
        sql = sql + " AND " + box
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.params)
        for key, text in cursor:
            yield key, geometry_of(json.loads(text) if isinstance(text, str) else text)


def geometry_of(geojson: dict[str, Any]) -> BaseGeometry:
    """Return the geometry of a GeoJSON geometry or Feature."""
    return shape(geojson["geometry"] if geojson.get("type") == "Feature" else geojson)
