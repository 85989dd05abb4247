"""Addresses of the catalogue: search, places, sitemap."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path, re_path

from stadtwabe.catalog.pages import places, search
from stadtwabe.catalog.pages.sitemap import CardSitemap, robots

KEY = r"(?P<key>\d{8}|\d{5}|\d{2})"
SITEMAPS = {"sitemaps": {"karten": CardSitemap}}

app_name = "catalog"
urlpatterns = [
    path("suche/", search.everything, name="search"),
    path("orte/", places.places, name="places"),
    path("orte/vorschlaege/", places.suggestions, name="suggestions"),
    path("orte/verbund/<slug:slug>/", places.network, name="network"),
    re_path(rf"^orte/{KEY}/$", places.by_key, name="place-by-key"),
    re_path(rf"^orte/{KEY}/grenze\.geojson$", places.boundary, name="boundary"),
    re_path(rf"^orte/{KEY}-(?P<slug>[-a-z0-9_]*)/$", places.cell, name="place"),
    path("robots.txt", robots, name="robots"),
    path(
        "sitemap.xml",
        sitemaps.index,
        {**SITEMAPS, "sitemap_url_name": "catalog:sitemap-part"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, SITEMAPS, name="sitemap-part"),
]
