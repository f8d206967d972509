"""Static files under names that carry their hash, so that browsers may keep them for good."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashes the names in `import … from` as well: modules are cached as stylesheets are."""

    support_js_module_import_aggregation = True


def collect() -> None:
    """Collect all static files, unless none has changed since the last time."""
    note = settings.STATIC_ROOT / ".collected"
    now = _fingerprint()
    if note.is_file() and note.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    note.write_text(now)


def _fingerprint() -> str:
    """Names, sizes and times of the files that there are to collect."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found.update(f"{path}\0{storage.size(path)}\0{storage.get_modified_time(path)}\n".encode())
    return found.hexdigest()
