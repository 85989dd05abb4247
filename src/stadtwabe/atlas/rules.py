"""Stages, states and grades of the atlas."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.evidence.rules import may_edit
from stadtwabe.kit.actor import Actor
from stadtwabe.people.rules import Role


class Stage(models.TextChoices):
    """How far a project is."""

    IDEA = "idea", _("Idee")
    PLANNED = "planned", _("geplant")
    PILOT = "pilot", _("wird erprobt")
    RUNNING = "running", _("läuft")
    PERMANENT = "permanent", _("Dauerbetrieb")
    STOPPED = "stopped", _("beendet oder abgebrochen")


class CostBand(models.TextChoices):
    """What a project cost to set up, as a band in euros."""

    UNDER_10K = "under_10k", _("unter 10.000 Euro")
    UNDER_50K = "under_50k", _("10.000 bis 50.000 Euro")
    UNDER_250K = "under_250k", _("50.000 bis 250.000 Euro")
    UNDER_1M = "under_1m", _("250.000 bis 1 Million Euro")
    OVER_1M = "over_1m", _("über 1 Million Euro")


class StrategyKind(models.TextChoices):
    """Kind of a strategy."""

    DIGITAL_AGENDA = "digital_agenda", _("Digitalisierungsstrategie, Digitale Agenda")
    SMART_CITY = "smart_city", _("Smart-City-Strategie")
    IT = "it", _("IT-Strategie")
    FRAMEWORK = "framework", _("Rahmenstrategie einer Region")


class StrategyStatus(models.TextChoices):
    """How far a strategy is; also the state of a town's digital agenda."""

    NONE = "none", _("keine")
    IN_PREPARATION = "in_preparation", _("in Vorbereitung")
    ADOPTED = "adopted", _("beschlossen")
    UPDATING = "updating", _("wird fortgeschrieben")


class PublicationKind(models.TextChoices):
    """Kind of a publication."""

    STUDY = "study", _("Studie")
    SURVEY = "survey", _("Umfrage")
    GUIDE = "guide", _("Leitfaden")
    ATLAS = "atlas", _("Atlas, Sammlung")
    REPORT = "report", _("Bericht")


class FundingState(models.TextChoices):
    """Whether a funding programme takes applications."""

    ANNOUNCED = "announced", _("angekündigt")
    OPEN = "open", _("offen")
    CLOSED = "closed", _("geschlossen")


class DeploymentState(models.TextChoices):
    """How far a town is with a solution."""

    PLANNED = "planned", _("geplant")
    INTRODUCING = "introducing", _("wird eingeführt")
    IN_USE = "in_use", _("im Einsatz")
    ENDED = "ended", _("nicht mehr im Einsatz")


class EffectGrade(models.TextChoices):
    """How well a claimed effect is shown."""

    CLAIMED = "claimed", _("behauptet")
    DOCUMENTED = "documented", _("belegt")
    MEASURED = "measured", _("gemessen")
    EVALUATED = "evaluated", _("unabhängig ausgewertet")


def may_join(actor: Actor, fact: Any) -> bool:
    """Editors of either end may say that a party runs a solution or gets a grant.

    The money for a project is also the business of those who edit the project.
    """
    party = getattr(fact, "party", None) or fact.recipient
    thing = getattr(fact, "solution", None) or fact.programme
    project = getattr(fact, "project", None)
    return (
        actor.holds(Role.EDITOR, party.pk)
        or may_edit(actor, thing)
        or (project is not None and may_edit(actor, project))
    )


def may_note_reuse(actor: Actor, reuse: Any) -> bool:
    """Editors of the reusing project may, and those of the original."""
    return may_edit(actor, reuse.project) or may_edit(actor, reuse.original)


class SizeClass(models.TextChoices):
    """Sizes of municipalities by population, after the types of the BBSR."""

    LARGE = "large", _("Großstadt, ab 100.000")
    MEDIUM = "medium", _("Mittelstadt, 20.000 bis 100.000")
    SMALL = "small", _("Kleinstadt, 5.000 bis 20.000")
    RURAL = "rural", _("Gemeinde unter 5.000")


SIZE_FROM = {
    SizeClass.LARGE: 100_000,
    SizeClass.MEDIUM: 20_000,
    SizeClass.SMALL: 5_000,
    SizeClass.RURAL: 0,
}
"""The smallest population of each class."""


def size_class(population: int | None) -> SizeClass | None:
    """Return the class of a population; None while it is unknown."""
    if population is None:
        return None
    return next(each for each, least in SIZE_FROM.items() if population >= least)


HAS_AGENDA = (StrategyStatus.ADOPTED, StrategyStatus.UPDATING)
"""States in which a town has a digital agenda, as the Smart-City-Atlas counts it."""
