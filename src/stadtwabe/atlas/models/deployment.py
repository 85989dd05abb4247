"""That a party runs a solution."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.models.solution import Solution
from stadtwabe.atlas.rules import DeploymentState
from stadtwabe.catalog.models import Link
from stadtwabe.catalog.rules import Precision
from stadtwabe.people.models import Party


class Deployment(models.Model):
    """A fact between a party and a solution, with a state, a day and a cost of its own.

    Its link (the party's card *uses* the solution's) carries the statements.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="deployments")
    solution = models.ForeignKey(Solution, on_delete=models.CASCADE, related_name="deployments")
    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="deployment")
    state = models.CharField(
        _("Stand"), max_length=20, choices=DeploymentState.choices, null=True, blank=True
    )
    since = models.DateField(_("seit"), null=True, blank=True)
    since_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    cost = models.CharField(_("Kosten"), max_length=200, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "solution"], name="deployment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.solution}"
