"""The one shape of errors of the SensorThings API, whichever door refuses."""

from typing import Any


def problem(
    status: int,
    message: str,
    *,
    field: str | None = None,
    position: int | None = None,
    remedy: str = "",
) -> dict[str, Any]:
    """Return the body of an error, in English as the standard.

    ``field`` names the option of the query, the member of the body or the header that is wrong;
    ``position`` is the character in that option, or in the path without a field, or the row of
    a bulk (from 0). What is not known is left out.
    """
    body: dict[str, Any] = {"code": status, "type": "error", "message": message}
    if field:
        body["field"] = field
    if position is not None:
        body["position"] = position
    if remedy:
        body["remedy"] = remedy
    return body
