"""The e-mail about an alert."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from stadtwabe.hub.alerting.words import advice, headline, sentence, suspicion
from stadtwabe.hub.models import Alert
from stadtwabe.hub.rules import Occasion


def subject(alert: Alert, occasion: str) -> str:
    """Return one line: what, where, and whether it is over."""
    words = _("Entwarnung: %(what)s, %(thing)s") if _is_end(occasion) else "%(what)s, %(thing)s"
    text = words % {"what": headline(alert), "thing": alert.rule.datastream.thing.name}
    # Names may hold a line break, which no subject may.
    return f"Stadtwabe: {' '.join(text.split())}"


def body(alert: Alert, occasion: str, *, root: str, now: datetime) -> str:
    """Return the text; ``root`` is where this installation answers."""
    stream = alert.rule.datastream
    place = stream.thing.card.place
    locations = stream.thing.locations.order_by("name").values_list("name", flat=True)
    where = [stream.thing.name, *locations, *([place.name] if place else [])]
    return render_to_string(
        "hub/alert_mail.txt",
        {
            "alert": alert,
            "is_end": _is_end(occasion),
            "sentence": sentence(alert),
            "where": ", ".join(dict.fromkeys(where)),
            "advice": advice(alert.rule),
            "suspicion": suspicion(alert, now=now),
            "is_demo": stream.thing.is_demo,
            "alert_address": f"{root}/daten/warnungen/{alert.pk}/",
            "series_address": root + stream.path,
        },
    )


def _is_end(occasion: str) -> bool:
    return occasion == Occasion.ENDED
