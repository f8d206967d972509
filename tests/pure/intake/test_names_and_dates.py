"""Bylines and dates, line by line."""

from datetime import date

import pytest

from claims.intake.dates import dates_in
from claims.intake.names import byline_in
from claims.intake.origin import address_in, outlet_in


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Nora Vance", "Nora Vance"),
        ("BY NORA VANCE | PUBLISHED 28 NOVEMBER 2026", "Nora Vance"),
        ("CITY / 27 SEP 2013 BY JEAN-LUC O'NEILL EN", "Jean-Luc O'Neill"),
        ("By JANE MCDONALD and TOM VAN DER BERG", "Jane McDonald and Tom van der Berg"),
        ("By Anna Smith, Bob Jones and Carol White", "Anna Smith, Bob Jones and Carol White"),
        ("By Paul Adams, Staff writer", "Paul Adams"),
        ("Von Katrin Vogel, Oberlauben", "Katrin Vogel"),
        ("Por Lucía Ferrer y Ana de la Cruz", "Lucía Ferrer y Ana de la Cruz"),
        ("Text: Max Muster", "Max Muster"),
        ("*By Nora Vance*, 28 November 2026", "Nora Vance"),
        ("Catherine Shu @catherineshu / 2 days", "Catherine Shu"),
        ("بقلم ليلى حداد", "ليلى حداد"),
        ("By Reuters", "Reuters"),
        ("Photo by Ewa Lis", ""),
        ("By Monday, the council had changed its mind", ""),
        ("Stand by me", ""),
        ("The report came by post and was read by nobody at all in the town hall that week.", ""),
        ("Read by candlelight", ""),
        ("Posted by Nora Vance on 28 November 2026", "Nora Vance"),
        ("28 November 2026, 6:21 pm by Nora Vance", "Nora Vance"),
        ("Updated 4 hours ago by Nora Vance", "Nora Vance"),
        ("Politics | Analysis by Nora Vance", "Nora Vance"),
        ("Posted Nov. 19, 2019 by Nora Vance", "Nora Vance"),
        ("He was appointed by President Joe Biden", ""),
        ("Appointed by President Marguerite Delacroix", ""),
        ("The judge, appointed by President Biden in 2021", ""),
        ("It was first reported by Reuters", ""),
        ("A book written by Nora Vance", ""),
        ("Pochettino fired by Tottenham", ""),
        ("Powered by Schneider Electric", ""),
    ],
)
def test_a_byline_is_read_as_people_write_names(line: str, people: str) -> None:
    assert byline_in(line) == people


@pytest.mark.parametrize(
    ("line", "language", "day"),
    [
        ("MEXICO / 27 SEP 2013 BY", "en", date(2013, 9, 27)),
        ("Nov. 19, 2019 8:03 am ET", "en", date(2019, 11, 19)),
        ("Published Wed, Nov 20 20194:29 AM EST", "en", date(2019, 11, 20)),
        ("12. März 2024, 07:30 Uhr", "de", date(2024, 3, 12)),
        ("3 de mayo de 2021", "es", date(2021, 5, 3)),
        ("le 1er février 2020", "fr", date(2020, 2, 1)),
        ("12 октября 2018", "ru", date(2018, 10, 12)),
        ("2018年10月5日", "ja", date(2018, 10, 5)),
        ("2026-11-28T07:00", "en", date(2026, 11, 28)),
        ("28.11.2026", "de", date(2026, 11, 28)),
        ("03/04/2021", "en", date(2021, 3, 4)),
        ("03/04/2021", "es", date(2021, 4, 3)),
        ("25/04/2021", "en", date(2021, 4, 25)),
        ("27 September 2013", "xx", date(2013, 9, 27)),
        ("31 February 2020", "en", None),
        ("12 monkeys 1995", "en", None),
        ("99.99.9999", "en", None),
        ("for Saturday", "en", None),
    ],
)
def test_a_date_is_read_by_its_language(line: str, language: str, day: date | None) -> None:
    found = [found_day for found_day, _words in dates_in(line, language)]
    assert found == ([day] if day else [])


def test_the_words_of_a_date_are_told() -> None:
    assert [words for _day, words in dates_in("Updated on 3 May 2021, first 1 May 2021", "en")] == [
        "3 May 2021",
        "1 May 2021",
    ]


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("© 2026 The Wexcombe Ledger Ltd. Registered in Wexcombe.", "The Wexcombe Ledger"),
        ("Copyright © 2019-2024 Der Mühlbach-Bote GmbH. Alle Rechte vorbehalten.", "Der Mühlbach-Bote"),
        ("All Rights Reserved © 2020 Valley Times, Inc.", "Valley Times"),
        ("About us", ""),
        ("© 2020. All rights reserved.", ""),
    ],
)
def test_the_outlet_is_read_from_what_holds_the_rights(line: str, outlet: str) -> None:
    assert outlet_in([line], line) == outlet


def test_the_address_is_the_pages_own_or_none() -> None:
    title = "Kingsmill Bridge repair now to cost three times the first estimate"
    own = "https://ledger.example/news/kingsmill-bridge-repair-cost-three-times"
    assert address_in([], ["See https://other.example/a-story", f"Permalink: {own}."], title) == own
    assert address_in([f"URL: {own}", title], [], "") == own
    assert address_in([title], ["More at https://other.example/about"], title) == ""
    assert address_in(["https://[broken"], ["https://[broken"], title) == ""
