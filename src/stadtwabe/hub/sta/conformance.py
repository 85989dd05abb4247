"""What of OGC 18-088 the server fulfils, as its root says."""

SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req"
ALWAYS = (
    "datamodel/thing",
    "datamodel/location",
    "datamodel/historical-location",
    "datamodel/datastream",
    "datamodel/sensor",
    "datamodel/observed-property",
    "datamodel/observation",
    "datamodel/feature-of-interest",
    "datamodel/entity-control-information/common-control-information",
    "resource-path/resource-path-to-entities",
    "request-data",
    "create-update-delete/create-entity",
    "create-update-delete/link-to-existing-entities",
    "create-update-delete/deep-insert",
    "create-update-delete/deep-insert-status-code",
    "create-update-delete/update-entity",
    "create-update-delete/update-entity-put",
    "create-update-delete/delete-entity",
    "create-update-delete/historical-location-auto-creation",
    "multi-datastream",
    "data-array/data-array",
    "batch-request/batch-request",
)
"""Not among them: update-entity-jsonpatch."""


def conformance() -> list[str]:
    """Return the requirements that are fulfilled. Not those of MQTT: docs/adr/0014 says why."""
    return [f"{SPEC}/{name}" for name in ALWAYS]
