"""Addresses of the programme, below ``/termine/``."""

from django.urls import path

from stadtwabe.evidence.urls_of_things import thing_urls
from stadtwabe.programme.pages import lists

app_name = "programme"
urlpatterns = [
    path("", lists.events, name="events"),
    *thing_urls("event", ""),
]
