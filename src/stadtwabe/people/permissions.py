"""Permission, once: ``can(actor, "atlas.edit_project", thing)``; denied unless a rule allows it.

Each domain registers its predicates from ``rules.py`` in ``apps.ready``. A predicate gets the
actor and the thing (``None`` for actions that have none yet) and answers yes or no.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from stadtwabe.kit.actor import Actor
from stadtwabe.kit.errors import NotAllowed

Predicate = Callable[[Actor, Any], bool]

_rules: dict[str, tuple[Predicate, str]] = {}


def register(action: str, predicate: Predicate, *, scope: str) -> None:
    """Allow ``action`` where ``predicate`` says yes; tokens need ``scope`` for it besides.

    Raises ValueError when the action has a rule already.
    """
    if action in _rules and _rules[action] != (predicate, scope):
        message = f"{action} has a rule already"
        raise ValueError(message)
    _rules[action] = (predicate, scope)


def actions() -> tuple[str, ...]:
    """Return every registered action, sorted: what the permission matrix walks through."""
    return tuple(sorted(_rules))


def can(actor: Actor, action: str, thing: object = None) -> bool:
    """Return whether ``actor`` may do ``action`` to ``thing``. Unknown actions are denied."""
    rule = _rules.get(action)
    if rule is None:
        return False
    predicate, scope = rule
    if actor.scopes is not None and scope not in actor.scopes:
        return False
    return actor.is_operator or predicate(actor, thing)


def require(actor: Actor, action: str, thing: object = None) -> None:
    """Raise NotAllowed unless ``actor`` may do ``action`` to ``thing``."""
    if can(actor, action, thing):
        return
    if actor.person is None and not actor.is_operator:
        raise NotAllowed(_("Dafür müssen Sie angemeldet sein."), remedy=_("Melden Sie sich an."))
    raise NotAllowed(
        _("Das dürfen Sie hier nicht."),
        remedy=_("Bitten Sie die Verbundleitung um die passende Rolle."),
    )
