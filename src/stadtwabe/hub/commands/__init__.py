"""Every write of the hub; observations go through ``hub.ingest``."""

from stadtwabe.hub.commands.datastreams import (
    create_datastream,
    delete_datastream,
    edit_datastream,
)
from stadtwabe.hub.commands.device_tokens import create_device_token, revoke_device_token
from stadtwabe.hub.commands.features import (
    create_feature_of_interest,
    delete_feature_of_interest,
    edit_feature_of_interest,
)
from stadtwabe.hub.commands.locations import (
    create_historical_location,
    create_location,
    delete_historical_location,
    delete_location,
    edit_historical_location,
    edit_location,
)
from stadtwabe.hub.commands.observations import delete_observations, store_observations
from stadtwabe.hub.commands.observed_properties import (
    create_observed_property,
    delete_observed_property,
    edit_observed_property,
)
from stadtwabe.hub.commands.sensors import create_sensor, delete_sensor, edit_sensor
from stadtwabe.hub.commands.things import create_thing, delete_thing, edit_thing

__all__ = [
    "create_datastream",
    "create_device_token",
    "create_feature_of_interest",
    "create_historical_location",
    "create_location",
    "create_observed_property",
    "create_sensor",
    "create_thing",
    "delete_datastream",
    "delete_feature_of_interest",
    "delete_historical_location",
    "delete_location",
    "delete_observations",
    "delete_observed_property",
    "delete_sensor",
    "delete_thing",
    "edit_datastream",
    "edit_feature_of_interest",
    "edit_historical_location",
    "edit_location",
    "edit_observed_property",
    "edit_sensor",
    "edit_thing",
    "revoke_device_token",
    "store_observations",
]
