"""Who is acting: handed to every command and every query, never looked up inside one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held at one party."""

    role: str
    party_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person or process, as far as permissions need to know it.

    ``person`` is the pseudonymous number kept in histories (``None`` for visitors and
    processes). ``audiences`` are the ids of the networks whose internal things the actor may
    see. ``scopes`` is ``None`` for a signed-in session, which may do all that its grants allow;
    a token carries the set of scopes it was limited to.
    """

    person: int | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    audiences: frozenset[int] = frozenset()
    is_operator: bool = False
    scopes: frozenset[str] | None = None

    @property
    def party_ids(self) -> frozenset[int]:
        """Ids of the parties at which the actor holds any role."""
        return frozenset(grant.party_id for grant in self.grants)

    def parties_with(self, role: str) -> list[int]:
        """Return the ids of the parties at which the actor holds ``role``, in order."""
        return sorted(grant.party_id for grant in self.grants if grant.role == role)

    def holds(self, role: str, party_id: int) -> bool:
        """Whether the actor holds ``role`` at that party."""
        return Grant(role, party_id) in self.grants

    def holds_anywhere(self, *roles: str) -> bool:
        """Whether the actor holds one of ``roles`` at any party."""
        return any(grant.role in roles for grant in self.grants)


VISITOR = Actor()
"""Somebody who is not signed in."""

SYSTEM = Actor(name="Stadtwabe", is_operator=True)
"""The installation itself: imports, migrations of data, scheduled work."""
