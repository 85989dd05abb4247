"""An account."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from stadtwabe.people.pseudonyms import draw_number


class UserAccounts(BaseUserManager["User"]):
    """Makes accounts; the e-mail address is compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password nobody can sign in with it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find an account by its e-mail address."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """Somebody who signs in. Histories name the ``number``, never the person.

    ``number`` is drawn at random; deleting the account leaves the number in the histories and
    nothing that leads from it to the person.
    """

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    number = models.PositiveIntegerField(unique=True, editable=False)
    language = models.CharField(_("Sprache"), max_length=2, default="de")
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_operator = models.BooleanField(
        _("Betrieb"), default=False, help_text="Runs the installation; may do everything."
    )
    is_demo = models.BooleanField(
        default=False, help_text="A demo account: exists only in demo mode and says so."
    )
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserAccounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case"),
            models.CheckConstraint(name="user_number_positive", condition=Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Draw the pseudonymous number when the account is made."""
        if not self.number:
            self.number = draw_number()
        super().save(*args, **kwargs)
