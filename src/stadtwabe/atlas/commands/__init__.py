"""Every write of the atlas that is more than a thing with values."""

from stadtwabe.atlas.commands.deployments import add_deployment, remove_deployment
from stadtwabe.atlas.commands.effects import add_effect, remove_effect
from stadtwabe.atlas.commands.grants import add_grant, remove_grant
from stadtwabe.atlas.commands.organisations import (
    create_organisation_profile,
    edit_organisation_profile,
)
from stadtwabe.atlas.commands.reuses import add_reuse, remove_reuse

__all__ = [
    "add_deployment",
    "add_effect",
    "add_grant",
    "add_reuse",
    "create_organisation_profile",
    "edit_organisation_profile",
    "remove_deployment",
    "remove_effect",
    "remove_grant",
    "remove_reuse",
]
