"""Addresses of the hub: ``/daten/``, and ``/lorawan/`` for network servers."""

from django.urls import path

from stadtwabe.hub.pages import overview, series, webhooks

app_name = "hub"
urlpatterns = [
    path("daten/", overview.overview, name="overview"),
    path("daten/geraete/", overview.things, name="things"),
    path("daten/geraete/<slug:slug>/", series.thing, name="thing"),
    path("daten/reihen/<int:pk>/", series.datastream, name="series"),
    path("lorawan/ttn/", webhooks.the_things_stack, name="ttn"),
    path("lorawan/chirpstack/", webhooks.chirp_stack, name="chirpstack"),
]
