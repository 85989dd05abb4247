"""The pages of alerts and of their rules, for stewards."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadtwabe.evidence.pages.editing import errors_shown
from stadtwabe.hub.alerting.words import advice, condition, headline, sentence, suspicion
from stadtwabe.hub.commands.alert_rules import (
    create_alert_rule,
    delete_alert_rule,
    edit_alert_rule,
    webhook_secret_of,
)
from stadtwabe.hub.commands.alert_topics import told_by_topic
from stadtwabe.hub.commands.alerts import acknowledge_alert
from stadtwabe.hub.forms.alerts import AcknowledgeForm, AlertRuleForm
from stadtwabe.hub.models import Alert, AlertRule, Datastream, DeviceToken
from stadtwabe.hub.pages.access import for_stewards
from stadtwabe.hub.queries.alerts import alert_rules_of, alerts_of, with_deliveries
from stadtwabe.hub.queries.room_air import NOTICEABLE_FROM, is_carbon_dioxide
from stadtwabe.hub.queries.visible import datastreams_visible_to
from stadtwabe.hub.topics import EVERYBODY, alert_topic
from stadtwabe.kit.clock import now
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.sealed import Unsealable
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import require

PER_PAGE = 25
FIELDS = (
    "name",
    "kind",
    "threshold",
    "clear_at",
    "minimum_minutes",
    "period_minutes",
    "advice",
    "quiet_from",
    "quiet_until",
    "webhook_address",
    "is_shown",
    "is_active",
)


@for_stewards
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """List the alerts: what goes on first, then what was."""
    found = with_deliveries(alerts_of(actor_of(request)))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "title": _("Warnungen"),
        "lead": _("Was an Ihren Messreihen gerade auffällt und was war."),
        "page": page,
        "rows": [_in_words(alert) for alert in page],
        "rule_count": alert_rules_of(actor_of(request)).count(),
        "crumbs": _crumbs(),
    }
    return render(request, "hub/alerts.html", context)


@for_stewards
@get_or_post
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one alert with who was told; POST acknowledges it."""
    actor = actor_of(request)
    found = get_object_or_404(with_deliveries(alerts_of(actor)), pk=pk)
    form = AcknowledgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            acknowledge_alert(actor=actor, alert=found, now=now(), **form.cleaned_data)
            messages.success(request, _("Bestätigt. Andere sehen jetzt, dass sich jemand kümmert."))
            return redirect("hub:alert", pk)
    context = {
        **_in_words(found),
        "rule": found.rule,
        "condition": condition(found.rule),
        "suspicion": suspicion(found, now=now()),
        "form": form,
        "is_mine": found.acknowledged_by is not None and found.acknowledged_by == actor.person,
        "crumbs": _crumbs((headline(found), "")),
    }
    return render(request, "hub/alert.html", context, status=422 if form.errors else 200)


@for_stewards
@require_safe
def alert_rules(request: HttpRequest) -> HttpResponse:
    """List the rules."""
    found = alert_rules_of(actor_of(request))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "title": _("Warnregeln"),
        "lead": _(
            "Wann jemand von Ihren Messreihen hören soll."
            " Eine neue Regel beginnt auf der Seite der Messreihe."
        ),
        "page": page,
        "rows": [{"rule": rule, "condition": condition(rule)} for rule in page],
        "crumbs": _crumbs((_("Warnregeln"), "")),
    }
    return render(request, "hub/alert_rules.html", context)


@for_stewards
@get_or_post
def new_alert_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a rule for a datastream."""
    actor = actor_of(request)
    stream = get_object_or_404(
        datastreams_visible_to(actor).select_related("thing__card", "observed_property", "owner"),
        pk=pk,
    )
    require(actor, "hub.create_alert_rule", stream)
    form = AlertRuleForm(
        request.POST or None, actor=actor, datastream=stream, initial=_suggestion(request, stream)
    )

    def create() -> AlertRule:
        return create_alert_rule(
            actor=actor,
            datastream=stream,
            values=form.values,
            recipients=form.recipients,
            accounts=form.told_accounts or (),
            now=now(),
        )

    return _answer(request, form, create, title=_("Warnen lassen"))


@for_stewards
@get_or_post
def edit_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    actor, rule = actor_of(request), _rule_at(request, pk)
    initial = {name: _plain(getattr(rule, name)) for name in FIELDS}
    initial["accounts"] = list(rule.accounts.values_list("pk", flat=True))
    initial["emails"] = ", ".join(rule.recipients.order_by("email").values_list("email", flat=True))
    form = AlertRuleForm(
        request.POST or None, actor=actor, datastream=rule.datastream, rule=rule, initial=initial
    )

    def edit() -> AlertRule:
        return edit_alert_rule(
            actor=actor,
            rule=rule,
            values=form.values,
            recipients=form.recipients,
            accounts=form.told_accounts,
            now=now(),
        )

    return _answer(request, form, edit, title=rule.name)


@for_stewards
@get_or_post
def delete_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a rule, after a question."""
    rule = _rule_at(request, pk)
    if request.method == "POST":
        delete_alert_rule(actor=actor_of(request), rule=rule, now=now())
        messages.success(request, _("„%s“ ist gelöscht.") % rule.name)
        return redirect("hub:alert-rules")
    context = {
        "title": _("Warnregel löschen: %s") % rule.name,
        "question": _("Soll niemand mehr gewarnt werden?"),
        "consequence": _(
            "Auch die bisherigen Warnungen dieser Regel werden gelöscht."
            " Sollen sie bleiben, schalten Sie die Regel nur aus."
        ),
        "action": _("Löschen"),
        "is_danger": True,
        "back": reverse("hub:edit-alert-rule", args=[pk]),
        "crumbs": _crumbs((_("Warnregeln"), reverse("hub:alert-rules")), (rule.name, "")),
    }
    return render(request, "kit/confirm.html", context)


def _answer(
    request: HttpRequest, form: AlertRuleForm, save: Callable[[], AlertRule], *, title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with errors_shown(form):
            rule = save()
            messages.success(request, _("Gespeichert. Die Regel gilt ab jetzt."))
            return redirect("hub:edit-alert-rule", rule.pk)
    context = {
        "title": title,
        "form": form,
        "rule": form.rule,
        "stream": form.datastream,
        "alerts": _history(form.rule),
        "webhook_secret": _secret(form.rule),
        "topics": _topics(form.rule),
        "crumbs": _crumbs((_("Warnregeln"), reverse("hub:alert-rules")), (title, "")),
    }
    return render(request, "hub/alert_rule.html", context, status=422 if form.errors else 200)


def _secret(rule: AlertRule | None) -> str:
    """Return what a program checks messages with; "" also when no key of ours opens it."""
    try:
        return webhook_secret_of(rule) if rule is not None else ""
    except Unsealable:
        return ""


def _topics(rule: AlertRule | None) -> list[tuple[str, str]]:
    """Return who hears of alerts by MQTT, and at which topic."""
    if rule is None:
        return []
    stream, prefix = rule.datastream, str((settings.MQTT_BROKER or {}).get("prefix", ""))
    known = DeviceToken.objects.in_bulk([pk for _channel, pk in told_by_topic(rule) if pk])
    readers = [
        (known[pk].label, known[pk].broker_name) if pk else (_("alle"), EVERYBODY)
        for _channel, pk in told_by_topic(rule)
    ]
    return [
        (label, alert_topic(reader, stream.pk, is_multi=stream.is_multi, prefix=prefix))
        for label, reader in readers
    ]


def _history(rule: AlertRule | None) -> list[dict[str, Any]]:
    if rule is None:
        return []
    found = Alert.objects.filter(rule=rule).select_related("rule__datastream__thing")
    return [_in_words(alert) for alert in found.order_by("-began_at", "-pk")[:5]]


def _suggestion(request: HttpRequest, stream: Datastream) -> dict[str, Any]:
    """Return what a new rule begins with: for carbon dioxide the rule for class rooms."""
    mine = {"emails": getattr(request.user, "email", "")}
    if not is_carbon_dioxide(stream):
        return mine
    return {
        **mine,
        "name": _("Bitte lüften"),
        "threshold": _plain(NOTICEABLE_FROM),
        "clear_at": _plain(NOTICEABLE_FROM - 200),
        "advice": _("Bitte lüften: Fenster weit öffnen, am besten alle, fünf Minuten lang."),
    }


def _plain(value: Any) -> Any:
    """Return a number without ".0" behind it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _in_words(alert: Alert) -> dict[str, Any]:
    return {
        "alert": alert,
        "headline": headline(alert),
        "sentence": sentence(alert),
        "advice": advice(alert.rule),
    }


def _rule_at(request: HttpRequest, pk: int) -> AlertRule:
    return get_object_or_404(alert_rules_of(actor_of(request)), pk=pk)


def _crumbs(*below: tuple[str, str]) -> list[tuple[str, str]]:
    above = [(_("Daten"), "/daten/")]
    return [*above, (_("Warnungen"), reverse("hub:alerts") if below else ""), *below]
