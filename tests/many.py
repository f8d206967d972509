"""Articles with many claims, written in a few acts: for what has to cost the same whatever their number."""

from itertools import batched

from claims.actions import articles
from claims.models import Anchor, Article, Claim, Evidence, Label, Proposal, Source, Team, User, Version
from claims.trail import act
from claims.workflow import Status

STATUSES = (Status.OPEN, Status.PROPOSED, Status.DECIDED, Status.RECHECK, Status.DECIDED)
WORDS_OF_A_SENTENCE = 12
SENTENCES_OF_A_PARAGRAPH = 4


def article_of(team: Team, checker: User, claims: int, words: int = 0) -> Article:
    """An article of `words` words (or as many as the claims need), a claim in every one of its first sentences."""
    sentences = [_sentence(at) for at in range(max(claims, words // WORDS_OF_A_SENTENCE))]
    paragraphs = [("paragraph", " ".join(some)) for some in batched(sentences, SENTENCES_OF_A_PARAGRAPH)]
    blocks = [("title", "What the town spent"), *paragraphs]
    made = articles.import_article(
        actor=checker, team=team, blocks=blocks, title="What the town spent", language="en", byline="Nora Vance"
    )
    log_all(made, checker, claims)
    return made


def _sentence(at: int) -> str:
    return f"In year {at} the town spent £{at} million on its {at}th bridge."


def log_all(article: Article, checker: User, count: int) -> list[Claim]:
    """The claims of the first `count` sentences, at all statuses, in one act."""
    version = article.latest_version()
    label = article.team.labels.in_force()[0]
    with act("claim.log", checker):
        claims = Claim.objects.bulk_create(_claim(article, checker, at) for at in range(count))
        Anchor.objects.bulk_create(_anchor(claim, version, at) for at, claim in enumerate(claims))
    proposed = [(claim, STATUSES[at % len(STATUSES)]) for at, claim in enumerate(claims) if at % len(STATUSES)]
    with act("claim.propose", checker):
        proposals = Proposal.objects.bulk_create(_proposal(claim, label, checker) for claim, _status in proposed)
        for (claim, status), proposal in zip(proposed, proposals, strict=True):
            claim.status = status
            claim.proposal = proposal if status == Status.PROPOSED else None
            claim.verdict = None if status == Status.PROPOSED else label
        Claim.objects.bulk_update(claims, ["status", "proposal", "verdict"])
    return claims


def _claim(article: Article, checker: User, at: int) -> Claim:
    return Claim(
        team=article.team,
        article=article,
        number=at + 1,
        statement=_sentence(at),
        status_by=checker,
        created_by=checker,
    )


def _anchor(claim: Claim, version: Version, at: int) -> Anchor:
    start = version.text.index(_sentence(at))
    return Anchor(
        team_id=claim.team_id,
        article_id=claim.article_id,
        claim=claim,
        version=version,
        exact=_sentence(at),
        start=start,
        end=start + len(_sentence(at)),
    )


def _proposal(claim: Claim, label: Label, checker: User) -> Proposal:
    return Proposal(
        team_id=claim.team_id,
        article_id=claim.article_id,
        claim=claim,
        label=label,
        rationale="The accounts say so.",
        proposed_by=checker,
    )


def lean_on_sources(article: Article, checker: User, each: int, sources: int) -> None:
    """Evidence for every claim, so many pieces each, leaning on so many sources in turn; in two acts."""
    with act("source.add", checker):
        leaned = Source.objects.bulk_create(
            Source(team=article.team, title=f"Accounts, volume {at}", created_by=checker, origin_kind="itself")
            for at in range(sources)
        )
    with act("evidence.attach", checker):
        Evidence.objects.bulk_create(
            Evidence(
                team=article.team,
                article=article,
                claim=claim,
                source=leaned[(at * each + number) % sources],
                number=number + 1,
                stance=("supports", "supports", "context")[number % 3],
                quote="as the accounts say, in a sentence of some length",
                locator=f"p. {number + 1}",
                added_by=checker,
            )
            for at, claim in enumerate(article.claims.all())
            for number in range(each)
        )
