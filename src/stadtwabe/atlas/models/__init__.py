"""The tables of the atlas, one noun per file."""

from stadtwabe.atlas.models.deployment import Deployment
from stadtwabe.atlas.models.effect_claim import EffectClaim
from stadtwabe.atlas.models.funding_programme import FundingProgramme
from stadtwabe.atlas.models.grant import Grant
from stadtwabe.atlas.models.organisation_profile import OrganisationProfile
from stadtwabe.atlas.models.portrait import Portrait
from stadtwabe.atlas.models.project import Project
from stadtwabe.atlas.models.publication import Publication
from stadtwabe.atlas.models.reuse import Reuse
from stadtwabe.atlas.models.solution import Solution
from stadtwabe.atlas.models.strategy import Strategy

__all__ = [
    "Deployment",
    "EffectClaim",
    "FundingProgramme",
    "Grant",
    "OrganisationProfile",
    "Portrait",
    "Project",
    "Publication",
    "Reuse",
    "Solution",
    "Strategy",
]
