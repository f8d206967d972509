"""Every verb of the trail with its one sentence; a test proves that each is documented."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What a person did, after their name: "<Ifeoma Brandt> logged claim 5". {claim} and the like are filled by the page.
VERBS: dict[str, Promise] = {
    "team.create": _("made the team"),
    "team.policy": _("changed the policy"),
    "member.invite": _("invited {email} as {role}"),
    "member.uninvite": _("withdrew the invitation of {email}"),
    "member.join": _("joined as {role}"),
    "member.role": _("changed roles"),
    "member.remove": _("removed a member"),
    "scale.add": _("added the verdict {label}"),
    "scale.relabel": _("relabelled a verdict: {label}"),
    "scale.retire": _("retired the verdict {label}"),
    "article.import": _("imported the article"),
    "article.edit": _("changed the article’s facts"),
    "claim.log": _("logged {claim}"),
    "claim.edit": _("changed {claim}"),
    "claim.anchor": _("added a place to {claim}"),
    "claim.unanchor": _("took a place from {claim}"),
    "claim.propose": _("proposed {verdict} for {claim}"),
    "claim.decide": _("decided {claim}: {verdict}"),
    "claim.send_back": _("sent {claim} back"),
    "claim.reopen": _("reopened {claim}"),
    "claim.withdraw": _("withdrew {claim}"),
    "claim.restore": _("restored {claim}"),
    "evidence.attach": _("attached {evidence} to {claim} as {stance}"),
    "evidence.retract": _("retracted {evidence} of {claim}"),
    "source.add": _("added the source {source}"),
    "source.edit": _("changed the source {source}"),
    "report.issue": _("issued report {report}"),
    "erase": _("erased contents"),
}
