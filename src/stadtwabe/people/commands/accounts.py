"""Inviting people, and letting them go."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import Invalid
from stadtwabe.people.audit import record
from stadtwabe.people.models import Party, User
from stadtwabe.people.permissions import require


@transaction.atomic
def invite_user(*, actor: Actor, email: str, party: Party, now: datetime) -> User:
    """Find or make the account of an e-mail address, for somebody who will get a role at a party.

    A new account has no password: its owner sets one by the link for forgotten passwords.
    """
    require(actor, "people.grant_membership", party)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(_("Das ist keine E-Mail-Adresse."), field="email") from error
    known = User.objects.filter(email=email).first()
    if known:
        return known
    user = User.objects.create_user(email)
    # Nobody can sign in before following the link that goes to this very address.
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    record(actor=actor, command="people.invite_user", subject=party, now=now)
    return user


@transaction.atomic
def delete_account(*, actor: Actor, user: User, email_typed: str, now: datetime) -> None:
    """Delete an account with everything that leads to the person.

    Histories keep the pseudonymous number, which then leads nowhere.
    """
    require(actor, "people.delete_account", user)
    if email_typed.strip().lower() != user.email:
        raise Invalid(
            _("Zum Bestätigen geben Sie bitte Ihre E-Mail-Adresse ein."), field="email_typed"
        )
    record(actor=actor, command="people.delete_account", subject=user, now=now)
    for session in Session.objects.filter(expire_date__gte=now).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    user.delete()
