"""The tables of the hub, one noun per file."""

from stadtwabe.hub.models.codec import Codec, CodecVersion
from stadtwabe.hub.models.dataset import Dataset
from stadtwabe.hub.models.datastream import Datastream
from stadtwabe.hub.models.datastream_feature import DatastreamFeature
from stadtwabe.hub.models.datastream_state import DatastreamState
from stadtwabe.hub.models.device import Device, DeviceOutput
from stadtwabe.hub.models.device_token import DeviceToken
from stadtwabe.hub.models.distribution import Distribution, DistributionKind
from stadtwabe.hub.models.feature_of_interest import FeatureOfInterest
from stadtwabe.hub.models.harvest import Harvest, HarvestKind, Rhythm
from stadtwabe.hub.models.harvest_log import HarvestLog
from stadtwabe.hub.models.historical_location import HistoricalLocation
from stadtwabe.hub.models.location import Location
from stadtwabe.hub.models.multi_datastream_property import MultiDatastreamProperty
from stadtwabe.hub.models.observation import Observation
from stadtwabe.hub.models.observation_version import ObservationVersion
from stadtwabe.hub.models.observed_property import ObservedProperty
from stadtwabe.hub.models.rollup import Day, Hour
from stadtwabe.hub.models.sensor import Sensor
from stadtwabe.hub.models.thing import Thing
from stadtwabe.hub.models.uplink import Uplink

__all__ = [
    "Codec",
    "CodecVersion",
    "Dataset",
    "Datastream",
    "DatastreamFeature",
    "DatastreamState",
    "Day",
    "Device",
    "DeviceOutput",
    "DeviceToken",
    "Distribution",
    "DistributionKind",
    "FeatureOfInterest",
    "Harvest",
    "HarvestKind",
    "HarvestLog",
    "HistoricalLocation",
    "Hour",
    "Location",
    "MultiDatastreamProperty",
    "Observation",
    "ObservationVersion",
    "ObservedProperty",
    "Rhythm",
    "Sensor",
    "Thing",
    "Uplink",
]
