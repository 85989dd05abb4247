"""Who may what at the desk: every address against visitor, citizen and editors of two towns."""

import pytest

from stadtwabe.desk.tests.factories import read_newsletter, town
from stadtwabe.desk.urls import urlpatterns
from stadtwabe.evidence.models import Document, Suggestion
from stadtwabe.evidence.tests.factories import account_of
from stadtwabe.people.models import Membership, User

pytestmark = pytest.mark.django_db

ABOUT_A_DOCUMENT = {"document", "undo_last", "safe_places", "again", "cancel", "describe", "redact"}
ABOUT_A_SUGGESTION = {"suggestion", "accept", "reject", "undo"}
FOR_ANY_EDITOR = {"inbox", "quality", "changes"}


def address_of(name, document):
    suggestion = document.suggestions.first()
    pattern = next(p for p in urlpatterns if p.name == name)
    pk = suggestion.pk if name in ABOUT_A_SUGGESTION else document.pk
    return "/redaktion/" + str(pattern.pattern).replace("<int:pk>", str(pk))


@pytest.fixture
def cast():
    koeln, bochum = town(), town("05911000")
    citizen = User.objects.create_user("buerger@example.org", "ein langes Kennwort")
    former = account_of(koeln, "frueher@example.org")
    Membership.objects.filter(user=former).update(until="2021-01-01", since="2020-01-01")
    return {
        "visitor": None,
        "citizen": citizen,
        "former editor": former,
        "editor": account_of(koeln, "koeln@example.org"),
        "foreign editor": account_of(bochum, "bochum@example.org"),
        "document": read_newsletter(koeln),
    }


def test_the_matrix_knows_every_address():
    assert {p.name for p in urlpatterns} == ABOUT_A_DOCUMENT | ABOUT_A_SUGGESTION | FOR_ANY_EDITOR


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_editors_of_the_owner_reach_documents_and_suggestions(client, cast, method):
    document = cast["document"]
    before = (
        list(Document.objects.order_by("pk").values("state", "text_sha256", "title")),
        list(Suggestion.objects.order_by("pk").values("state", "draft")),
    )
    for who in ("visitor", "citizen", "former editor", "foreign editor"):
        client.logout()
        if cast[who]:
            client.force_login(cast[who])
        for name in sorted(ABOUT_A_DOCUMENT | ABOUT_A_SUGGESTION):
            answer = getattr(client, method)(address_of(name, document))
            if who == "visitor":
                assert answer.status_code == 302, (who, name)
                assert "login" in answer.url
            else:
                expected = {"foreign editor": {404, 405}}.get(who, {403})
                assert answer.status_code in expected, (who, name, answer.status_code)
            assert "Frag das Amt" not in answer.content.decode()
    after = (
        list(Document.objects.order_by("pk").values("state", "text_sha256", "title")),
        list(Suggestion.objects.order_by("pk").values("state", "draft")),
    )
    assert after == before, "and nothing was changed"


def test_lists_show_only_ones_own(client, cast):
    for who, status, sees in (
        ("citizen", 403, False),
        ("foreign editor", 200, False),
        ("editor", 200, True),
    ):
        client.force_login(cast[who])
        for name in sorted(FOR_ANY_EDITOR):
            answer = client.get(address_of(name, cast["document"]))
            assert answer.status_code == status, (who, name)
        page = client.get("/redaktion/").content.decode()
        assert (f"/redaktion/dokumente/{cast['document'].pk}/" in page) == sees
        log = client.get("/redaktion/aenderungen/").content.decode()
        assert ("Dokument eingegangen" in log) == sees


def test_the_editor_reaches_everything(client, cast):
    client.force_login(cast["editor"])
    for name in ("document", "describe", "redact", "suggestion"):
        assert client.get(address_of(name, cast["document"])).status_code == 200, name
