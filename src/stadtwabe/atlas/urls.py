"""Addresses of the atlas, below ``/atlas/``."""

from django.urls import path

from stadtwabe.atlas.commands import create_organisation_profile, edit_organisation_profile
from stadtwabe.atlas.pages import comparison, facts, lists, peers, reuse, statistics
from stadtwabe.evidence.urls_of_things import thing_urls

app_name = "atlas"
urlpatterns = [
    path("", lists.entry, name="entry"),
    path("projekte/", lists.kind_list("project"), name="projects"),
    path("loesungen/", lists.kind_list("solution"), name="solutions"),
    path("strategien/", lists.kind_list("strategy"), name="strategies"),
    path("foerderung/", lists.kind_list("funding"), name="funding-programmes"),
    path("publikationen/", lists.kind_list("publication"), name="publications"),
    path("organisationen/", lists.kind_list("organisation"), name="organisations"),
    path("portraets/", lists.kind_list("portrait"), name="portraits"),
    path("statistik/", statistics.figures, name="statistics"),
    path("nachnutzung/", reuse.reuse, name="reuse"),
    path("vergleich/", comparison.comparison, name="comparison"),
    path("orte-wie/<str:key>/", peers.peers, name="peers"),
    path("loesungen/<slug:slug>/einsatz/", facts.new_deployment, name="new-deployment"),
    path("foerderung/<slug:slug>/zuwendung/", facts.new_grant, name="new-grant"),
    path("projekte/<slug:slug>/vorbild/", facts.new_reuse, name="new-reuse"),
    path("projekte/<slug:slug>/wirkung/", facts.new_effect, name="new-effect"),
    *thing_urls("project", "projekte/"),
    *thing_urls("solution", "loesungen/"),
    *thing_urls("strategy", "strategien/"),
    *thing_urls("funding", "foerderung/"),
    *thing_urls("publication", "publikationen/"),
    *thing_urls(
        "organisation",
        "organisationen/",
        create=create_organisation_profile,
        edit=edit_organisation_profile,
    ),
    *thing_urls("portrait", "portraets/"),
]
