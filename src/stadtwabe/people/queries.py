"""Every read of people. Nobody sees accounts but their own, and those they give roles to."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from stadtwabe.kit.actor import Actor
from stadtwabe.kit.names import name_form, same_organisation
from stadtwabe.people import personal_data
from stadtwabe.people.models import ApiToken, AuditEntry, Membership, Organisation, Party, User
from stadtwabe.people.rules import Role


def running_memberships(*, today: date) -> QuerySet[Membership]:
    """Return the memberships that count today."""
    return Membership.objects.filter(since__lte=today).filter(
        Q(until__isnull=True) | Q(until__gte=today)
    )


def memberships_of(user: User, *, today: date) -> QuerySet[Membership]:
    """Return the roles that ``user`` holds today."""
    return (
        running_memberships(today=today)
        .filter(user=user)
        .select_related("party__place", "party__network", "party__organisation")
        .order_by("role")
    )


def administered_parties(actor: Actor) -> QuerySet[Party]:
    """Return the parties at which ``actor`` may give roles."""
    parties = parties_with(actor, Role.NETWORK_ADMIN)
    if actor.is_operator:
        return parties.filter(Exists(Membership.objects.filter(party=OuterRef("pk"))))
    return parties


def parties_with(actor: Actor, role: Role) -> QuerySet[Party]:
    """Return the parties at which ``actor`` holds ``role``, by name; for operators all."""
    parties = Party.objects.select_related("place", "network", "organisation")
    if not actor.is_operator:
        parties = parties.filter(pk__in=actor.parties_with(role))
    return parties.order_by(Coalesce("place__name", "network__name", "organisation__name"), "pk")


def living_tokens(user: User) -> QuerySet[ApiToken]:
    """Return the tokens of ``user`` that are not revoked, newest first."""
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True).order_by("-created_at")


def everything_about(user: User) -> dict[str, Any]:
    """Return all that is kept about ``user``, for their own eyes (Art. 15 and 20 GDPR)."""
    return {
        "account": {
            "email": user.email,
            "name": user.name,
            "language": user.language,
            "since": user.date_joined.isoformat(),
            "number_in_histories": user.number,
        },
        "memberships": [
            {
                "party": str(membership.party),
                "role": membership.role,
                "since": membership.since.isoformat(),
                "until": membership.until.isoformat() if membership.until else None,
            }
            for membership in Membership.objects.filter(user=user).order_by("pk")
        ],
        "tokens": [
            {
                "label": token.label,
                "scopes": token.scopes,
                "created_at": token.created_at.isoformat(),
                "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
            }
            for token in ApiToken.objects.filter(user=user).order_by("pk")
        ],
        "history": [
            {
                "at": entry.at.isoformat(),
                "command": entry.command,
                "subject": f"{entry.subject_kind} {entry.subject_key}",
            }
            for entry in AuditEntry.objects.filter(person=user.number).order_by("pk").iterator()
        ],
        **personal_data.described(user),
    }


def organisation_called(name: str) -> Organisation | None:
    """Return the organisation with that name or short name, in whatever dress it stands.

    "des Bitkom e.V." is "Bitkom"; the same letters go before, and two legal forms that differ
    are two organisations.
    """
    known = Organisation.objects.order_by("pk")
    exact = known.filter(name__iexact=name).first() or known.filter(short_name__iexact=name).first()
    words = name_form(name).split()
    if exact is not None or not words:
        return exact
    candidates = known.filter(
        Q(name__icontains=max(words, key=len)) | Q(short_name__icontains=max(words, key=len))
    )
    for field in ("name", "short_name"):
        for each in candidates:
            if same_organisation(name, getattr(each, field)):
                return each
    return None


def reachable_members(party: Party, *, today: date) -> QuerySet[User]:
    """Return the accounts that hold a role at ``party`` today and have confirmed their address."""
    members = running_memberships(today=today).filter(party=party, user=OuterRef("pk"))
    return reachable_accounts().filter(Exists(members))


def reachable_accounts() -> QuerySet[User]:
    """Return the accounts in use whose e-mail address is confirmed."""
    confirmed = EmailAddress.objects.filter(
        user=OuterRef("pk"), email__iexact=OuterRef("email"), verified=True
    )
    return User.objects.filter(Exists(confirmed), is_active=True)
