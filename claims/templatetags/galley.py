"""What templates of the house share: times as people say them, and the signs of status and verdict.

Times are shown in the active time zone, which is the team's.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.utils import dateformat
from django.utils import timezone as clock
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from claims.fetching import reasons
from claims.fetching.reasons import REASONS
from claims.forms.keys import sign_person
from claims.roles import ROLE_MEANINGS, ROLE_NAMES, Role
from claims.workflow import STATUS_NAMES, Status

register = template.Library()

HOUR = 3600
DAY = 24 * HOUR
SOON = dt.timedelta(hours=24)
# as a bar reads from left to right: done, nearly done, not begun, undone, gone
BAR = (Status.DECIDED, Status.PROPOSED, Status.OPEN, Status.RECHECK, Status.WITHDRAWN)


@register.filter
def when(moment: dt.datetime | None) -> str:
    """“today, 17:26”, “Mon 23 Nov, 11:05”, and with the year where it is another: “9 Sep 2025, 11:05”."""
    return "" if moment is None else _when(clock.localtime(moment))


def _when(local: dt.datetime) -> str:
    today, time = clock.localdate(), f"{local.hour:02}:{local.minute:02}"
    if local.date() == today:
        return _("today, %(time)s") % {"time": time}
    said = _day(local.date(), get_language() or "")
    return _("%(day)s, %(time)s") % {"day": said.near if local.year == today.year else said.far, "time": time}


class Said(NamedTuple):
    """A day of this year, a day of another year, and a day in full."""

    near: str
    far: str
    full: str


@lru_cache(maxsize=1_000)
def _day(day: dt.date, _language: str) -> Said:
    """How the active language says a day: a page says few of them, and those often."""
    formats = (pgettext("a day of this year", "D j M"), pgettext("a day of another year", "j M Y"), "j F Y")
    return Said(*(dateformat.format(day, one) for one in formats))


@register.filter
def day(moment: dt.datetime | dt.date | None) -> str:
    """“24 November 2026”, of a moment or a date."""
    if moment is None:
        return ""
    if isinstance(moment, dt.datetime):
        moment = clock.localtime(moment)
    return dateformat.format(moment, pgettext("a day", "j F Y"))


@register.filter
def clock_time(moment: dt.datetime | None) -> str:
    """“17:26”: for lists that already say the day."""
    return "" if moment is None else dateformat.format(clock.localtime(moment), "H:i")


@register.filter
def utc(moment: dt.datetime) -> str:
    """The moment for <time datetime>: in UTC, to the second."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _span(seconds: float, days_from: int) -> str:
    """The length in its largest whole unit; days only from `days_from` hours on."""
    if seconds < HOUR:
        minutes = int(seconds // 60)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if seconds < days_from * HOUR:
        hours = int(seconds // HOUR)
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = int(seconds // DAY)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.filter
def age(moment: dt.datetime | None) -> str:
    """How long ago, in one unit: “40 minutes”, “5 hours”, “2 days”."""
    if moment is None:
        return ""
    return _span(max(0.0, (clock.now() - moment).total_seconds()), 24)


@register.filter
def remaining(moment: dt.datetime | None) -> str:
    """“in 17 hours”, “in 6 days”, “3 hours late”."""
    if moment is None:
        return ""
    seconds = (moment - clock.now()).total_seconds()
    span = _span(abs(seconds), 48)
    return (_("in %(span)s") if seconds >= 0 else _("%(span)s late")) % {"span": span}


@register.filter
def urgency(moment: dt.datetime | None) -> str:
    """The class of a deadline: “late”, “soon” within 24 hours, or empty."""
    if moment is None:
        return ""
    left = moment - clock.now()
    if left < dt.timedelta():
        return "late"
    return "soon" if left <= SOON else ""


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word: “Tomasz Wilk” gives “TW”."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def role_name(role: str) -> str:
    """The role's name as it stands in a sentence: “reviewer”."""
    return str(ROLE_NAMES[Role(role)]).lower() if role else ""


@register.filter
def role_meaning(role: str) -> str:
    """What the role does, in a sentence."""
    return str(ROLE_MEANINGS[Role(role)])


@register.simple_tag
def time(moment: dt.datetime | None) -> SafeString | str:
    """A moment as `when` says it, in a <time> that carries it in UTC and names the zone on hover."""
    if moment is None:
        return ""
    local = clock.localtime(moment)
    full = _day(local.date(), get_language() or "").full
    hover = f"{full}, {local.hour:02}:{local.minute:02} {local.tzname()}"
    return format_html('<time datetime="{}" title="{}">{}</time>', utc(moment), hover, _when(local))


@register.simple_tag
def status(code: str) -> SafeString:
    """A status as its word with its ring."""
    return format_html('<span class="status" data-status="{}">{}</span>', code, STATUS_NAMES[Status(code)])


@register.simple_tag
def verdict(label: Any) -> SafeString | str:
    """A verdict as its word with its line; `label` is a Label (its `meaning` and `name`), or None."""
    if label is None:
        return ""
    return format_html('<span class="verdict" data-verdict="{}">{}</span>', label.meaning, label.name)


def standing(code: str, label: Any = None) -> str:
    """Status and verdict in words: “In review, proposed Needs fix”, “Verified”, “Recheck, was Verified”."""
    name = str(STATUS_NAMES[Status(code)])
    if label is None:
        return name
    says = {
        Status.PROPOSED: _("%(status)s, proposed %(verdict)s"),
        Status.RECHECK: _("%(status)s, was %(verdict)s"),
        Status.DECIDED: "%(verdict)s",
    }
    return says.get(Status(code), "%(status)s") % {"status": name, "verdict": label.name}


@register.simple_tag
def ring(number: int, code: str, label: Any = None, size: str = "") -> SafeString:
    """A claim's number in the ring of its status.

    `label` is the Label proposed or decided, or None; `size` may be “big”.
    """
    meaning = format_html(' data-verdict="{}"', label.meaning) if label is not None else ""
    return format_html('<span class="{}" data-status="{}"{}>{}</span>', f"no {size}".strip(), code, meaning, number)


TICK, CROSS = (
    format_html('<svg viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path class="{}" d="{}"/></svg>', *sign)
    for sign in (("tick", "M1.5 6.5 4.5 9.5 10.5 2.5"), ("cross", "M2 2 10 10M10 2 2 10"))
)


@register.simple_tag
def tick() -> SafeString:
    """A tick, of what is met or found."""
    return TICK


@register.simple_tag
def cross() -> SafeString:
    """A cross, beside what is missing."""
    return CROSS


@register.simple_tag
def progress(counts: Mapping[str, int], legend: bool = True) -> SafeString:
    """The stacked bar of an article's claims by status; `counts` maps status codes to numbers.

    Shares of the bar are in per cent with two decimals, as SVG attributes. Needs the page's defs (base.html has them).
    """
    names = _status_names(get_language() or "")
    shown = [(code, names[code], counts[code]) for code in BAR if counts.get(code)]
    if not shown:
        return format_html('<span class="soft small">{}</span>', _("no claims logged yet"))
    said = ", ".join(f"{count} {name}" for _code, name, count in shown)
    bar = format_html(STACK, said, SafeString("".join(_shares(shown))))
    return bar + format_html('<ul class="legend">{}</ul>', format_html_join("", SCREEN, shown)) if legend else bar


@cache
def _status_names(_language: str) -> dict[Status, str]:
    return {code: str(name) for code, name in STATUS_NAMES.items()}


STACK = '<svg class="stack" height="10" role="img" aria-label="{}">{}</svg>'
SCREEN = (
    '<li><svg width="12" height="10" aria-hidden="true" focusable="false">'
    '<rect class="stack-{0}" width="12" height="10"/></svg><b>{2}</b> {1}</li>'
)


def _shares(shown: Sequence[tuple[Status, object, int]]) -> Iterator[str]:
    """The part of each status in the bar: where it begins and how wide it is, in per cent."""
    total, at = sum(count for _code, _name, count in shown), 0
    for code, _name, count in shown:
        yield f'<rect class="stack-{code}" x="{100 * at / total:.2f}%" width="{100 * count / total:.2f}%" height="10"/>'
        at += count


@register.inclusion_tag("components/progress_legend.html")
def progress_legend() -> dict[str, Any]:
    """What the screens of the bar mean, once for a table of bars."""
    return {"parts": [{"status": str(code), "name": STATUS_NAMES[code]} for code in BAR]}


@register.simple_tag
def deadline(moment: dt.datetime | None, done: bool = False) -> SafeString:
    """A deadline and what is left of it, in two lines, bold when near, red when past.

    `done` says that the work is over and nothing is late.
    """
    if moment is None:
        return format_html("<span>{}</span>", _("no deadline"))
    if done:
        return format_html("<span>{}</span>", time(moment))
    left = '<span class="{}">{}</span> <br><span class="soft small">{}</span>'
    return format_html(left, urgency(moment), time(moment), remaining(moment))


@register.filter
def why(errand: Any) -> str:
    """Why a capture could not be made: a sentence, and what the server or the network said."""
    said = str(REASONS.get(errand.code, _("It could not be captured.")))
    return f"{said} ({errand.detail})" if errand.detail else said


register.filter("noted", reasons.noted)


@register.filter
def step(errand: Any) -> int:
    """How far a capture is: 0 waits, 3 is nearly kept, of 4."""
    return STEPS.index(errand.state)


STEPS = ("waiting", "fetching", "reading", "keeping")


@register.inclusion_tag("components/keys.html", takes_context=True)
def keys(context: Context, version: int | None = None, fresh: bool = False) -> dict[str, Any]:
    """The hidden fields of a form that writes: CSRF token, a fresh `request_id`, `version`, `person`.

    `version` is the `row_version` of the row that the form edits or decides; in a form that comes back, refused or
    after its session had ended, the one it was opened on then. `kept` is the id of the text that came back after a
    session. `fresh` says that it is another form than the one that came back: neither is its own.
    """
    request = context["request"]
    user = request.user
    kept = str(request.kept.shown.pk) if hasattr(request, "kept") else request.POST.get("kept", "")
    if version is not None and not fresh:
        version = getattr(request, "opened_on", None) or version
    return {
        "csrf_token": context.get("csrf_token"),
        "request_id": uuid.uuid4(),
        "version": version,
        "person": sign_person(user) if user.is_authenticated else "",
        "kept": "" if fresh else kept,
    }
