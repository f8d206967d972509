"""What the tests of the verdict foot share: its addresses, what its form sends, what a page shows."""

from typing import Any

from django.test import Client
from django.urls import reverse

from claims.models import Article, Claim, Label, Team
from tests.people import keys


def pane(article: Article) -> dict[str, str]:
    """What htmx says of itself on the desk."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver/articles/{article.pk}/"}


def to(claim: Claim, deed: str = "claim") -> str:
    return reverse(deed, args=[claim.article_id, claim.number])


def label(team: Team, meaning: str = "accurate") -> Label:
    found: Label = team.labels.in_force().get(meaning=meaning)
    return found


def said(team: Team, claim: Claim, meaning: str = "accurate", **more: Any) -> dict[str, Any]:
    """What the foot's form sends."""
    claim.refresh_from_db()
    return {"verdict": label(team, meaning).pk, "rationale": "It says so."} | more | keys(claim.row_version)


def shown_to(client: Client, claim: Claim, part: str = "") -> str:
    return client.get(to(claim) + part).content.decode()


def status_of(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.status
