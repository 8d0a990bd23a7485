"""The web process's entry point. It finds wrong settings at start, as `manage.py` does before a command."""

import os

from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
application = get_wsgi_application()
if serious := [" ".join(str(message).split()) for message in run_checks() if message.is_serious(ERROR)]:
    raise ImproperlyConfigured("; ".join(serious))
