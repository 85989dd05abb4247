"""The tables of people, one noun per file."""

from stadtwabe.people.models.audit_entry import AuditEntry
from stadtwabe.people.models.membership import Membership
from stadtwabe.people.models.organisation import Organisation
from stadtwabe.people.models.party import Party
from stadtwabe.people.models.token import ApiToken
from stadtwabe.people.models.user import User

__all__ = ["ApiToken", "AuditEntry", "Membership", "Organisation", "Party", "User"]
