"""/verwaltung/: giving and ending roles."""

from allauth.account.forms import ResetPasswordForm
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stadtwabe.kit.clock import day_of, now
from stadtwabe.kit.errors import DomainError
from stadtwabe.people.actors import actor_of
from stadtwabe.people.commands import end_membership, grant_membership, invite_user
from stadtwabe.people.forms import MembershipForm
from stadtwabe.people.models import Membership
from stadtwabe.people.permissions import require
from stadtwabe.people.queries import administered_parties, running_memberships
from stadtwabe.people.rules import Role


@login_required
def parties(request: HttpRequest) -> HttpResponse:
    """List the places, networks and organisations where one may give roles."""
    return render(
        request,
        "people/parties.html",
        {
            "crumbs": [(_("Verwaltung"), "")],
            "parties": administered_parties(actor_of(request)),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, party_id: int) -> HttpResponse:
    """Show who holds which role at a party; a POST gives somebody a role."""
    actor = actor_of(request)
    found = get_object_or_404(administered_parties(actor), pk=party_id)
    form = MembershipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = invite_user(
                actor=actor, email=form.cleaned_data["email"], party=found, now=now()
            )
            grant_membership(
                actor=actor,
                user=user,
                party=found,
                role=Role(form.cleaned_data["role"]),
                now=now(),
            )
        except DomainError as error:
            form.add_error(error.field, str(error))
        else:
            if not user.has_usable_password():
                invitation = ResetPasswordForm({"email": user.email})
                if invitation.is_valid():
                    invitation.save(request)
            messages.success(request, _("Die Rolle ist vergeben."))
            return redirect("people:party", party_id=party_id)
    memberships = (
        running_memberships(today=day_of(now()))
        .filter(party=found)
        .select_related("user")
        .order_by("role", "user__email")
    )
    return render(
        request,
        "people/party.html",
        {
            "crumbs": [(_("Verwaltung"), "/verwaltung/"), (str(found), "")],
            "party": found,
            "memberships": memberships,
            "form": form,
        },
    )


@login_required
@require_POST
def end(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End a role."""
    actor = actor_of(request)
    membership = get_object_or_404(
        Membership.objects.filter(party__in=administered_parties(actor)), pk=membership_id
    )
    require(actor, "people.grant_membership", membership.party)
    end_membership(actor=actor, membership=membership, now=now())
    messages.success(request, _("Die Rolle ist beendet."))
    return redirect("people:party", party_id=membership.party_id)
