"""An organisation that is no municipality: a utility, a company, a ministry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.rules import OrganisationKind
from stadtwabe.places.models import Place


class Organisation(models.Model):
    """Identity of an organisation; what it offers and seeks stands in the atlas."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(_("Name"), max_length=200)
    short_name = models.CharField(_("Kurzname"), max_length=60, blank=True)
    legal_form = models.CharField(_("Rechtsform"), max_length=60, blank=True)
    kind = models.CharField(
        _("Art"), max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.OTHER
    )
    seat = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Sitz")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("gehört zu"),
    )
    website = models.URLField(_("Internetadresse"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_is_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
