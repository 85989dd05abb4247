"""Addresses of the SensorThings API, below ``/sta/v1.1/``."""

from django.urls import path

from stadtwabe.hub.sta import pages

app_name = "sta"
urlpatterns = [
    path("", pages.serve, {"path": ""}, name="root"),
    path("<path:path>", pages.serve, name="resource"),
]
