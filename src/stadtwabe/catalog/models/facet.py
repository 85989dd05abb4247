"""A value that lists can be narrowed by."""

from django.db import models

from stadtwabe.catalog.rules import FacetName


class Facet(models.Model):
    """One value of one facet, such as topic *mobility*; cards keep the ids in ``facet_ids``."""

    name = models.CharField(max_length=12, choices=FacetName.choices)
    value = models.CharField(max_length=80)
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "value"], name="facet_once")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
