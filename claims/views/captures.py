"""Captures of a source: asked for, watched while they are made, and their files handed out.

What was captured is foreign: it is never answered as what it is, only as text that was taken out of it, or as a file to
be saved.
"""

from collections.abc import Callable, Iterable, Iterator
from io import SEEK_END
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import roles, store
from claims.actions import captures as actions
from claims.actions import proofs
from claims.actions.captures import Received
from claims.forms.captures import AskForm, UploadForm
from claims.models import Capture, Errand, Proof, Source
from claims.models.captures import is_worker_away
from claims.store import Damaged, Lost, StoreAway
from claims.views import access, errors
from claims.views.access import Request, signed_in
from claims.views.leaves import Leaves
from claims.views.writing import Writing
from claims.workflow import Refused

SHOWN = 20  # captures on a source's page, before its pager
ENDS = {
    "application/pdf": "pdf",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "text/csv": "csv",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


# --- of one source ----------------------------------------------------------------------------------------------------


def listed(request: Request, source: Source, problem: str = "") -> dict[str, Any]:
    """What the section of a source's page shows: its captures, what is under way, what failed."""
    pages = Paginator(Capture.objects.of_source(source).select_related("asked_by"), SHOWN)
    errands = Errand.objects.of_source(source).select_related("asked_by")
    under_way = list(errands.under_way())
    return {
        "source": source,
        "captures": pages.get_page(request.GET.get("captures")),
        "under_way": under_way,
        "failed": list(errands.not_made_good()[:SHOWN]),
        "away": bool(under_way) and is_worker_away(),
        "problem": problem,
        "upload": UploadForm(ids="capture"),
        "ask_refused": roles.refusal(access.role(request, source.team_id), "capture.ask"),
        "capturable": actions.is_capturable(source.url),
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def captures(request: Request, source_id: int) -> HttpResponse:
    """The list alone, for the page that watches it; POST: capture the source's address now."""
    if request.method != "POST":
        source = access.source(request, source_id)
        return render(request, "captures/list.html", listed(request, source)) if request.htmx else _to(source)
    source = access.source(request, source_id, "capture.ask")
    return _written(request, source, AskForm(request.POST), lambda: actions.ask(actor=request.user, source=source))


@signed_in
@require_POST
def upload_capture(request: Request, source_id: int) -> HttpResponse:
    """A file of the source, to be kept and read as what was fetched is."""
    source = access.source(request, source_id, "capture.ask")
    form = UploadForm(request.POST, request.FILES)
    received: list[Received] = []

    def receive() -> None:
        file = form.cleaned_data["file"]
        received.append(actions.receive(actor=request.user, source=source, file=file, name=file.name))

    def ask() -> Errand:
        return actions.ask_upload(actor=request.user, source=source, received=received[0])

    return _written(request, source, form, ask, before=receive)


@signed_in
@require_POST
def capture_again(request: Request, source_id: int, errand_id: int) -> HttpResponse:
    """Try once more what failed."""
    return _changed(request, source_id, errand_id, actions.ask_again)


@signed_in
@require_POST
def drop_capture(request: Request, source_id: int, errand_id: int) -> HttpResponse:
    """Give up what failed: it is not shown any more, and its file goes."""
    return _changed(request, source_id, errand_id, actions.give_up)


def _changed(request: Request, source_id: int, errand_id: int, do: Callable[..., Errand]) -> HttpResponse:
    """Do something about an errand of the source."""
    source = access.source(request, source_id, "capture.ask")
    errand = get_object_or_404(Errand, source=source, pk=errand_id)
    return _written(request, source, AskForm(request.POST), lambda: do(actor=request.user, errand=errand))


def _written(
    request: Request,
    source: Source,
    form: BaseForm,
    do: Callable[[], Errand],
    before: Callable[[], None] = lambda: None,
) -> HttpResponse:
    """Do what was asked, once, `before` outside its transaction; the section, or without script the source's page."""
    writing, done = Writing(request), None
    try:
        if form.is_valid():
            if not writing.is_done:
                before()
            done = writing.once(form, lambda _version: do())
    except Refused as refused:
        form.add_error(None, refused.reasons)
    except StoreAway as away:
        writing.problem, writing.status = f"{away} {_('Nothing was kept. Try again in a while.')}", 503
    problem = "" if done else " ".join([writing.problem, *_errors(form)]).strip()
    if request.htmx:
        return _section(request, source, problem, status=200 if done else writing.status)
    if problem:
        messages.error(request, problem)
    return _to(source)


def _errors(form: BaseForm) -> Iterable[str]:
    return (str(error) for found in form.errors.values() for error in found)


def _section(request: Request, source: Source, problem: str = "", status: int = 200) -> HttpResponse:
    return render(request, "captures/section.html", listed(request, source, problem), status=status)


def _to(source: Source) -> HttpResponse:
    return redirect(f"{reverse('source', args=[source.pk])}#captures")


@signed_in
@require_safe
def capture_state(request: Request, source_id: int) -> HttpResponse:
    """How a source's newest capture is, in a line: a fragment that a piece of evidence watches."""
    source = access.source(request, source_id)
    if not request.htmx:
        return _to(source)
    captured = Capture.objects.newest_of([source.pk]).get(source.pk)
    errand = Errand.objects.newest_of([source.pk]).get(source.pk)
    context = {
        "source": source.pk,
        "captured": captured and captured.number,
        "captured_at": captured and captured.captured_at,
        "captured_sha256": captured and captured.sha256,
        "errand": errand and errand.state,
        "away": errand is not None and errand.is_open and is_worker_away(),
    }
    return render(request, "captures/state.html", context)


# --- one capture ------------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def capture(request: Request, source_id: int, number: int) -> HttpResponse:
    """What was captured, by its text: by page, or by row and cell."""
    source, found = _found(request, source_id, number)
    leaves = Leaves.of(found, request.GET.get("page"))
    others = Capture.objects.of_source(source).exclude(pk=found.pk).values_list("number", "captured_at")[:SHOWN]
    context = {
        "source": source,
        "capture": found,
        "leaves": leaves,
        "proofs": list(found.proofs.order_by("pk")),
        "wanting": proofs.wanting(found),
        "ask_refused": roles.refusal(access.role(request, source.team_id), "capture.ask"),
        "others": list(others),
    }
    return render(request, "captures/capture.html", context)


@signed_in
@require_safe
def capture_bytes(request: Request, source_id: int, number: int) -> HttpResponse:
    """The bytes as they came, to be saved."""
    _source, found = _found(request, source_id, number)
    return _file(request, found.key, f"{_stem(found)}.{ENDS.get(found.media_type, 'bin')}")


@signed_in
@require_safe
def capture_record(request: Request, source_id: int, number: int) -> HttpResponse:
    """The WARC/1.1 record of what was fetched, to be saved."""
    _source, found = _found(request, source_id, number)
    if not found.warc_key and not found.erased:
        raise Http404
    return _file(request, found.warc_key, f"{_stem(found)}.warc")


@signed_in
@require_safe
def capture_proof(request: Request, source_id: int, number: int, proof_id: int) -> HttpResponse:
    """What others say of a capture, or what was made of it, to be saved."""
    _source, found = _found(request, source_id, number)
    proof = get_object_or_404(Proof, capture=found, pk=proof_id)
    ends = {Proof.Kind.STAMP: "tsr", Proof.Kind.ARCHIVE: "json", Proof.Kind.PICTURE: "png", Proof.Kind.PDF: "pdf"}
    return _file(request, proof.key, f"{_stem(found)}-{proof.kind}-{proof.pk}.{ends[Proof.Kind(proof.kind)]}")


@signed_in
@require_POST
def prove_capture(request: Request, source_id: int, number: int) -> HttpResponse:
    """Ask once more for the time stamps, the archive and the picture that are not there."""
    source = access.source(request, source_id, "capture.ask")
    found = get_object_or_404(Capture.objects.select_related("source"), source=source, number=number)
    writing, form = Writing(request), AskForm(request.POST)
    try:
        if form.is_valid():
            writing.once(form, lambda _version: proofs.ask_again(actor=request.user, capture=found))
    except Refused as refused:
        form.add_error(None, refused.reasons)
    for problem in filter(None, (writing.problem, *_errors(form))):
        messages.error(request, problem)
    return redirect("capture", source.pk, found.number)


def _found(request: Request, source_id: int, number: int) -> tuple[Source, Capture]:
    source = access.source(request, source_id)
    return source, get_object_or_404(Capture.objects.select_related("asked_by"), source=source, number=number)


def _stem(found: Capture) -> str:
    return f"source-{found.source_id}-capture-{found.number}"


def _file(request: Request, key: str, name: str) -> HttpResponse:
    """Bytes of the store as a file to be saved, whatever they are; a page that says so where they are not there."""
    if not key:
        return errors.answer(
            request, 410, _("This capture was erased"), _("Its contents were erased; its number and its time are kept.")
        )
    pieces = _pieces(key)
    try:
        size = next(pieces)
    except StoreAway as away:
        return errors.answer(request, 503, str(away), _("Nothing is lost: try again in a while."))
    except (Lost, Damaged) as gone:
        return _not_there(request, damaged=isinstance(gone, Damaged))
    answer = StreamingHttpResponse(
        pieces,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(size),
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-cache",
        },
    )
    return cast(HttpResponse, answer)


def _pieces(key: str) -> Iterator[Any]:
    """How many bytes there are, and then they, piece by piece. Lost, Damaged or StoreAway come with the first."""
    with store.opened(key) as file:
        yield file.seek(0, SEEK_END)
        file.seek(0)
        while piece := file.read(store.CHUNK):
            yield piece


def _not_there(request: Request, *, damaged: bool) -> HttpResponse:
    heading = _("The bytes of this capture are damaged") if damaged else _("The bytes of this capture are missing")
    return errors.answer(
        request,
        500,
        heading,
        _("What lies in the store is not what was captured, so it is not handed out.")
        if damaged
        else _("The store of captures does not hold them."),
        _("The extracted text and the hash are kept. Tell an admin: a backup of the store may hold the bytes."),
    )


# --- of the team ------------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def capture_queue(request: Request) -> HttpResponse:
    """What is being captured and what failed, for admins."""
    team = access.team(request, "capture.queue")
    errands = Errand.objects.of(team).select_related("source", "asked_by")
    context = {
        "under_way": list(errands.under_way().order_by("pk")[: 5 * SHOWN]),
        "under_way_count": errands.under_way().count(),
        "failed": Paginator(errands.not_made_good().order_by("-pk"), 2 * SHOWN).get_page(request.GET.get("page")),
        "away": is_worker_away(),
    }
    return render(request, "captures/queue.html", context)
