"""All the hostile files."""

from tests.fetching.hostile.offices import SHEETS, WORDS
from tests.fetching.hostile.others import IN_DISGUISE, PICTURES, TEXTS
from tests.fetching.hostile.pages import PAGES
from tests.fetching.hostile.pdfs import PDFS
from tests.fetching.hostile.zips import ZIPS

TABLE = (*PDFS, *ZIPS, *WORDS, *SHEETS, *PAGES, *TEXTS, *PICTURES, *IN_DISGUISE)
