"""The report as people read it: a document put into words, in the order of the page. html and pdf lay it out.

The result is plain dicts, lists, strings and numbers. Words are those of the document's language, times of its team's
zone; nothing in it depends on the reader or the moment.
"""

import datetime
import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import dateformat, translation
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from claims import zones
from claims.reports import words
from claims.reports.document import Document, Head, Label, Source
from claims.reports.findings import Finding, sign
from claims.reports.marks import Place, cut
from claims.roles import ROLE_NAMES, Role
from claims.workflow import STATUS_NAMES, Status

Sheet = dict[str, Any]
DONE = {Status.DECIDED}
GONE = {Status.WITHDRAWN}
NAMED: dict[str, Promise] = {"title": gettext_lazy("Title"), "standfirst": gettext_lazy("Standfirst")}


class Clock:
    """Says moments in the team's zone."""

    def __init__(self, zone: str) -> None:
        self.zone = zones.zone(zone)
        self.said: dict[str, str] = {}  # by minute: formatting is dear, and most acts share theirs with others

    def moment(self, at: str) -> str:
        """“24 Nov 2026, 18:52”."""
        minute = at[:16]
        if minute not in self.said:
            local = datetime.datetime.fromisoformat(at).astimezone(self.zone)
            self.said[minute] = dateformat.format(local, pgettext("a moment in a report", "j M Y, H:i"))
        return self.said[minute]

    def day(self, on: str) -> str:
        """“24 November 2026”."""
        return dateformat.format(datetime.date.fromisoformat(on), pgettext("a day", "j F Y"))


def sheet(document: Document, fingerprint: str = "") -> Sheet:
    """The whole report in words; `fingerprint` is the sha256 of its bytes, empty for a preview."""
    with translation.override(document["language"]):
        return _Writer(document, fingerprint).sheet()


def block_names(kinds: Iterable[str]) -> list[str]:
    """What people call each block: “Title”, “¶ 1”, “¶ 2”; a title and a standfirst are not counted."""
    numbers = itertools.count(1)
    return [str(NAMED[kind]) if kind in NAMED else f"¶ {next(numbers)}" for kind in kinds]


def file_stem(document: Document) -> str:
    """A file name for the report, without its ending: plain ASCII whatever the title is."""
    title = slugify(document["article"]["title"])[:48].strip("-_") or f"article-{document['article']['id']}"
    return f"{title}-report-{document['number']}"


class _Writer:
    def __init__(self, document: Document, fingerprint: str) -> None:
        self.document = document
        self.fingerprint = fingerprint
        self.clock = Clock(document["team"]["timezone"])
        self.claims = document["claims"]

    def sheet(self) -> Sheet:
        document, article = self.document, self.document["article"]
        return {
            "language": document["language"],
            "number": document["number"],
            "issued": bool(self.fingerprint),
            "fingerprint": self.fingerprint,
            "text_hash": document["version"]["sha256"],
            "kind": self._kind(),
            "as_of": self.clock.moment(document["as_of"]),
            "as_of_utc": document["as_of"],
            "zone": str(self.clock.zone),
            "team": document["team"]["name"],
            "title": article["title"],
            "text_language": article["language"],
            "facts": list(self._facts()),
            "standing": self._standing(),
            "four_eyes_note": self._four_eyes_note(),
            "statuses": self._statuses(),
            "verdicts": self._verdicts(),
            "people": self._people(),
            "scale": [self._label(label) for label in document["policy"]["scale"]],
            "changes": [found.change() for found in self._findings() if found.wants_change],
            "blocks": self._blocks(),
            "decided": self._section(lambda status: status in DONE),
            "pending": self._section(lambda status: status not in DONE | GONE),
            "withdrawn": self._section(lambda status: status in GONE),
            "sources": [self._source(source) for source in document["sources"]],
            "heads": [self._head(head) for head in document["heads"]],
            "article_id": article["id"],
            "json_name": f"{file_stem(document)}.json",
        }

    def _kind(self) -> str:
        if not self.fingerprint:
            return _("Verification report, today’s state")
        return _("Verification report %(number)d") % {"number": self.document["number"]}

    def _facts(self) -> Iterable[dict[str, str]]:
        article, version, policy = self.document["article"], self.document["version"], self.document["policy"]
        yield _fact(_("Article"), self._about())
        if article["url"]:
            yield _fact(_("Address"), article["url"], kind="url")
        yield _fact(
            _("Stage"),
            f"{words.word(words.STAGES, article['stage'])} · "
            + (
                _("deadline %(at)s") % {"at": self.clock.moment(article["deadline"])}
                if article["deadline"]
                else _("no deadline")
            ),
        )
        yield _fact(
            _("Text"),
            _("Version %(number)d of %(at)s, by %(person)s")
            % {
                "number": version["number"],
                "at": self.clock.moment(version["created_at"]),
                "person": version["created_by"]["name"],
            },
            code=f"sha256 {version['sha256']}",
        )
        needed = policy["high_risk_origins"]
        yield _fact(
            _("Policy"),
            (_("Four eyes on") if policy["four_eyes"] else _("Four eyes off: one person may propose and decide"))
            + " · "
            + ngettext(
                "a high-risk claim needs %(count)d independent origin",
                "a high-risk claim needs %(count)d independent origins",
                needed,
            )
            % {"count": needed},
        )

    def _about(self) -> str:
        article = self.document["article"]
        by, where, on = article["byline"], article["outlet"] or self.document["team"]["name"], article["published_on"]
        said = _("%(byline)s for %(outlet)s") % {"byline": by, "outlet": where} if by else where
        return f"{said}, {self.clock.day(on)}" if on else said

    def _standing(self) -> str:
        count = Counter(claim["status"] for claim in self.claims)
        logged, decided, gone = len(self.claims), count[Status.DECIDED], count[Status.WITHDRAWN]
        if not logged:
            return _("No claim has been logged yet.")
        said = ngettext("%(count)d claim was logged", "%(count)d claims were logged", logged) % {"count": logged}
        parts = [_("%(count)d decided") % {"count": decided}, _("%(count)d not") % {"count": logged - decided - gone}]
        if gone:
            parts.append(_("%(count)d withdrawn") % {"count": gone})
        return f"{said}: {', '.join(parts)}."

    def _four_eyes_note(self) -> str:
        alone = [
            claim["number"]
            for claim in self.claims
            if claim["status"] == Status.DECIDED
            and claim["rulings"]
            and not claim["rulings"][-1].get("four_eyes", True)
        ]
        if not alone:
            return ""
        listed = ", ".join(map(str, alone))
        return ngettext(
            "Decided while four eyes were off: claim %(claims)s.",
            "Decided while four eyes were off: claims %(claims)s.",
            len(alone),
        ) % {"claims": listed}

    def _statuses(self) -> list[Sheet]:
        by_status = self.document["counts"]["by_status"]
        return [
            {"status": str(status), "name": str(name), "claims": by_status[status]}
            for status, name in STATUS_NAMES.items()
            if by_status.get(status)
        ]

    def _verdicts(self) -> list[Sheet]:
        tallies = [tally for tally in self.document["counts"]["by_verdict"] if tally["claims"]]
        total, at, bar = sum(tally["claims"] for tally in tallies), 0, []
        for tally in tallies:
            share = {"x": f"{100 * at / total:.2f}%", "width": f"{100 * tally['claims'] / total:.2f}%"}
            middle = f"{100 * (at + tally['claims'] / 2) / total:.2f}%"
            bar.append({**tally, **share, "middle": middle, "share": tally["claims"] / total})
            at += tally["claims"]
        return bar

    def _people(self) -> list[Sheet]:
        return [
            {
                "name": person["name"],
                "role": str(ROLE_NAMES[Role(person["role"])]).lower() if person["role"] else _("no longer a member"),
                "did": ", ".join(str(name) for code, name in words.DID.items() if code in person["did"]),
            }
            for person in self.document["people"]
        ]

    def _label(self, label: Label) -> Sheet:
        return {**label, "code": label["meaning"], "note": _("retired") if label["retired"] else ""}

    def _findings(self) -> list[Finding]:
        if not hasattr(self, "_found"):
            sources = {source["number"]: source for source in self.document["sources"]}
            blocks = block_names([block["kind"] for block in self.document["version"]["blocks"]])
            self._found = [Finding(claim, sources, self.clock.moment, blocks) for claim in self.claims]
        return self._found

    def _section(self, wanted: Callable[[str], bool]) -> list[Sheet]:
        return [found.told() for found in self._findings() if wanted(found.claim["status"])]

    def _blocks(self) -> list[Sheet]:
        version = self.document["version"]
        places = [
            Place(anchor["start"], anchor["end"], claim["number"])
            for claim in self.claims
            if claim["status"] != Status.WITHDRAWN
            for anchor in claim["anchors"]
            if anchor["version"] == version["number"]
        ]
        signs = {claim["number"]: sign(claim) for claim in self.claims}
        return [
            {
                "kind": block["kind"],
                "pieces": [
                    {
                        "text": piece.text,
                        "marks": [signs[number] for number in piece.claims],
                        "begins": [signs[number] for number in piece.begins],
                    }
                    for piece in cut(version["text"], block["start"], block["end"], places)
                ],
            }
            for block in version["blocks"]
        ]

    def _head(self, head: Head) -> Sheet:
        kind = head["stream"].partition(":")[0]
        return {**head, "name": {"article": _("Article’s trail"), "team": _("Team’s trail")}.get(kind, head["stream"])}

    def _source(self, source: Source) -> Sheet:
        facts = [source["publisher"], words.word(words.SOURCE_KINDS, source["kind"])]
        if source["published_on"]:
            facts.append(self.clock.day(source["published_on"]))
        return {
            "number": source["number"],
            "title": source["title"],
            "facts": " · ".join(fact for fact in facts if fact),
            "url": source["url"],
            "origin": self._origin(source),
        }

    def _origin(self, source: Source) -> str:
        match source["origin_kind"]:
            case "itself":
                return _("an origin of its own")
            case "article":
                return _("goes back to the article: %(title)s") % {"title": source["origin_title"]}
            case "source":
                return _("goes back to: %(title)s") % {"title": source["origin_title"]}
            case _:
                return _("origin not declared")


def _fact(name: str, value: str, code: str = "", kind: str = "") -> dict[str, str]:
    return {"name": name, "value": value, "code": code, "kind": kind}
