"""A form that would be taken, for every address that takes one; forging begins with what would have been right."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from claims import intake
from claims.actions import claims, sources, verdicts
from claims.anchors import find
from claims.models import Claim, Errand, Source
from claims.roles import Role
from tests.access.world import Newsroom
from tests.people import TEXT, verdict

Fields = dict[str, Any]
PASTE = "\n\n".join(text for _kind, text in TEXT)


def claim_of(home: Newsroom) -> Claim:
    return Claim.objects.get(pk=home.claim.pk)


# --- what has to be before a form can be taken -----------------------------------------------


def proposed(home: Newsroom) -> None:
    verdicts.propose(actor=home.people["checker"], claim=claim_of(home), verdict=verdict(home.team))


def decided(home: Newsroom) -> None:
    proposed(home)
    verdicts.decide(actor=home.people["reviewer"], claim=claim_of(home), verdict=verdict(home.team))


def withdrawn(home: Newsroom) -> None:
    verdicts.withdraw(actor=home.people["checker"], claim=claim_of(home), reason="Cut")


def placed_twice(home: Newsroom) -> None:
    place = find(claim_of(home).article.latest_version().text, "in March 2023")[0]
    claims.stand_also(
        actor=home.people["checker"], claim=claim_of(home), place=place, version=claim_of(home).row_version
    )


def not_captured(home: Newsroom) -> None:
    """The source has an address, of which no capture is under way."""
    source = Source.objects.get(pk=home.ids["source_id"])
    sources.edit_source(actor=home.people["checker"], source=source, url="https://report.example/hw-26-118")
    Errand.objects.under_way().update(state=Errand.State.FAILED)


BEFORE: dict[str, Callable[[Newsroom], None]] = {
    "captures": not_captured,
    "decide": proposed,
    "send_back": proposed,
    "reopen": decided,
    "restore": withdrawn,
    "leave_place": placed_twice,
}


# --- the forms -------------------------------------------------------------------------------


def other_source(home: Newsroom) -> int:
    """A second source of the team, which the first may have it from."""
    known = Source.objects.filter(team=home.team, title="The agency").first()
    facts = {"title": "The agency", "kind": "page", "origin_kind": "itself", "origin": None, "origin_article": None}
    return (known or sources.add_source(actor=home.people["checker"], team=home.team, **facts)).pk


def described(home: Newsroom) -> Fields:
    """A source that has it from another one."""
    said = {"title": "A copy", "kind": "page", "origin_kind": "source", "origin": other_source(home)}
    return said | {"published_on": "2026-01-02", "url": "https://copy.example/1"}


def versioned(home: Newsroom) -> Fields:
    return {"version": claim_of(home).row_version}


def facts(home: Newsroom) -> Fields:
    return {"kind": "number", "risk": "low", "assigned_to": home.people["checker"].pk}


def reason(home: Newsroom) -> Fields:
    return versioned(home) | {"reason": "Because."}


def given(home: Newsroom) -> Fields:
    label = home.team.labels.in_force().get(meaning="accurate")
    return versioned(home) | {"verdict": label.pk, "rationale": "The report says so."}


def article_facts(home: Newsroom) -> Fields:
    said = {"title": "The bridge", "language": "en", "published_on": "2026-01-02", "deadline": "2026-02-03T10:00"}
    return said | {"stage": "checking", "version": claim_of(home).article.row_version}


def imported(home: Newsroom) -> Fields:
    from claims.views.imports import Came

    keep = [str(block.number) for block in intake.read_text(PASTE).blocks if block.keep]
    said = {"step": "keep", "text": PASTE, "name": "", "sha256": Came.typed(PASTE).sha256, "keep": keep}
    return said | {"title": "Imported", "language": "en", "team": str(home.team.pk)}


def chosen_roles(home: Newsroom) -> Fields:
    row = home.team.memberships.get(pk=home.ids["membership_id"])
    return {f"role-{row.pk}": Role.VIEWER.value, f"opened-{row.pk}": row.row_version}


def policy(home: Newsroom) -> Fields:
    said = {"name": "The new name", "timezone": "Europe/London", "high_risk_origins": "3", "four_eyes": "on"}
    return said | {"version": home.team.row_version}


def always(**fields: Any) -> Callable[[Newsroom], Fields]:
    """The same fields in every newsroom."""
    return lambda _home: fields


SENT: dict[str, Callable[[Newsroom], Fields]] = {
    "account": always(part="name", name="Another"),
    "switch_team": lambda home: {"team": home.team.slug},
    "import_article": imported,
    "edit_article": article_facts,
    "log_claim": lambda home: facts(home) | {"quote": "in March 2023"},
    "claim": lambda home: versioned(home) | facts(home) | {"statement": "The bill is £31.4 million."},
    "stand_also": lambda home: versioned(home) | {"quote": "in March 2023"},
    "leave_place": versioned,
    "attach_evidence": lambda home: {"source": other_source(home), "stance": "context", "quote": "Box 212"},
    "retract_evidence": reason,
    "propose": given,
    "decide": given,
    "send_back": reason,
    "reopen": reason,
    "withdraw": reason,
    "restore": reason,
    "report": always(),
    "change_roles": chosen_roles,
    "remove_member": always(reason="Left", version=1),
    "invite": always(email="ines@ledger.example", role="checker"),
    "withdraw_invitation": always(),
    "change_policy": policy,
    "add_label": always(name="Half true", meaning="needs-fix"),
    "relabel": always(name="True"),
    "retire_label": always(),
    "captures": always(),
    "fetch_ahead": lambda home: {"team": str(home.team.pk), "url": "https://report.example/typed"},
    "upload_capture": lambda _home: {"file": SimpleUploadedFile("costs.csv", b"Piers,11.6\n"), "end": "end"},
    "capture_again": always(),
    "drop_capture": always(),
    "prove_capture": always(),
    "add_source": described,
    "source": lambda home: described(home) | {"version": Source.objects.get(pk=home.ids["source_id"]).row_version},
}
# the same address, another way through its form
VARIANTS: dict[str, tuple[str, Callable[[Newsroom], Fields]]] = {
    "attach_evidence with a new source": (
        "attach_evidence",
        lambda home: described(home) | {"source": "new", "stance": "context", "quote": "Box 212"},
    ),
}


def ready(name: str, home: Newsroom) -> Fields:
    """Bring the newsroom to where the form is taken; what it sends."""
    if name in BEFORE:
        BEFORE[name](home)
    fields = VARIANTS[name][1] if name in VARIANTS else SENT[name]
    return fields(home)
