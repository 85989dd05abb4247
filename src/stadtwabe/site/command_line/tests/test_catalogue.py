"""The commands about the catalogue of data: what they print and how they end."""

import argparse
import json
from pathlib import Path

import pytest

from stadtwabe.catalog.rules import Audience
from stadtwabe.hub.commands.datasets import create_dataset
from stadtwabe.hub.commands.distributions import add_link
from stadtwabe.hub.dcat import tests as dcat_tests
from stadtwabe.hub.models import Dataset, Harvest
from stadtwabe.kit.actor import SYSTEM
from stadtwabe.people.tests.factories import NOW, Cast
from stadtwabe.site.command_line import check_catalog, harvest
from stadtwabe.site.command_line.output import Output

pytestmark = pytest.mark.django_db

SHAPES = Path(dcat_tests.__path__[0]) / "mandatory.ttl"


def call(module, capsys, *words, as_json=False):
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    status = module.run(parser.parse_args(list(map(str, words))), Output(as_json=as_json))
    return status, capsys.readouterr()


@pytest.fixture
def dataset():
    cast = Cast()
    values = {"title": "Luft", "description": "Werte", "licence": "cc-zero"}
    made = create_dataset(actor=SYSTEM, owner=cast.menden, values=values, now=NOW)
    add_link(actor=SYSTEM, dataset=made, address="https://a.example/", file_type="CSV", now=NOW)
    create_dataset(
        actor=SYSTEM,
        owner=cast.menden,
        values={**values, "title": "Geheim"},
        audience=Audience.OWNER,
        now=NOW,
    )
    return made


def test_a_catalogue_as_it_should_be_ends_with_nothing_to_say(dataset, capsys):
    status, said = call(check_catalog, capsys, "--shapes", SHAPES)
    assert (status, said.out) == (0, "")
    assert "1 datasets" in said.err
    assert "0 violations" in said.err


def test_a_broken_one_is_named_and_ends_with_1(dataset, capsys):
    Dataset.objects.update(licence="")
    status, said = call(check_catalog, capsys, "--shapes", SHAPES, as_json=True)
    assert status == 1
    (found,) = map(json.loads, said.out.splitlines())
    assert found["message"] == "Eine Distribution braucht eine Lizenz."
    assert found["focus"].startswith(f"https://stadtwabe.example{dataset.card.path}#")


def test_harvest_without_a_source_that_is_due_says_so(capsys):
    status, said = call(harvest, capsys)
    assert (status, said.out) == (0, "")
    assert "no source is due" in said.err


def test_a_source_that_cannot_be_read_ends_with_2(dataset, capsys):
    owner = Cast().menden.place
    assert owner is not None
    words = ("--add", "http://127.0.0.1:1/", "--owner", owner.key, "--name", "Portal")
    status, said = call(harvest, capsys, *words)
    assert status == 2
    assert "Portal: not taken over." in said.out
    status, said = call(harvest, capsys, Harvest.objects.get().pk, as_json=True)
    assert status == 2
    assert json.loads(said.out)["failure"]
