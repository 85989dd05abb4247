"""Queries that are written once answer as the same queries written anew. On Django's own tables."""

from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from stadtwabe.kit.actor import SYSTEM, VISITOR, Actor
from stadtwabe.kit.prepared import among, prepared

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_query_with_relations_annotations_and_prefetched_rows(
    django_assert_num_queries,
):
    group = Group.objects.create(name="Redaktion")
    group.permissions.set(Permission.objects.filter(codename__startswith="add_"))

    def of_models(codename: str, models: list[str]) -> QuerySet[Any]:
        number = Window(RowNumber(), partition_by=[F("content_type")], order_by=[F("pk").asc()])
        return (
            Permission.objects.filter(among("django_content_type.model", models))
            .filter(codename__startswith="add_", codename__gte=codename)
            .annotate(number=number)
            .filter(number__lte=1)
            .select_related("content_type")
            .only("codename", "content_type__model")
            .prefetch_related("group_set")
            .order_by("-codename")[:3]
        )

    ask = prepared(of_models)
    for values in (("add_", ["group", "user"]), ("add_h", ["group", "user", "session"]), ("b", [])):
        written_anew = list(of_models(*values))
        with django_assert_num_queries(2 if written_anew else 1):
            rows = ask(*values)
            assert [(row, row.number, row.content_type.model) for row in rows] == [
                (row, row.number, row.content_type.model) for row in written_anew
            ]
            assert all(list(row.group_set.all()) == [group] for row in rows)
            assert all(row.get_deferred_fields() == {"name"} for row in rows)


def test_plain_values_come_as_plain_values():
    @prepared
    def models_of(app: str) -> QuerySet[ContentType, str]:
        found = ContentType.objects.filter(app_label=app).order_by("model")
        return found.values_list("model", flat=True)

    assert models_of("sessions") == ["session"]
    assert models_of("auth") == ["group", "permission"]


def test_a_value_is_never_part_of_the_sql():
    @prepared
    def called(name: str) -> QuerySet[Group]:
        return Group.objects.filter(name=name)

    for name in ("O'Hara", "%s", "100 %", "'; DROP TABLE auth_group; --"):
        made = Group.objects.create(name=name)
        assert called(name) == [made]


def test_the_query_is_written_once_for_visitors_and_anew_for_everybody_else():
    written = []

    @prepared
    def groups(actor: Actor, name: str) -> QuerySet[Group]:
        written.append(actor)
        return Group.objects.filter(name=name) if actor == VISITOR else Group.objects.all()

    Group.objects.create(name="a")
    Group.objects.create(name="b")
    assert [len(groups(VISITOR, "a")), len(groups(SYSTEM, "a")), len(groups(SYSTEM, "a"))] == [
        1,
        2,
        2,
    ]
    assert len(groups(VISITOR, "b")) == 1
    assert written == [VISITOR, SYSTEM, SYSTEM]


def test_what_can_find_nothing_asks_nothing(django_assert_num_queries):
    @prepared
    def nobody(name: str) -> QuerySet[Group]:
        return Group.objects.filter(name=name).none()

    with django_assert_num_queries(0):
        assert nobody("a") == []
        assert nobody("b") == []


def test_none_and_names_are_refused_as_the_sql_would_be_another():
    @prepared
    def called(name: str) -> QuerySet[Group]:
        return Group.objects.filter(name=name)

    with pytest.raises(TypeError, match="None"):
        called(None)  # type: ignore[arg-type]  # which is the point
    with pytest.raises(TypeError, match="by position"):
        called(name="a")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection():
    @prepared
    def called(name: str) -> QuerySet[Group]:
        return Group.objects.filter(name=name)

    made = Group.objects.create(name="a")
    assert called("a") == [made]
    found = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET search_path TO pg_catalog")
        try:
            called("a")
        except Exception as error:
            found.append(type(error).__name__)
        finally:
            connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found == ["ProgrammingError"]
    assert called("a") == [made]
