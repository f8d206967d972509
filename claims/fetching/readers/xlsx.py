"""Workbooks (XLSX, XLSB, XLS, ODS) by python-calamine: rows and cells, sheet by sheet."""

import datetime
from typing import Any, BinaryIO, Final

import python_calamine
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from claims.fetching.readers import MOST_CELLS, Asked, Leaves, Refused

# Cells of the rectangle from the first used to the last used: calamine holds them all, used or not.
RECTANGLE: Final = 8_000_000


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Hands over each row by its sheet's name and its number in it."""
    leaves.say(by="python-calamine")
    try:
        workbook = CalamineWorkbook.from_filelike(file)
    except PasswordError:
        raise Refused("encrypted") from None
    except CalamineError:
        raise Refused("broken") from None
    hidden = [found.name for found in workbook.sheets_metadata if not str(found.visible).endswith("Visible")
              or str(found.visible).endswith("VeryHidden")]  # fmt: skip
    if hidden:
        leaves.note(f"Hidden sheets are read too: {', '.join(hidden)[:200]}.")
    unread = 0
    for name in workbook.sheet_names:
        try:
            sheet = workbook.get_sheet_by_name(name)
        except python_calamine.WorksheetNotFound:
            continue  # a sheet of a chart
        except CalamineError:
            unread += 1
            continue
        _rows(sheet, leaves)
    if unread and unread == len(workbook.sheet_names):
        raise Refused("broken", "None of its sheets can be read.")
    if unread:
        leaves.note(f"{unread:,} of its sheets cannot be read.")


def _rows(sheet: CalamineSheet, leaves: Leaves) -> None:
    start = sheet.start
    if start is None:
        return
    # calamine gives the empty rows above the first used cell, and not the empty columns before it
    before = [""] * min(start[1], MOST_CELLS)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_said(value) for value in row]
        if any(cells):
            leaves.row(f"{sheet.name[:80]} row {number}", before + cells)


def _said(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, days and times as ISO 8601 says them."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return str(value)
