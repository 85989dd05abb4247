"""That a project was taken over from another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.atlas.models.project import Project
from stadtwabe.catalog.models import Link


class Reuse(models.Model):
    """A project that reuses (nachnutzt) an original, with what was changed and what it cost."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reused_from")
    original = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reused_by")
    link = models.OneToOneField(Link, on_delete=models.CASCADE, related_name="reuse")
    changes = models.TextField(_("was geändert wurde"), null=True, blank=True)
    cost = models.CharField(_("Kosten"), max_length=200, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "original"], name="reuse_once"),
            models.CheckConstraint(
                name="reuse_joins_two_projects", condition=~Q(project=F("original"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} ← {self.original}"
