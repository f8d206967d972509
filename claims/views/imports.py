"""An article comes in: pasted or as a file, then seen block by block, then kept. Nothing is stored before that.

The preview carries the text in its form; since reading it is deterministic, the blocks have the same numbers when it
comes back, and its sha256 shows that it is the same text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from claims import intake
from claims.actions import articles as actions
from claims.forms.articles import Facts
from claims.intake import MAX_CHARACTERS, MAX_FILE_BYTES, TEXT_KINDS, Found, FoundBlock, Unreadable
from claims.intake.reading import decoded
from claims.models import Team
from claims.views import access
from claims.views.access import Request, signed_in
from claims.views.writing import Writing

UNPROCESSABLE, CONFLICT = 422, 409
# with more blocks than this their kinds cannot be changed one by one: the page would be all menus
CHANGEABLE = 400

KIND_NAMES: dict[str, Promise] = {
    "title": gettext_lazy("title"),
    "standfirst": gettext_lazy("standfirst"),
    "heading": gettext_lazy("heading"),
    "paragraph": gettext_lazy("paragraph"),
    "quote": gettext_lazy("quote"),
    "caption": gettext_lazy("caption"),
    "menu": gettext_lazy("menu"),
    "share": gettext_lazy("sharing"),
    "notice": gettext_lazy("notice"),
    "promotion": gettext_lazy("promotion"),
    "byline": gettext_lazy("byline"),
    "date": gettext_lazy("date"),
    "related": gettext_lazy("related"),
    "tags": gettext_lazy("tags"),
    "footer": gettext_lazy("footer"),
    "other": gettext_lazy("other"),
}


@dataclass(frozen=True)
class Came:
    """What was brought: its text, and the name of the file that it was in (empty for a paste)."""

    text: str
    name: str = ""

    @classmethod
    def typed(cls, text: str, name: str = "") -> "Came":
        """What came through a form, which sends each line end as two characters."""
        return cls(text.replace("\r\n", "\n").replace("\r", "\n"), name)

    @cached_property
    def found(self) -> Found:
        """What intake finds in it. Raises Unreadable."""
        return intake.read_file(self.name, self.text.encode()) if self.name else intake.read_text(self.text)

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Block:
    """A block as the preview shows it: whether it is kept, as which kind."""

    found: FoundBlock
    keep: bool
    kind: str

    @property
    def name(self) -> Promise | str:
        return KIND_NAMES.get(self.found.kind, self.found.kind)

    @property
    def heads(self) -> bool:
        return self.kind in {"title", "heading"}

    @property
    def words(self) -> int:
        return len(self.found.text.split())


@dataclass(frozen=True)
class Run:
    """Blocks in a row that are the text, or that are furniture."""

    blocks: list[Block]
    furniture: bool
    where: str = ""

    @property
    def says(self) -> str:
        """How many pieces of furniture were left out, and where."""
        count = len(self.blocks)
        said = {
            "above": ngettext(
                "%(count)d piece of page furniture left out above the text",
                "%(count)d pieces of page furniture left out above the text",
                count,
            ),
            "below": ngettext(
                "%(count)d piece of page furniture left out below the text",
                "%(count)d pieces of page furniture left out below the text",
                count,
            ),
            "inside": ngettext(
                "%(count)d piece of page furniture left out here",
                "%(count)d pieces of page furniture left out here",
                count,
            ),
        }
        return said[self.where or "inside"] % {"count": count}

    @property
    def opened(self) -> bool:
        """Whether something of the furniture is kept, so that it should be seen."""
        return self.furniture and any(block.keep for block in self.blocks)


@dataclass(frozen=True)
class Problem:
    """Why there is nothing to preview: what happened, what to do, and beside which field."""

    heading: str
    sentences: tuple[str, ...]
    field: str = "text"
    error: str = ""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def import_article(request: Request) -> HttpResponse:
    """Bring an article: the form, its preview, and from that the article. The step is a field of the form."""
    team = access.team(request, "article.import")
    writing = Writing(request)
    data = writing.data
    if data is None:
        return bring(request, "")
    if data.get("step") == "keep":
        return keep(request, team, writing, data)
    if not writing.sent:
        return bring(request, data.get("text", ""), kept=True)
    return preview(request, team, writing, data)


def bring(request: Request, text: str, problem: Problem | None = None, *, kept: bool = False) -> HttpResponse:
    """The form that takes a text or a file; what was pasted stays in it."""
    context = {"text": text, "problem": problem, "kept": kept, "most": f"{MAX_CHARACTERS:,}"}
    return render(request, "articles/import.html", context, status=UNPROCESSABLE if problem else 200)


def preview(request: Request, team: Team, writing: Writing, data: QueryDict) -> HttpResponse:
    """What was found in the text or file that came."""
    text, file = data.get("text", ""), request.FILES.get("file")
    if file is None and not text.strip():
        return bring(request, "", nothing_came())
    if file is not None and text.strip():
        return bring(request, text, two_came(file))
    try:
        came = Came.typed(text) if file is None else uploaded(file)
        form = Facts(initial=facts_of(came.found))
    except Unreadable as unreadable:
        return bring(request, text, unreadable_came(unreadable, text, file))
    writing.status = 200
    return show(request, team, writing, came, form)


def uploaded(file: "UploadedFile[Any]") -> Came:
    """The text of an uploaded file; of one that is too large no more is read than shows it. Raises Unreadable."""
    name = str(file.name or "")
    return Came.typed(decoded(name, file.read(MAX_FILE_BYTES + 1)), name)


def facts_of(found: Found) -> dict[str, Any]:
    """What the text says of itself, for the form."""
    names = ("title", "byline", "outlet", "published_on", "url")
    return {name: getattr(found, name) for name in names} | {"language": found.language or "en"}


def hint(form: Facts, found: Found) -> None:
    """Say beside the fields where their values come from."""
    if found.published_hint:
        form.fields["published_on"].help_text = _("Found as “%(words)s”.") % {"words": escape(found.published_hint)}
    if not found.url:
        form.fields["url"].help_text = _("None found in the text. Leave it empty for a draft.")


def keep(request: Request, team: Team, writing: Writing, data: QueryDict) -> HttpResponse:
    """Make the article of the blocks that are kept; or show the preview again with what refuses it."""
    came = Came.typed(data.get("text", ""), data.get("name", ""))
    form = Facts(data)
    try:
        numbers = {block.number for block in came.found.blocks}
    except Unreadable as unreadable:
        return bring(request, came.text, unreadable_came(unreadable, came.text, None))
    chosen = {int(number) for number in data.getlist("keep") if number.isdecimal() and len(number) < 9} & numbers
    if writing.sent and (why := mismatch(team, came, data)):
        writing.problem, writing.status = why, CONFLICT
    elif writing.sent and form.is_valid():
        blocks = [(block.kind, block.found.text) for block in blocks_of(came, chosen, data) if block.keep]
        made = writing.once(
            form,
            lambda _version: actions.import_article(actor=request.user, team=team, blocks=blocks, **form.facts),
        )
        if made:
            return redirect("desk", made.pk)
    return show(request, team, writing, came, form, chosen=chosen)


def mismatch(team: Team, came: Came, data: QueryDict) -> str:
    """Why the preview is not the one that the person saw; empty where it is."""
    if data.get("team") not in {None, str(team.pk)}:
        return _("You look at another team now: %(team)s. Send it again if the article belongs there.") % {"team": team}
    if data.get("sha256") != came.sha256:
        return _("The text has changed on its way here. Look through the blocks once more, then send it again.")
    return ""


def blocks_of(came: Came, chosen: set[int] | None, data: QueryDict | None) -> list[Block]:
    """The blocks, kept as chosen (None: as intake proposes) and of the kinds that the form names."""
    blocks = []
    for found in came.found.blocks:
        kind = data.get(f"kind-{found.number}", "") if data else ""
        own = found.kind if found.kind in TEXT_KINDS else "paragraph"
        is_kept = found.keep if chosen is None else found.number in chosen
        blocks.append(Block(found, is_kept, kind if kind in TEXT_KINDS else own))
    return blocks


def runs(blocks: list[Block]) -> Iterator[Run]:
    """The blocks in order, in runs of text and of furniture."""
    groups = [(furniture, list(group)) for furniture, group in groupby(blocks, lambda block: not block.found.keep)]
    for at, (furniture, group) in enumerate(groups):
        where = "above" if at == 0 else "below" if at == len(groups) - 1 else "inside"
        yield Run(group, furniture, where)


def show(
    request: Request, team: Team, writing: Writing, came: Came, form: Facts, *, chosen: set[int] | None = None
) -> HttpResponse:
    """The preview."""
    hint(form, came.found)
    blocks = blocks_of(came, chosen, writing.data if chosen is not None else None)
    kept = [block for block in blocks if block.keep]
    context = {
        "came": came,
        "form": form,
        "writing": writing,
        "team": team,
        "runs": list(runs(blocks)),
        "kinds": [(kind, KIND_NAMES[kind]) for kind in TEXT_KINDS] if len(blocks) <= CHANGEABLE else [],
        "kept_blocks": len(kept),
        "text_blocks": sum(block.keep or block.found.keep for block in blocks),
        "words": sum(block.words for block in kept),
    }
    return render(request, "articles/preview.html", context, status=writing.status)


# --- what is said when there is nothing to preview ------------------------------------------------------------------


def nothing_came() -> Problem:
    return Problem(_("Nothing to preview yet"), (), "text", _("Paste the article here, or choose a file."))


def two_came(file: "UploadedFile[Any]") -> Problem:
    said = _("A text was pasted, and %(name)s was chosen. Empty the field, or send the text without the file.")
    return Problem(
        _("Two articles came at once"),
        (said % {"name": file.name}, _("The text is still in the field; a file has to be chosen again.")),
        "file",
        _("Choose it again if the file is the article."),
    )


def unreadable_came(why: Unreadable, text: str, file: "UploadedFile[Any] | None") -> Problem:
    """What intake refused, and that what was pasted is still there."""
    if file is not None:
        return Problem(why.heading, (why.advice,), "file", _("Choose a file with text in it."))
    count = f"{len(text.replace('\r\n', '\n')):,}"
    kept = _("Your %(count)s characters are still in the field.") % {"count": count}
    error = why.heading
    if len(text) > MAX_CHARACTERS:
        error = _("%(count)s of %(most)s characters.") % {"count": count, "most": f"{MAX_CHARACTERS:,}"}
    return Problem(why.heading, (f"{kept} {why.advice}",), "text", error)
