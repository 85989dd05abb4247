"""Every read of the hub; each starts at what the actor may see."""

from stadtwabe.hub.queries.visible import (
    datastreams_visible_to,
    features_visible_to,
    historical_locations_visible_to,
    locations_visible_to,
    observations_visible_to,
    observed_properties_visible_to,
    sensors_visible_to,
    things_visible_to,
)

__all__ = [
    "datastreams_visible_to",
    "features_visible_to",
    "historical_locations_visible_to",
    "locations_visible_to",
    "observations_visible_to",
    "observed_properties_visible_to",
    "sensors_visible_to",
    "things_visible_to",
]
