"""What higher floors keep of a person: each tells here how to hand it out, and what goes with it.

They register in ``apps.ready``, so that the export of one's own data is whole without this room
knowing theirs.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # applications register before there are models
    from stadtwabe.people.models import User

Describe = Callable[["User"], dict[str, Any]]
LeftBehind = Callable[["User"], Sequence[str]]

_kept: dict[str, tuple[Describe, LeftBehind]] = {}


def _nothing(_user: "User") -> Sequence[str]:
    return ()


def register(name: str, describe: Describe, *, left_behind: LeftBehind = _nothing) -> None:
    """Hand out what ``describe`` returns (as JSON can keep it) under ``name``.

    ``left_behind`` says in sentences what will be missing when the account is deleted.
    """
    _kept[name] = (describe, left_behind)


def described(user: "User") -> dict[str, Any]:
    """Return what is kept about ``user``, by the names under which it is registered."""
    return {name: describe(user) for name, (describe, _) in sorted(_kept.items())}


def left_behind(user: "User") -> list[str]:
    """Return what ``user`` should know before leaving: sentences, in their language."""
    return [sentence for _name, (_, tell) in sorted(_kept.items()) for sentence in tell(user)]
