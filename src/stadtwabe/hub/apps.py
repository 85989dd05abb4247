"""The Django application of ``hub``."""

from django.apps import AppConfig
from django.conf import settings

from stadtwabe.hub import rules
from stadtwabe.hub.archive import lake
from stadtwabe.hub.archive.bucket import BucketAddress
from stadtwabe.people import personal_data
from stadtwabe.people.permissions import register
from stadtwabe.people.rules import Scope

NOUNS = (
    "thing",
    "location",
    "sensor",
    "observed_property",
    "datastream",
    "feature_of_interest",
    "historical_location",
    "device_token",
    "device",
    "meter",
    "alert_rule",
)

CATALOGUE_ACTIONS = (
    "create_dataset",
    "edit_dataset",
    "withdraw_dataset",
    "create_harvest",
    "edit_harvest",
    "end_harvest",
    "run_harvest",
)

UPLOAD_ACTIONS = ("receive_upload", "map_upload", "start_upload", "delete_upload")
PULL_ACTIONS = ("create_pull", "edit_pull", "end_pull")


class HubConfig(AppConfig):
    """Wires the room to Django. Ids are 32 bits wide: observations carry two of them each."""

    name = "stadtwabe.hub"
    label = "hub"
    default_auto_field = "django.db.models.AutoField"

    def ready(self) -> None:
        """Register who may do what and what is kept of whom; say where the archive lies."""
        lake.use_folder(settings.ARCHIVE_ROOT)
        if settings.ARCHIVE_BUCKET is not None:
            address = BucketAddress(**settings.ARCHIVE_BUCKET)
            lake.use_bucket(address, cache_bytes=settings.ARCHIVE_CACHE_BYTES)
        self._register_personal_data()
        for noun in NOUNS:
            for verb in ("create", "edit", "delete"):
                register(f"hub.{verb}_{noun}", rules.stewards, scope=Scope.DATA)
        register("hub.create_codec", rules.stewards, scope=Scope.DATA)
        register("hub.edit_codec", rules.may_edit_codec, scope=Scope.DATA)
        register("hub.delete_codec", rules.may_edit_codec, scope=Scope.DATA)
        register("hub.try_codec", rules.may_try_codecs, scope=Scope.DATA)
        for action in CATALOGUE_ACTIONS:
            register(f"hub.{action}", rules.stewards, scope=Scope.DATA)
        for action in (*UPLOAD_ACTIONS, *PULL_ACTIONS):
            register(f"hub.{action}", rules.stewards, scope=Scope.DATA)
        register("hub.store_observations", rules.stewards, scope=Scope.DATA)
        register("hub.archive_month", rules.nobody, scope=Scope.DATA)
        register("hub.delete_observations", rules.stewards, scope=Scope.DATA)

    def _register_personal_data(self) -> None:
        from stadtwabe.hub.queries import personal_data as ours  # noqa: PLC0415 - needs the models

        personal_data.register(
            "data_platform", ours.kept_about, left_behind=ours.silenced_by_leaving
        )
