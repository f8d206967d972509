"""Every verb of the trail with its one sentence; a test proves that each is documented."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What a person did, after their name: “Ifeoma Brandt logged claim 5”. The page that tells it fills in {claim}.
VERBS: dict[str, Promise] = {
    "team.create": _("made the team"),
    "team.policy": _("changed the policy"),
    "member.invite": _("invited {email} as {role}"),
    "member.uninvite": _("withdrew the invitation of {email}"),
    "member.join": _("joined as {role}"),
    "member.role": _("changed the role of {people}"),
    "member.remove": _("removed {people}"),
    "scale.add": _("added the verdict {label}"),
    "scale.relabel": _("relabelled the verdict {old} as {label}"),
    "scale.retire": _("retired the verdict {label}"),
    "article.import": _("imported the article"),
    "article.edit": _("changed the article’s facts"),
    "claim.log": _("logged {claim}"),
    "claim.edit": _("changed {claim}"),
    "claim.anchor": _("added a place to {claim}"),
    "claim.unanchor": _("took a place from {claim}"),
    "claim.propose": _("proposed {verdict} for {claim}"),
    "claim.decide": _("decided {claim}: {verdict}"),
    "claim.send_back": _("sent {claim} back to {people}"),
    "claim.reopen": _("reopened {claim}"),
    "claim.withdraw": _("withdrew {claim}"),
    "claim.restore": _("restored {claim}"),
    "evidence.attach": _("attached {source} to {claim} as {stance} ({evidence})"),
    "evidence.retract": _("retracted {evidence} of {claim}"),
    "source.add": _("added the source {source}"),
    "source.edit": _("changed the source {source}"),
    "capture.keep": _("captured {source}"),
    "capture.stamp": _("had a capture of {source} time-stamped"),
    "capture.archive": _("had a capture of {source} archived"),
    "capture.picture": _("made a picture of a capture of {source}"),
    "report.issue": _("issued {report}"),
    "erase": _("erased contents"),
}

# The groups that a trail can be filtered by: code, name, the verbs (or, with a dot at the end, all that begin so).
GROUPS: tuple[tuple[str, Promise, tuple[str, ...]], ...] = (
    ("verdicts", _("Proposed or decided"), ("claim.propose", "claim.decide")),
    ("back", _("Sent back, reopened, withdrawn, restored"),
     ("claim.send_back", "claim.reopen", "claim.withdraw", "claim.restore")),
    ("claims", _("Claims logged or changed"), ("claim.log", "claim.edit", "claim.anchor", "claim.unanchor")),
    ("evidence", _("Evidence"), ("evidence.",)),
    ("sources", _("Sources"), ("source.", "capture.")),
    ("article", _("Text and facts"), ("article.",)),
    ("reports", _("Reports"), ("report.",)),
    ("team", _("Members, scale, policy"), ("team.", "member.", "scale.")),
    ("erase", _("Erased"), ("erase",)),
)  # fmt: skip
