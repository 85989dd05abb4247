"""/daten/mqtt/: how the connection to the broker is, and what was refused there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.mqtt import health_of, mqtt_refusals_of, mqtt_session
from stadtwabe.hub.topics import incoming_topic
from stadtwabe.kit.clock import now
from stadtwabe.people.actors import actor_of

SHOWN_REFUSALS = 50


@for_stewards
@require_safe
def mqtt(request: HttpRequest) -> HttpResponse:
    """Show the connection, how devices use it, and the refused messages of one's own devices."""
    actor = actor_of(request)
    session = mqtt_session()
    broker = settings.MQTT_BROKER or {}
    return render(
        request,
        "hub/mqtt.html",
        {
            "crumbs": [
                (_("Daten"), "/daten/"),
                (_("Datenpflege"), "/daten/pflege/"),
                (_("Geräte mit MQTT"), ""),
            ],
            "is_set_up": settings.MQTT_BROKER is not None,
            "session": session,
            "health": health_of(session, now=now()),
            "broker": settings.MQTT_PUBLIC_URL,
            "topic": incoming_topic(_("NAME"), _("NUMMER"), prefix=str(broker.get("prefix", ""))),
            "refusals": mqtt_refusals_of(actor)[:SHOWN_REFUSALS],
            "is_german": get_language() == "de",
            "is_operator": actor.is_operator,
        },
    )
