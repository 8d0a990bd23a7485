"""The web process's entry point. It finds wrong settings at start, as `manage.py` does before a command.

What reading takes from files is loaded before it serves (and is forked, where gunicorn preloads), and names
are loaded beside it at once, so that the first message waits for neither.
"""

import os

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils.module_loading import import_string

from impact.bodies import with_lengths, without_bodies
from impact.charset import only_character_sets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact.settings")
application = only_character_sets(
    with_lengths(without_bodies(get_wsgi_application()), most_bytes=settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
)
if serious := [" ".join(str(message).split()) for message in run_checks() if message.is_serious(ERROR)]:
    raise ImproperlyConfigured("; ".join(serious))

connections.close_all()  # none that a check opened goes into a process that is forked
import_string("impact.understanding.preparing.prepare_reading")()
import_string("impact.places.gazetteer_store.load_beside")()
