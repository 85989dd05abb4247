"""``unit=…``: results of one datastream in another unit, wherever a query names them."""

from dataclasses import replace

from stadtwabe.hub.sta.schema.entity import EntityType, Field, Kind
from stadtwabe.hub.units import Conversion

TWELVE_DIGITS = "SET LOCAL extra_float_digits = -3"
"""How numbers become text in this transaction: the noise of calculating is cut off."""

LINEAR = frozenset({"result", "min", "max", "mean", "last"})


def converted(entity: EntityType, conversion: Conversion) -> EntityType:
    """Return observations, or their values by the hour or day, in another unit."""
    fields = tuple(_converted(field, conversion) for field in entity.fields)
    return replace(entity, fields=fields)


def _converted(field: Field, conversion: Conversion) -> Field:
    factor, offset = (f"{each!r}::float8" for each in (conversion.factor, conversion.offset))
    if field.name in LINEAR:
        sql = f"({field.sql} * {factor} + {offset})::text::float8"
    elif field.name == "sum" and field.kind is Kind.NUMBER:
        sql = f"({field.sql} * {factor} + {{a}}.n * {offset})::text::float8"
    else:
        return field
    return replace(field, sql=f"({sql})", columns=(f"({sql})", *field.columns[1:]))
