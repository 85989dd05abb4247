"""The tables of the hub, one noun per file."""

from stadtwabe.hub.models.alert import Alert
from stadtwabe.hub.models.alert_delivery import AlertDelivery
from stadtwabe.hub.models.alert_rule import AlertRule
from stadtwabe.hub.models.archive_month import ArchiveMonth
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
from stadtwabe.hub.models.meter import Meter, MeterChange, MeterKind
from stadtwabe.hub.models.mqtt_receipt import MqttReceipt
from stadtwabe.hub.models.mqtt_refusal import MqttRefusal
from stadtwabe.hub.models.mqtt_session import MqttSession
from stadtwabe.hub.models.multi_datastream_property import MultiDatastreamProperty
from stadtwabe.hub.models.observation import Observation
from stadtwabe.hub.models.observation_version import ObservationVersion
from stadtwabe.hub.models.observed_property import ObservedProperty
from stadtwabe.hub.models.pull import Pull, PullEvery, PullLog, PullValue
from stadtwabe.hub.models.rollup import Day, Hour
from stadtwabe.hub.models.sensor import Sensor
from stadtwabe.hub.models.thing import Thing
from stadtwabe.hub.models.touched_stretch import TouchedStretch
from stadtwabe.hub.models.uplink import Uplink
from stadtwabe.hub.models.upload import RefusedRow, Upload, UploadState
from stadtwabe.hub.models.watch import Watch

__all__ = [
    "Alert",
    "AlertDelivery",
    "AlertRule",
    "ArchiveMonth",
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
    "Meter",
    "MeterChange",
    "MeterKind",
    "MqttReceipt",
    "MqttRefusal",
    "MqttSession",
    "MultiDatastreamProperty",
    "Observation",
    "ObservationVersion",
    "ObservedProperty",
    "Pull",
    "PullEvery",
    "PullLog",
    "PullValue",
    "RefusedRow",
    "Rhythm",
    "Sensor",
    "Thing",
    "TouchedStretch",
    "Uplink",
    "Upload",
    "UploadState",
    "Watch",
]
