"""The rows of the list of articles, said in Python: a template for them took half of the page's time."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.templatetags.galley import deadline, progress, time
from claims.views.progress import Standing

ROW = """
<tr>
<th scope="row"><a href="{}" lang="{}" dir="auto">{}</a><small>{}{}</small></th>
<td data-label="{}"><div>{}</div></td>
<td data-label="{}"><div class="nowrap">{}</div></td>
<td data-label="{}"><div class="cell-progress">{}{}</div></td>
<td data-label="{}"><div>{}</div></td>
<td data-label="{}"><div>{}</div></td>
</tr>"""
BYLINE = "<bdi>{}</bdi> · "
EDIT = '<a href="{}"><span class="visually-hidden">{} </span>{}</a>'
HOW_FAR = "<small>{}</small>"
PERSON = '<bdi class="nowrap">{}</bdi>'
UNNAMED = '<br><span class="soft small">{}</span>'
LAST = '<bdi>{}</bdi> {}<br><span class="soft small">{}</span>'


def columns() -> list[str]:
    """What the columns are called."""
    return [_("Title"), _("Stage"), _("Deadline"), _("Progress"), _("People"), _("Last act")]


def lines(rows: Iterable[Standing], *, may_edit: bool) -> SafeString:
    """The rows of the table's body."""
    _title, *names = columns()
    return SafeString("".join(_line(row, names, may_edit) for row in rows))


def _line(row: Standing, names: list[str], may_edit: bool) -> SafeString:
    article = row.article
    stage, due, far, people, last = names
    return format_html(
        ROW,
        reverse("desk", args=[article.pk]),
        article.language,
        article.title,
        format_html(BYLINE, article.byline) if article.byline else "",
        row.is_what,
        stage,
        _stage(row, may_edit),
        due,
        deadline(article.deadline, done=row.over),
        far,
        progress(row.counts, legend=False),
        format_html(HOW_FAR, row.is_how_far) if row.total else "",
        people,
        _people(row),
        last,
        format_html(LAST, row.last.who, row.last.says, time(row.last.at)) if row.last else "",
    )


def _stage(row: Standing, may_edit: bool) -> SafeString | str:
    """The stage, and the way to change it."""
    name = row.article.stage_name
    if not may_edit:
        return str(name)
    return format_html(EDIT, reverse("edit_article", args=[row.article.pk]), row.what_changes, name)


def _people(row: Standing) -> SafeString | str:
    """Who is on it: as many names as there is room for."""
    if not row.people:
        return _("nobody yet")
    named = format_html_join(SafeString("<br>"), PERSON, ((name,) for name in row.named))
    if not row.unnamed:
        return named
    more = ngettext("and %(count)d more", "and %(count)d more", row.unnamed) % {"count": row.unnamed}
    return named + format_html(UNNAMED, more)
