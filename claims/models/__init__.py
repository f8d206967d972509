"""The rows of Galley, one module a concept."""

from claims.models.accounts import User
from claims.models.ahead import Ahead
from claims.models.articles import Article, Version
from claims.models.captures import Capture, Errand, Part, Pending, Proof, Unproven
from claims.models.claims import Anchor, Claim
from claims.models.evidence import Evidence
from claims.models.queue import Wait, Waiting
from claims.models.reports import Report, ReportDocument
from claims.models.sources import Source
from claims.models.stashes import Stash
from claims.models.submissions import Submission
from claims.models.teams import Invitation, Membership, Team
from claims.models.verdicts import Decision, Label, Proposal
from claims.trail.rows import Act, Change, Head

__all__ = [
    "Act",
    "Ahead",
    "Anchor",
    "Article",
    "Capture",
    "Change",
    "Claim",
    "Decision",
    "Errand",
    "Evidence",
    "Head",
    "Invitation",
    "Label",
    "Membership",
    "Part",
    "Pending",
    "Proof",
    "Proposal",
    "Report",
    "ReportDocument",
    "Source",
    "Stash",
    "Submission",
    "Team",
    "Unproven",
    "User",
    "Version",
    "Wait",
    "Waiting",
]
