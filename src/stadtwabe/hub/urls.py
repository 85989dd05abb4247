"""Addresses of the hub: ``/daten/``, and ``/lorawan/`` for network servers."""

from django.urls import path

from stadtwabe.hub.pages import codecs, devices, overview, series, webhooks

app_name = "hub"
urlpatterns = [
    path("daten/", overview.overview, name="overview"),
    path("daten/geraete/", overview.things, name="things"),
    path("daten/geraete/<slug:slug>/", series.thing, name="thing"),
    path("daten/reihen/<int:pk>/", series.datastream, name="series"),
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
