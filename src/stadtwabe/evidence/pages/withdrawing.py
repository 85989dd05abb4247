"""Pages for editors: every statement of a thing, taking one back, taking a merge back."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stadtwabe.catalog.models import Card
from stadtwabe.evidence.commands import unmerge_things, withdraw_statement
from stadtwabe.evidence.forms.things import ReasonForm
from stadtwabe.evidence.labels import Labels, property_label
from stadtwabe.evidence.models import Merge, Statement
from stadtwabe.evidence.pages.things import View, crumbs_of, thing_at
from stadtwabe.evidence.queries.statements import StatementRow, source_label, visible_to
from stadtwabe.evidence.rules import StatementState
from stadtwabe.evidence.things import thing_kind
from stadtwabe.kit.clock import now as clock_now
from stadtwabe.kit.errors import DomainError
from stadtwabe.kit.methods import get_or_post
from stadtwabe.kit.numbers import whole_number
from stadtwabe.people.actors import actor_of
from stadtwabe.people.permissions import can, require


def statements_page(name: str) -> View:
    """Return the page with all statements of a thing of the kind ``name``, and its merges."""

    @get_or_post
    def page(request: HttpRequest, slug: str) -> HttpResponse:
        kind, actor = thing_kind(name), actor_of(request)
        thing = thing_at(request, kind, slug)
        require(actor, kind.action("edit"), thing)
        if request.method == "POST":
            require(actor, kind.action("merge"), thing)
            merges = Merge.objects.filter(survivor=thing.card)
            wanted = whole_number(request.POST.get("merge"))
            merge = get_object_or_404(merges, pk=wanted or 0)
            unmerge_things(actor=actor, merge=merge, now=clock_now())
            messages.success(
                request, _("„%s“ ist wieder ein eigener Eintrag.") % merge.duplicate.title
            )
            return redirect(merge.duplicate.path)
        context = {
            "card": thing.card,
            "groups": list(_groups(thing.card)),
            "merges": Merge.objects.filter(
                survivor=thing.card, undone_at__isnull=True
            ).select_related("duplicate"),
            "may_merge": can(actor, kind.action("merge"), thing),
            "crumbs": crumbs_of(kind, thing.card.title, _("Angaben und Belege")),
        }
        return render(request, "evidence/thing_statements.html", context)

    return page


def _groups(card: Card) -> Iterable[tuple[str, list[StatementRow]]]:
    """Return the statements of a thing and of its facts with others, by what they are about."""
    statements = list(
        Statement.objects.filter(Q(card=card) | Q(link__source=card) | Q(link__target=card))
        .exclude(state=StatementState.WITHDRAWN)
        .exclude(property__endswith="_precision")
        .select_related(
            "card",
            "link__source",
            "link__target",
            "document",
            "declared_by__place",
            "declared_by__network",
            "declared_by__organisation",
        )
        .defer("document__text", "document__original", "document__layout")
        .order_by("link", "property", "state", "pk")
    )
    labels = Labels(statements)
    groups: dict[str, list[StatementRow]] = {}
    for each in statements:
        label = property_label(each)
        if each.link is not None:
            other = each.link.target if each.link.source_id == card.pk else each.link.source
            label = f"{each.link.get_kind_display()}: {other.title} · {label}"
        row = StatementRow(each, labels.value(each), source_label(each), labels.is_wording(each))
        groups.setdefault(label, []).append(row)
    return groups.items()


@get_or_post
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why a source does not say so after all, then take the statement back."""
    actor = actor_of(request)
    statement = (
        visible_to(actor)
        .select_related("card", "link__source", "link__target", "document", "declared_by")
        .filter(pk=pk)
        .first()
    )
    if statement is None:
        raise Http404
    require(actor, "evidence.withdraw_statement", statement)
    about = statement.card or (statement.link.source if statement.link else None)
    assert about is not None  # a constraint of the table
    value = Labels([statement]).value(statement)
    form = ReasonForm(request.POST or None)
    form.fields["because"].help_text = _("Der Grund steht in der Geschichte der Änderungen.")
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_statement(
                actor=actor,
                statement=statement,
                because=form.cleaned_data["because"],
                now=clock_now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Die Angabe ist zurückgezogen."))
            return redirect(about.path)
    context = {
        "title": _("Angabe zurückziehen"),
        "question": f"{property_label(statement)}: {value}",
        "consequence": _(
            "Was andere Quellen dazu sagen, tritt an ihre Stelle; sonst steht die Angabe als "
            "unbekannt da. In der Geschichte bleibt sie stehen."
        ),
        "action": _("Zurückziehen"),
        "is_danger": True,
        "back": statement.get_absolute_url(),
        "form": form,
        "crumbs": [
            (_("Quellen"), "/quellen/"),
            (_("Angabe"), statement.get_absolute_url()),
            (_("Zurückziehen"), ""),
        ],
    }
    return render(request, "kit/confirm.html", context, status=422 if form.errors else 200)
