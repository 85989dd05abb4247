"""The atlas for other programs, one address for each kind of thing."""

from stadtwabe.atlas.commands import create_organisation_profile, edit_organisation_profile
from stadtwabe.evidence.api import thing_router

routers = (
    ("/projects", thing_router("project", "projects")),
    ("/solutions", thing_router("solution", "solutions")),
    ("/strategies", thing_router("strategy", "strategies")),
    ("/funding", thing_router("funding", "funding_programmes")),
    ("/publications", thing_router("publication", "publications")),
    (
        "/organisations",
        thing_router(
            "organisation",
            "organisations",
            create=create_organisation_profile,
            edit=edit_organisation_profile,
        ),
    ),
    ("/portraits", thing_router("portrait", "portraits")),
)
