"""Whether it works, for whoever watches over it."""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.models.captures import is_worker_away


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The database's state and version, whether it is the embedded one, and whether a worker is there.

    503 when the database does not answer. A worker that is away holds up captures, and nothing else.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            row = cursor.fetchone()
        worker = "away" if is_worker_away() else "ok"
    except Error:
        connection.close()
        return JsonResponse({"database": "down", "embedded": settings.EMBEDDED}, status=503)
    version = row[0].split()[0] if row else ""
    return JsonResponse({"database": "ok", "version": version, "embedded": settings.EMBEDDED, "worker": worker})
