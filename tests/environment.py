"""The suite's own settings, in place before Django reads any. Loaded by `-p tests.environment`."""

import base64
import os
import tempfile

os.environ["HEADLAMP_ENV_FILE"] = os.devnull
os.environ["HEADLAMP_SECRET_KEY"] = "a key that only the test suite ever uses, never a server"
os.environ["HEADLAMP_KEYS"] = "test:" + base64.b64encode(b"t" * 32).decode()
os.environ["HEADLAMP_PUBLIC_URL"] = "http://testserver"
os.environ["HEADLAMP_ALLOWED_HOSTS"] = "testserver"
os.environ["HEADLAMP_EMAIL_URL"] = ""
os.environ["HEADLAMP_EMAIL_FROM"] = ""
os.environ["HEADLAMP_COLLECT_STATIC"] = "false"
os.environ["HEADLAMP_DEMO"] = "true"
os.environ["HEADLAMP_REQUIRE_MFA"] = "false"  # tests/accounts turns both on, for what they are about
os.environ["HEADLAMP_REAUTHENTICATE_MINUTES"] = "0"
os.environ["HEADLAMP_VAR"] = tempfile.mkdtemp(prefix="headlamp-test-")
os.mkdir(os.path.join(os.environ["HEADLAMP_VAR"], "static"))  # WhiteNoise warns where there is none
# Most tests are about something else than who confirms: those that are about it switch it on.
os.environ["HEADLAMP_TWO_PERSON"] = "false"
os.environ["HEADLAMP_SOURCES_TO_VERIFY"] = "1"
os.environ["TWILIO_ACCOUNT_SID"] = "AC" + "0" * 32
os.environ["TWILIO_AUTH_TOKEN"] = "the suite's own token"
os.environ["TWILIO_FROM"] = "+15005550006"
os.environ["TWILIO_API_BASE"] = ""
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs beside the database
