"""Addresses of the hub: ``/daten/``, and ``/lorawan/`` for network servers."""

from django.urls import include, path

from stadtwabe.hub.dcat.terms import FORMATS
from stadtwabe.hub.pages import (
    codecs,
    datasets,
    devices,
    files,
    harvests,
    overview,
    series,
    webhooks,
)
from stadtwabe.hub.pages import dataset_editing as editing

app_name = "hub"

CATALOGUE = [
    path("catalog", datasets.catalogue, name="catalogue"),
    *(path(f"catalog.{ending}", datasets.catalogue, {"ending": ending}) for ending in FORMATS),
    path("datensaetze/", datasets.datasets, name="datasets"),
    path("datensaetze/neu/", editing.new_dataset, name="new-dataset"),
    path("datensaetze/veroeffentlichen/", editing.publish, name="publish"),
    *(
        path(f"datensaetze/<slug:slug>.{ending}", datasets.dataset_as_rdf, {"ending": ending})
        for ending in FORMATS
    ),
    path("datensaetze/<slug:slug>/", datasets.dataset, name="dataset"),
    path("datensaetze/<slug:slug>/bearbeiten/", editing.change_dataset, name="edit-dataset"),
    path("datensaetze/<slug:slug>/zurueckziehen/", editing.end_dataset, name="withdraw-dataset"),
    path("datensaetze/<slug:slug>/daten/", editing.dataset_offers, name="dataset-offers"),
    path(
        "datensaetze/<slug:slug>/daten/<int:pk>/entfernen/",
        editing.end_distribution,
        name="remove-distribution",
    ),
    path(
        "datensaetze/<slug:slug>/dateien/<int:pk>/<str:name>",
        files.dataset_file,
        name="dataset-file",
    ),
    path("uebernahmen/", harvests.harvests, name="harvests"),
    path("uebernahmen/neu/", harvests.new_harvest, name="new-harvest"),
    path("uebernahmen/<int:pk>/", harvests.harvest, name="harvest"),
    path("uebernahmen/<int:pk>/starten/", harvests.start_harvest, name="start-harvest"),
    path("uebernahmen/<int:pk>/beenden/", harvests.stop_harvest, name="stop-harvest"),
]

urlpatterns = [
    path("daten/", overview.overview, name="overview"),
    path("daten/geraete/", overview.things, name="things"),
    path("daten/geraete/<slug:slug>/", series.thing, name="thing"),
    path("daten/reihen/<int:pk>/", series.datastream, name="series"),
    path("daten/", include(CATALOGUE)),
    path("lorawan/ttn/", webhooks.the_things_stack, name="ttn"),
    path("lorawan/chirpstack/", webhooks.chirp_stack, name="chirpstack"),
    path("daten/codecs/", codecs.codec_list, name="codecs"),
    path("daten/codecs/ausprobieren/", codecs.workbench, name="try-codec"),
    path("daten/codecs/<slug:slug>/", codecs.codec_page, name="codec"),
    path("daten/codecs/<slug:slug>/bearbeiten/", codecs.workbench, name="edit-codec"),
    path("daten/codecs/<slug:slug>/loeschen/", codecs.delete, name="delete-codec"),
    path("daten/funk/", devices.device_list, name="devices"),
    path("daten/funk/neu/", devices.new_device, name="new-device"),
    path("daten/funk/vergessen/", devices.forget, name="forget-device"),
    path("daten/funk/netzwerkserver/", devices.network_server, name="network-server"),
    path("daten/funk/schluessel/<int:pk>/widerrufen/", devices.revoke, name="revoke-key"),
    path("daten/funk/<int:pk>/", devices.device_page, name="device"),
    path("daten/funk/<int:pk>/bearbeiten/", devices.edit, name="edit-device"),
    path("daten/funk/<int:pk>/werte/", devices.outputs, name="device-outputs"),
    path("daten/funk/<int:pk>/loeschen/", devices.delete, name="delete-device"),
]
