"""The programme for other programs."""

from stadtwabe.evidence.api import thing_router

routers = (("/events", thing_router("event", "events")),)
