"""The box around a geometry, kept so that a database without PostGIS can search by place."""

from django.db import models


class Area(models.Model):
    """Columns for the bounding box of a GeoJSON geometry, in degrees (WGS 84)."""

    min_lon = models.FloatField(null=True)
    min_lat = models.FloatField(null=True)
    max_lon = models.FloatField(null=True)
    max_lat = models.FloatField(null=True)

    class Meta:
        abstract = True
