"""The web application, for gunicorn: `gunicorn verify.wsgi --config python:verify.gunicorn`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verify.settings")
application = get_wsgi_application()
