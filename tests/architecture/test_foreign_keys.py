"""Foreign keys respect the floors, too; imports cannot see those given as strings."""

import re
import tomllib
from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.conftest import PROJECT


def floors() -> dict[str, int]:
    """The height of every floor, read from the contract in pyproject.toml; the ground is 0."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = [
        contract
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["name"].startswith("Floors")
    ]
    return {
        name: height
        for height, layer in enumerate(reversed(contract["layers"]))
        for name in re.findall(r"\w+", layer)
    }


def breaches(found: Iterable[type[models.Model]]) -> list[str]:
    """Relations of our models that lead up or sideways."""
    height = floors()
    wrong = []
    for model in found:
        here = model._meta.app_label
        for field in model._meta.get_fields():
            if field.auto_created or not field.is_relation or here not in height:
                continue
            target = field.related_model
            assert target is not None, f"{model}.{field.name}: no generic relations"
            there = target._meta.app_label if not isinstance(target, str) else target.split(".")[0]
            if there != here and height.get(there, -1) >= height[here]:
                wrong.append(f"{model._meta.label}.{field.name} leads up to {there}")
    return wrong


def test_every_relation_leads_down() -> None:
    assert breaches(apps.get_models(include_auto_created=True)) == []


def test_the_walk_sees_our_models() -> None:
    ours = {model._meta.app_label for model in apps.get_models()} & set(floors())
    assert {"places", "people", "catalog", "evidence"} <= ours


@isolate_apps("stadtwabe.places", "stadtwabe.catalog")
def test_a_relation_that_leads_up_is_found() -> None:
    class Thing(models.Model):
        class Meta:
            app_label = "catalog"

    class Bench(models.Model):
        thing = models.ForeignKey("catalog.Thing", on_delete=models.CASCADE)
        things = models.ManyToManyField("catalog.Thing", related_name="+")

        class Meta:
            app_label = "places"

    assert breaches([Thing, Bench]) == [
        "places.Bench.thing leads up to catalog",
        "places.Bench.things leads up to catalog",
    ]


@isolate_apps("stadtwabe.atlas", "stadtwabe.programme")
def test_a_relation_that_leads_sideways_is_found() -> None:
    class Stage(models.Model):
        class Meta:
            app_label = "programme"

    class Portrait(models.Model):
        stage = models.OneToOneField(Stage, on_delete=models.CASCADE)

        class Meta:
            app_label = "atlas"

    assert breaches([Stage, Portrait]) == ["atlas.Portrait.stage leads up to programme"]
