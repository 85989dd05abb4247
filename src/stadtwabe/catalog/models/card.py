"""One row for every public thing."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stadtwabe.catalog.german_order import GermanOrder
from stadtwabe.catalog.rules import Audience, PlaceKind, Precision
from stadtwabe.people.models import Party
from stadtwabe.places.models import Network, Place

TEXT_SEARCH = "stadtwabe"
"""The text search configuration: German without stop words, accents and endings (migration 2)."""


class Card(models.Model):
    """What search, map, lists, feeds and exports know of a thing.

    Its domain writes it in the same transaction as the thing itself and never changes ``kind``
    and ``id``. A withdrawn card stays as a tombstone, so that links never dangle.
    ``place`` is only where the thing lies; who is responsible stands in CardParty and ``owner``.
    """

    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=140)
    path = models.CharField(max_length=200, help_text="Permanent address, from the root.")
    title = models.CharField(_("Titel"), max_length=250)
    summary = models.TextField(_("Zusammenfassung"), blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="cards")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY, blank=True
    )
    owner = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="owned_cards"
    )
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    networks = models.ManyToManyField(
        Network, blank=True, help_text="The networks that may see it (audience 'networks')."
    )
    facet_ids = ArrayField(models.IntegerField(), default=list)
    search_text = models.TextField(blank=True, help_text="Further words to be found by.")
    search_parts = models.TextField(blank=True, help_text="Parts of the compounds of all texts.")
    search = models.GeneratedField(
        expression=SearchVector("title", config=TEXT_SEARCH, weight="A")
        + SearchVector("summary", config=TEXT_SEARCH, weight="B")
        + SearchVector("search_text", config=TEXT_SEARCH, weight="C")
        + SearchVector("search_parts", config=TEXT_SEARCH, weight="D"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="card_slug_once_per_kind"),
            models.UniqueConstraint(fields=["path"], name="card_path_once"),
            models.CheckConstraint(
                name="card_ends_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="card_position_is_whole",
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
            ),
            models.CheckConstraint(
                name="card_for_its_owner_has_one",
                condition=~Q(audience=Audience.OWNER) | Q(owner__isnull=False),
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="card_search"),
            GinIndex(fields=["facet_ids"], name="card_facets"),
            models.Index(fields=["kind", "-changed_at"], name="card_kind_newest"),
            models.Index(fields=["-changed_at", "-id"], name="card_newest"),
            # Places are many and all alike new: without them the newest things are found at once.
            models.Index(
                fields=["-changed_at", "-id"],
                name="card_newest_thing",
                condition=~Q(kind__in=PlaceKind.values),
            ),
            models.Index(GermanOrder("title"), "id", name="card_title_order"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the permanent address of the thing."""
        return self.path

    @property
    def place_name(self) -> str:
        """What the place where it lies is called; empty when it lies nowhere."""
        return self.place.name if self.place else ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether only the tombstone is left."""
        return self.withdrawn_at is not None
