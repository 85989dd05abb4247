"""Addresses of the hub: ``/daten/``, and ``/lorawan/`` for network servers."""

from django.urls import path

from stadtwabe.hub.pages import webhooks

app_name = "hub"
urlpatterns = [
    path("lorawan/ttn/", webhooks.the_things_stack, name="ttn"),
    path("lorawan/chirpstack/", webhooks.chirp_stack, name="chirpstack"),
]
