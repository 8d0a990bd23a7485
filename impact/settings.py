"""Every setting, from the environment. docs/configuration.md tells each; a wrong value stops the start."""

import os
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from impact import native_libraries
from impact.mail_settings import mail_settings
from impact.near_settings import near_m
from impact.sealing import parse_keys

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
_named = os.environ.get("HEADLAMP_ENV_FILE", "")
if _named and not os.access(_named, os.R_OK):
    raise ImproperlyConfigured("HEADLAMP_ENV_FILE names a file that cannot be read")
ENV_FILE = Path(_named or BASE_DIR / ".env")
environ.Env.read_env(ENV_FILE)


def _read(name: str, kind: str, default: Any = environ.Env.NOTSET) -> Any:
    try:
        return getattr(env, kind)(name, default=default)
    except ImproperlyConfigured:
        raise ImproperlyConfigured(f"{name} is not set; see docs/configuration.md") from None
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"{name} is not a valid {kind}: {error}") from None


def _days(name: str, default: int, least: int = 0, most: int | None = None) -> int:
    days = int(_read(name, "int", default))
    if days < least or (most is not None and days > most):
        shape = f"{least} or more days" if most is None else f"a number of days from {least} to {most}"
        raise ImproperlyConfigured(f"{name} must be {shape}")
    return days


def _flag(name: str, default: bool = False) -> bool:
    value = _read(name, "str", str(default)).strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}")


DEBUG = _flag("HEADLAMP_DEBUG")
DEMO = _flag("HEADLAMP_DEMO")
SECRET_KEY = _read("HEADLAMP_SECRET_KEY", "str")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("HEADLAMP_SECRET_KEY must have at least 32 characters; `make keys` prints one")
HEADLAMP_KEYS = _read("HEADLAMP_KEYS", "str")
parse_keys(HEADLAMP_KEYS)
VAR_DIR = Path(_read("HEADLAMP_VAR", "str", str(BASE_DIR / "var")))

PUBLIC_URL = _read("HEADLAMP_PUBLIC_URL", "str", "http://127.0.0.1:8000").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname or _public.query:
    raise ImproperlyConfigured(
        "HEADLAMP_PUBLIC_URL must be an http or https address, such as https://a.example"
    )
ALLOWED_HOSTS = [_public.hostname, "127.0.0.1", "localhost", *_read("HEADLAMP_ALLOWED_HOSTS", "list", [])]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]
_IS_HTTPS = _public.scheme == "https"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "csp",
    "leaflet",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "impact.operations",
    "impact.ledger",
    "impact.places",
    "impact.understanding",
    "impact.accounts",
    "impact.incidents",
    "impact.moderation",
    "impact.publication",
    "impact.summaries",
    "impact.exports",
    "impact.web",
    "impact.demo",
    "sms_gateway",
    "reports_api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sms_gateway.middleware.WebhookMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "impact.publication.freshness.PrivateByDefaultMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "impact.web.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "impact.accounts.middleware.StaffSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "impact.publication.guarding.PublicReadsMiddleware",
    "axes.middleware.AxesMiddleware",
]

# The modules whose views may read reports, cases and telephones. All other views cannot.
PRIVATE_VIEWS = [
    "allauth",
    "impact.accounts",
    "impact.web.desk",
    "impact.web.public.alerts",
    "impact.web.exports",
    "impact.web.following",
    "impact.web.health",
    "impact.web.reporting",
    "impact.web.simulator",
    "reports_api.cases",
    "reports_api.hooks",
    "reports_api.keys",
    "reports_api.reports",
    "reports_api.openrosa.receiving",
    "sms_gateway",
    "django.contrib.auth.views",
]

ROOT_URLCONF = "impact.urls"
WSGI_APPLICATION = "impact.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "impact.web.context.installation",
            ],
            "builtins": ["impact.web.templatetags.days"],
        },
    },
]

# Databases: one file with SpatiaLite, or PostGIS by DATABASE_URL.


def _database() -> dict[str, Any]:
    url = _read("DATABASE_URL", "str", f"spatialite:///{VAR_DIR / 'headlamp.sqlite3'}")
    if not url.strip():
        # An empty value is most often a secret that did not arrive: reports would go into another database.
        raise ImproperlyConfigured(
            "DATABASE_URL is set and empty: leave it out for a file of its own in HEADLAMP_VAR, "
            "or write spatialite:// or postgis://"
        )
    scheme = urlsplit(url).scheme
    if scheme in {"spatialite", "sqlite", "sqlite3"}:
        config = env.db_url_config(url, engine="impact.spatialite")
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # What is erased is overwritten: SQLite by itself leaves it in the file until the place is needed.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA secure_delete=ON;",
        }
        # Opening the file and loading SpatiaLite takes longer than most requests.
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        # The suite tests many writers at once, which an in-memory database cannot have.
        config["TEST"] = {"NAME": f"{config['NAME']}.test"}
    elif scheme in {"postgis", "postgres", "postgresql"}:
        config = env.db_url_config(url, engine="django.contrib.gis.db.backends.postgis")
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
        # A provider waits some 15 seconds: what the database can't be given in 2 goes into the spool.
        # Statements whose values the server puts in (postgresql_rows.py) are prepared once a connection.
        config["OPTIONS"] = {"connect_timeout": 2, "prepare_threshold": 1, **config.get("OPTIONS", {})}
    else:
        raise ImproperlyConfigured("DATABASE_URL must begin with spatialite:// or postgis://")
    return dict(config)


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
IS_SPATIALITE = DATABASES["default"]["ENGINE"].endswith("spatialite")
native_libraries.keep_gdal_to_its_file()
GDAL_LIBRARY_PATH = native_libraries.gdal_library_path()
GEOS_LIBRARY_PATH = native_libraries.geos_library_path()
if IS_SPATIALITE:
    native_libraries.use_sqlite_with_extensions()
    SPATIALITE_LIBRARY_PATH = _read("SPATIALITE_LIBRARY_PATH", "str", "mod_spatialite")

# People who sign in.

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:start"
LOGOUT_REDIRECT_URL = "web:map"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_MINUTES = _read("HEADLAMP_SESSION_IDLE_MINUTES", "int", 60)
REAUTHENTICATE_MINUTES = _read("HEADLAMP_REAUTHENTICATE_MINUTES", "int", 10)
REQUIRE_MFA = _flag("HEADLAMP_REQUIRE_MFA", default=True)
if REAUTHENTICATE_MINUTES < 1 and not (DEMO or DEBUG):
    raise ImproperlyConfigured("HEADLAMP_REAUTHENTICATE_MINUTES must be 1 or more")
if SESSION_IDLE_MINUTES < 1:
    raise ImproperlyConfigured("HEADLAMP_SESSION_IDLE_MINUTES must be 1 or more")
SESSION_COOKIE_SECURE = _IS_HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = _IS_HTTPS
# Gone with the browser's window: for Django's year it would tell, on a phone that is taken, of a form.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "impact.web.refusals.form_refused"
LANGUAGE_COOKIE_SECURE = _IS_HTTPS

ACCOUNT_ADAPTER = "impact.accounts.adapters.StaffAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # nobody registers: see StaffAdapter
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = REAUTHENTICATE_MINUTES * 60
ACCOUNT_FORMS = {
    "login": "impact.accounts.forms.SignInForm",
    "reauthenticate": "impact.accounts.forms.PasswordAgainForm",
}
# Passwords are counted by axes. `login` would stop a whole office behind one address after one person's
# slips; `login_failed` is what codes of apps are counted by.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/5m/key"}
MFA_ADAPTER = "impact.accounts.adapters.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _IS_HTTPS and (DEMO or DEBUG)
MFA_TOTP_TOLERANCE = 1  # periods of 30 s: cheap phones keep poor time
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "impact.accounts.forms.CodeForm",
    "reauthenticate": "impact.accounts.forms.CodeAgainForm",
}
USERSESSIONS_TRACK_ACTIVITY = False  # our own middleware notes it, every five minutes

# Guesses: ten for a name from an address, then a pause. Another name from there, and the same name from
# elsewhere, still sign in. Only the address as our own proxies tell it counts.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "impact.accounts.addresses.guessing_address"
AXES_USERNAME_CALLABLE = "impact.accounts.addresses.guessed_name"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# What the browser is told.

SECURE_SSL_REDIRECT = _IS_HTTPS
SECURE_HSTS_SECONDS = 31536000 if _IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _IS_HTTPS
SECURE_HSTS_PRELOAD = _IS_HTTPS
# Not "no-referrer": browsers then send forms with `Origin: null`, which the CSRF check has to refuse.
# Other sites are told nothing either way.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# How many proxies of ours a request comes through: only what they add to X-Forwarded-For is believed.
_proxies = _read("HEADLAMP_BEHIND_PROXY", "str", "").strip()
PROXY_COUNT = int(_proxies) if _proxies in set("0123456789") else int(_flag("HEADLAMP_BEHIND_PROXY"))
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# What is uploaded is held in memory until it is sealed: never in the clear on the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 26_000_000

# The desk: what the verification ladder asks for.

TWO_PERSON = _flag("HEADLAMP_TWO_PERSON", default=True)
SOURCES_TO_VERIFY = _read("HEADLAMP_SOURCES_TO_VERIFY", "int", 2)
SOURCES_TO_CORROBORATE = _read("HEADLAMP_SOURCES_TO_CORROBORATE", "int", 1)
if not 0 <= SOURCES_TO_CORROBORATE <= SOURCES_TO_VERIFY <= 20:
    raise ImproperlyConfigured(
        "HEADLAMP_SOURCES_TO_VERIFY must be between HEADLAMP_SOURCES_TO_CORROBORATE (0 or more) and 20"
    )

# Languages and time.

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("pt", _("Portuguese")), ("sw", _("Swahili"))]
LOCALE_PATHS = [BASE_DIR / "impact" / "locale"]
FORMAT_MODULE_PATH = "impact.formats"
USE_I18N = True
NUMBER_GROUPING, THOUSAND_SEPARATOR = 3, ","  # where Django has no formats of a language: Swahili
USE_TZ = True
TIME_ZONE = "UTC"

# Files.

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
_collects = _flag("HEADLAMP_COLLECT_STATIC", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collects
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _collects
MEDIA_ROOT = VAR_DIR / "media"

# What the world may see, and when.

PUBLICATION_DELAY_DAYS = _days("HEADLAMP_PUBLICATION_DELAY_DAYS", 0 if DEMO or DEBUG else 7, most=366)


def _tiles_url(url: str) -> str:
    parts = urlsplit(url)
    is_right = parts.scheme in {"http", "https"} and parts.hostname and "{s}" not in url
    if url and not (is_right and all(part in url for part in ("{z}", "{x}", "{y}"))):
        raise ImproperlyConfigured(
            "HEADLAMP_TILES_URL must be an address of one host such as https://tiles.example/{z}/{x}/{y}.png"
        )
    return url


# Maps: the shipped basemap and nothing from a third party, so that nobody learns who looks.

# Unless a deployment chooses a tile server: then the public map alone fetches pictures from there, and the
# server learns the address of everybody who looks. No page of reporters ever does.
TILES_URL = _tiles_url(_read("HEADLAMP_TILES_URL", "str", ""))
TILES_ATTRIBUTION = _read("HEADLAMP_TILES_ATTRIBUTION", "str", "")

LEAFLET_CONFIG = {
    "TILES": [],
    "DEFAULT_CENTER": (2.0, 20.0),
    "DEFAULT_ZOOM": 4,
    "MIN_ZOOM": 2,
    "MAX_ZOOM": 14,
    "RESET_VIEW": False,
    "ATTRIBUTION_PREFIX": "",
    "SCALE": "metric",
}

# How far "near" reaches around a producing area, in metres, by its kind.

NEAR_M = near_m(_read("HEADLAMP_NEAR_KM", "str", "25"))

# Doors, named as strings: nothing in `impact` imports them.

WORK = [
    "sms_gateway.intake.draining.drain_spool",
    "sms_gateway.intake.catching_up.catch_up_after_outage",
    "sms_gateway.intake.sweeping.sweep_inboxes",
    "sms_gateway.intake.confirming.confirm_doubted",
    "sms_gateway.receiving.finish_received",
    "sms_gateway.intake.media.keep_media",
    "sms_gateway.forgetting.forget_at_providers",
    "sms_gateway.purging.purge_daily",
    "impact.incidents.relinking.mark_around_changed_areas",
    "impact.incidents.bulk_linking.link_unlinked",
    "impact.incidents.assessing.assess_unassessed",
    "impact.moderation.duplicates.compare_uncompared",
    "impact.ledger.witnessing.witness_head",
    "sms_gateway.conversation.corresponding.carry_correspondence",
    "sms_gateway.sending.send_queued",
    "impact.publication.publishing.publish_due",
    "reports_api.hooks.delivering.deliver_due",
    "reports_api.hooks.keeping.forget_daily",
    "impact.publication.relinking.relink_published",
    "impact.publication.changes.forget_old_changes",
    "impact.publication.snapshots.taking.take_due_snapshot",
    "impact.publication.snapshots.taking.erase_retracted",
    "impact.publication.snapshots.columns.keep_missing_columns",
    "impact.publication.counting_coverage.refresh_due_coverage",
    "impact.publication.counting_waits.count_finished_months",
    "impact.publication.subscribing.send_confirmations",
    "impact.publication.subscribing.send_alerts",
    "impact.moderation.alerting.raise_due_alerts",
    "impact.moderation.alert_mails.send_alert_mails",
    "impact.exports.keeping.withdraw_taken_back",
    "impact.exports.keeping.expire_exports",
    "impact.exports.keeping.sweep_folders",
    "impact.exports.making.make_ordered",
]
# Who notes, in the transaction of the change, that an incident became public or was taken back.
ANNOUNCE = ["reports_api.hooks.announcing.queue_event"]
COUNT_SEGMENTS = "sms_gateway.conversation.segments.segments"
ERASED_NUMBERS = "sms_gateway.contacts.erased_numbers"
WRITING_WINDOWS = "sms_gateway.conversation.calling_back.windows"
WHY_NOT_DELIVERED = "sms_gateway.conversation.corresponding.why_not_delivered"
INVENT_PROGRAMS = "reports_api.inventing.invent_programs"
SIMULATE_FLOOD = "sms_gateway.simulation.simulate_flood"
SIMULATE_MESSAGE = "sms_gateway.simulation.simulate_message"
SIMULATED_MAILBOX = "sms_gateway.simulation.messages_to"
SIMULATOR_ENABLED = DEMO or DEBUG

# Providers declare their own settings, each in its file; these are lines besides the first of a provider.
SMS_LINES = _read("HEADLAMP_SMS_LINES", "list", [])

METRICS_TOKEN = _read("HEADLAMP_METRICS_TOKEN", "str", "")
CONTACT_DAYS = _days("HEADLAMP_CONTACT_DAYS", 90)
SPOOL_DIR = Path(_read("HEADLAMP_SPOOL", "str", str(VAR_DIR / "spool")))


def _limit(name: str, value: str) -> tuple[int, int]:
    """So many messages in so many seconds; (0, …) is no limit."""
    most, _, seconds = value.partition("/")
    if not (most.isdecimal() and (seconds or "600").isdecimal() and int(seconds or 600) > 0):
        raise ImproperlyConfigured(f"{name} must be MESSAGES/SECONDS, such as 60/600, or 0 for no limit")
    return int(most), int(seconds or 600)


FLOOD_LIMITS = {
    "number": _limit("HEADLAMP_FLOOD_NUMBER", _read("HEADLAMP_FLOOD_NUMBER", "str", "60/600")),
    "block": _limit("HEADLAMP_FLOOD_BLOCK", _read("HEADLAMP_FLOOD_BLOCK", "str", "300/600")),
    "line": _limit("HEADLAMP_FLOOD_LINE", _read("HEADLAMP_FLOOD_LINE", "str", "0")),
}


def _exit_points() -> dict[str, int]:
    """Where processes die on purpose, once in so many times: see sms_gateway/intake/exit_points.py."""
    chosen = [part.partition(":") for part in _read("HEADLAMP_EXIT_AT", "list", [])]
    if chosen and not (DEMO or DEBUG):
        raise ImproperlyConfigured("HEADLAMP_EXIT_AT kills processes on purpose: for tests only")
    if not all(times.isdecimal() and int(times) for _, _, times in chosen):
        raise ImproperlyConfigured("HEADLAMP_EXIT_AT must be POINT:TIMES,…")
    return {point: int(times) for point, _, times in chosen}


EXIT_AT = _exit_points()

# The conversation by text message: words of the deployment's own that start the guided way, how long a
# question waits for its answer, and where nothing is ever sent.

SMS_KEYWORDS: list[str] = _read("HEADLAMP_SMS_KEYWORDS", "list", [])
SMS_DIALOGUE_MINUTES = _read("HEADLAMP_SMS_DIALOGUE_MINUTES", "int", 24 * 60)
SMS_ADDITION_MINUTES = _read("HEADLAMP_SMS_ADDITION_MINUTES", "int", 30)
SMS_QUESTION_DAYS = _days("HEADLAMP_SMS_QUESTION_DAYS", 14)
SMS_SILENT: list[str] = _read("HEADLAMP_SMS_SILENT", "list", [])


def _text_numbers(name: str) -> list[tuple[str, str]]:
    """The numbers that the public pages say may be texted, each with the country (ISO 3166-1) it is for."""
    shown = [(country.strip(), number.strip()) for country, _, number in
             (part.partition(":") for part in _read(name, "list", []))]  # fmt: skip
    for country, number in shown:
        if not re.fullmatch(r"[A-Z]{2}", country) or not re.fullmatch(r"\+?[0-9](?: ?[0-9]){2,19}", number):
            raise ImproperlyConfigured(f"{name} must be COUNTRY:NUMBER,…, such as CD:+243810000001,SL:2345")
    return shown


TEXT_NUMBERS = _text_numbers("HEADLAMP_TEXT_NUMBERS")

# Mail: off unless an address says how it leaves. Django reads its settings by these names.

globals().update(
    mail_settings(_read("HEADLAMP_EMAIL_URL", "str", ""), _read("HEADLAMP_EMAIL_FROM", "str", ""))
)

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "reports_api.problems.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Headlamp",
    "VERSION": "1",
    "DESCRIPTION": "Published incidents beside mines, and a door for reports.",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["reports_api.shapes.name_components"],
}

# What a command that reads a file of others may take: the file can be a bomb.
IMPORT_MEMORY_MB = int(_read("HEADLAMP_IMPORT_MEMORY_MB", "int", 2000))
if IMPORT_MEMORY_MB < 500:
    raise ImproperlyConfigured("HEADLAMP_IMPORT_MEMORY_MB must be 500 or more: the program alone takes 350")
IMPORT_MINUTES = int(_read("HEADLAMP_IMPORT_MINUTES", "int", 60))
if IMPORT_MINUTES < 1:
    raise ImproperlyConfigured("HEADLAMP_IMPORT_MINUTES must be 1 or more")

EXPORT_LICENCE = _read("HEADLAMP_EXPORT_LICENCE", "str", "CC BY 4.0")
EXPORT_DAYS = _days("HEADLAMP_EXPORT_DAYS", 90, least=1, most=3650)
# Who stands behind the maps and briefs.
ORGANISATION = _read("HEADLAMP_ORGANISATION", "str", "Headlamp")
CONTACT = _read("HEADLAMP_CONTACT", "str", "")
MARK_FILE = _read("HEADLAMP_MARK", "str", "")
if MARK_FILE and not Path(MARK_FILE).is_file():
    raise ImproperlyConfigured("HEADLAMP_MARK must be the path of a PNG file")
MAP_CATALOGUE = _read("HEADLAMP_MAP_CATALOGUE", "str", "HDL")
if not (len(MAP_CATALOGUE) == 3 and MAP_CATALOGUE.isascii() and MAP_CATALOGUE.isupper()):
    raise ImproperlyConfigured("HEADLAMP_MAP_CATALOGUE must be three capital letters, such as KPC")

# The head of the log, told once a day to somebody outside.
WITNESS_FILE = _read("HEADLAMP_WITNESS_FILE", "str", "")
WITNESS_EMAIL = _read("HEADLAMP_WITNESS_EMAIL", "list", [])

# No request line, body or address is ever logged: a log is where a witness would be found.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "impact.quiet_logs.QuietFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {"patterns": {"()": "impact.quiet_logs.PatternsForAddresses"}},
    # At the handler: a form that the CSRF check refuses is logged elsewhere than other requests.
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["patterns"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "headlamp": {"level": "INFO"},
        "django": {"handlers": [], "level": "INFO"},  # without its mails, which quote the request
        "django.request": {"level": "ERROR", "filters": ["patterns"]},
        # Its lines hold the addresses that were asked: a provider's list is asked for by a number.
        "urllib3": {"level": "CRITICAL"},
        "axes": {"level": "CRITICAL"},  # its lines hold addresses; the log of the product holds the attempts
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
if not _IS_HTTPS and (DEMO or DEBUG):
    # On a laptop, over plain http on the loopback address.
    SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
if "pytest" in sys.modules:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
