"""An alert in plain words: what, since when, where, what to do."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stadtwabe.hub.models import Alert, AlertRule
from stadtwabe.hub.queries.alerts import FUTURE
from stadtwabe.hub.queries.readings import shown_value
from stadtwabe.hub.rules import AlertKind


def headline(alert: Alert) -> str:
    """Say in a few words what is the matter."""
    rule = alert.rule
    words = {
        AlertKind.ABOVE: _("%(name)s über %(limit)s"),
        AlertKind.BELOW: _("%(name)s unter %(limit)s"),
        AlertKind.RISE: _("%(name)s steigt schnell"),
        AlertKind.FALL: _("%(name)s fällt schnell"),
        AlertKind.SILENCE: _("%(name)s: keine Werte mehr"),
    }[AlertKind(rule.kind)]
    return words % {"name": rule.datastream.name, "limit": amount(rule, rule.threshold)}


def sentence(alert: Alert) -> str:
    """Say what, where, since when, and how bad it became."""
    rule = alert.rule
    about = {
        "name": rule.datastream.name,
        "thing": rule.datastream.thing.name,
        "limit": amount(rule, rule.threshold),
        "period": minutes(rule.period_minutes or 0),
        "since": moment(alert.began_at),
        "until": moment(alert.ended_at) if alert.ended_at else "",
    }
    going_on, over = _sentences()[AlertKind(rule.kind)]
    text = (going_on if alert.ended_at is None else over) % about
    worst = _worst(alert)
    return f"{text} {worst}" if worst else text


def _sentences() -> dict[AlertKind, tuple[str, str]]:
    """Return what is said while it goes on, and afterwards."""
    return {
        AlertKind.ABOVE: (
            _("„%(name)s“ (%(thing)s) liegt seit %(since)s über %(limit)s."),
            _("„%(name)s“ (%(thing)s) lag von %(since)s bis %(until)s über %(limit)s."),
        ),
        AlertKind.BELOW: (
            _("„%(name)s“ (%(thing)s) liegt seit %(since)s unter %(limit)s."),
            _("„%(name)s“ (%(thing)s) lag von %(since)s bis %(until)s unter %(limit)s."),
        ),
        AlertKind.RISE: (
            _("„%(name)s“ (%(thing)s) steigt seit %(since)s um mehr als %(limit)s in %(period)s."),
            _(
                "„%(name)s“ (%(thing)s) stieg von %(since)s bis %(until)s"
                " um mehr als %(limit)s in %(period)s."
            ),
        ),
        AlertKind.FALL: (
            _("„%(name)s“ (%(thing)s) fällt seit %(since)s um mehr als %(limit)s in %(period)s."),
            _(
                "„%(name)s“ (%(thing)s) fiel von %(since)s bis %(until)s"
                " um mehr als %(limit)s in %(period)s."
            ),
        ),
        AlertKind.SILENCE: (
            _("„%(name)s“ (%(thing)s) hat seit %(since)s keinen Wert mehr geschickt."),
            _("„%(name)s“ (%(thing)s) hat von %(since)s bis %(until)s keinen Wert geschickt."),
        ),
    }


def _worst(alert: Alert) -> str:
    if alert.extreme is None:
        return ""
    words = {
        AlertKind.ABOVE: _("Höchster Wert: %(value)s."),
        AlertKind.BELOW: _("Niedrigster Wert: %(value)s."),
        AlertKind.RISE: _("Größter Anstieg: %(value)s."),
        AlertKind.FALL: _("Stärkster Rückgang: %(value)s."),
    }.get(AlertKind(alert.rule.kind), "")
    return words % {"value": amount(alert.rule, alert.extreme)}


def advice(rule: AlertRule) -> str:
    """Say what to do: what the steward has written, or what goes without saying."""
    if rule.advice:
        return rule.advice
    if rule.kind == AlertKind.SILENCE:
        return _("Prüfen Sie Stromversorgung, Batterie und Funkverbindung des Geräts.")
    return _("Sehen Sie nach, ob etwas zu tun ist.")


def suspicion(alert: Alert, *, now: datetime) -> str:
    """Say of silence what its reason may be, from the times of what still comes; else ""."""
    state = alert.rule.datastream.state
    if alert.rule.kind != AlertKind.SILENCE or state.last_time is None:
        return ""
    if state.last_time > now + FUTURE:
        return _("Es kommen Werte mit Zeiten in der Zukunft an: Die Uhr des Geräts geht vor.")
    if state.last_received and state.last_received > max(alert.noticed_at, state.last_time):
        return _("Es kommen noch Werte an, aber mit alten Zeiten: Die Uhr des Geräts geht nach.")
    return ""


def condition(rule: AlertRule) -> str:
    """Say what the rule watches for."""
    words = {
        AlertKind.ABOVE: _("über %(limit)s, Entwarnung bei %(clear)s"),
        AlertKind.BELOW: _("unter %(limit)s, Entwarnung bei %(clear)s"),
        AlertKind.RISE: _("steigt um mehr als %(limit)s in %(period)s"),
        AlertKind.FALL: _("fällt um mehr als %(limit)s in %(period)s"),
        AlertKind.SILENCE: _("kein Wert in %(period)s"),
    }[AlertKind(rule.kind)]
    return words % {
        "limit": amount(rule, rule.threshold),
        "clear": amount(rule, rule.clear_at),
        "period": minutes(rule.period_minutes or 0),
    }


def amount(rule: AlertRule, value: float | None) -> str:
    """Return a value with the unit of the datastream."""
    return f"{shown_value(value)} {rule.datastream.symbol}".strip()


def minutes(count: int) -> str:
    """Return a length of time in the largest unit that fits."""
    if count >= 120 and count % 60 == 0:
        return _("%(count)d Stunden") % {"count": count // 60}
    return _("%(count)d Minuten") % {"count": count}


def moment(at: datetime) -> str:
    """Return a moment as calendar and clock in Germany show it."""
    local = timezone.localtime(at)
    date, time = date_format(local, "DATE_FORMAT"), date_format(local, "H:i")
    return _("%(date)s, %(time)s Uhr") % {"date": date, "time": time}
