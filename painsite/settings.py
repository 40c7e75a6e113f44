"""One settings file, driven by the environment; with nothing set, everything runs on one machine.

`var/` (ignored by git) holds what a machine makes for itself: the database, the secret key, collected files.
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(exist_ok=True)


def machine_secret() -> str:
    """A key of this machine's own, so that a session survives a restart though nobody set SECRET_KEY."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or machine_secret()
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)

INSTALLED_APPS = [
    "painsite.apps.PainsiteConfig",  # before the admin, whose templates it overrides
    "modeltranslation",  # before the admin, says its manual
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "painsite.apps.StaticFiles",
    "django_prose_editor",
    "js_asset",
    "reversion",
    "csp",
    "publishing",
    "glossary",
    "articles",
    "search",
    "translations",
]

MIDDLEWARE = [
    "painsite.middleware.ReadInTraditional",  # first: it gives all others the address that they know
    "painsite.middleware.RefuseMalformedRequest",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "painsite.middleware.RememberLanguage",
    "painsite.preferences.Preferences",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

CSRF_FAILURE_VIEW = "painsite.views.csrf_failure"
ROOT_URLCONF = "painsite.urls"
WSGI_APPLICATION = "painsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "painsite.context_processors.profile",
            ],
        },
    },
]

# Data -----------------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE, because a deferred transaction that turns into a writer fails at once when another one writes.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
    # PDFs: on this machine's disk, where all its processes find them, and at most so many.
    "handouts": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "handouts",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

# Languages ------------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "painsite" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")

MODELTRANSLATION_DEFAULT_LANGUAGE = "zh-hans"
MODELTRANSLATION_LANGUAGES = ("zh-hans", "en")
# None for content: with a fallback, an untouched form writes the Chinese into the English and nobody can tell any more
# what is missing.
MODELTRANSLATION_FALLBACK_LANGUAGES: tuple[str, ...] = ()

# Publication ----------------------------------------------------------------------------------------------------------

REVIEW_LIMIT_DAYS = env.int("REVIEW_LIMIT_DAYS", default=730)  # a review date lies at most this far ahead
REVIEW_REMINDER_DAYS = env.int("REVIEW_REMINDER_DAYS", default=60)  # so long before it, editors are reminded
REVIEW_OVERDUE_DAYS = env.int("REVIEW_OVERDUE_DAYS", default=0)  # past it by this much, the page says "under review"
REVIEW_GRACE_DAYS = env.int("REVIEW_GRACE_DAYS", default=90)  # past it by this much, the page is hidden
# What becomes of a translation when the source changes clinically: a "banner" on it, or "hidden" until it is redone.
OUTDATED_TRANSLATIONS = env.str("OUTDATED_TRANSLATIONS", default="banner")
FEEDBACK_DAYS = env.int("FEEDBACK_DAYS", default=365)  # what readers say of a page is kept for so long
FEEDBACK_PER_HOUR = env.int("FEEDBACK_PER_HOUR", default=20)  # from one address, which a waiting room may share
PREVIEW_DAYS = env.int("PREVIEW_DAYS", default=7)  # a link for readers without an account works for so long

# Suggestions for translators ------------------------------------------------------------------------------------------

# A server that speaks OpenAI's chat-completions protocol, https://host/v1; without it, only the memory suggests.
SUGGESTIONS_URL = env.str("SUGGESTIONS_URL", default="")
SUGGESTIONS_MODEL = env.str("SUGGESTIONS_MODEL", default="")
SUGGESTIONS_KEY = env.str("SUGGESTIONS_KEY", default="")
SUGGESTIONS_SECONDS = env.float("SUGGESTIONS_SECONDS", default=30.0)  # for one answer, as a whole

# Machines -------------------------------------------------------------------------------------------------------------

SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")  # an address for security.txt; without it there is none

# Files ----------------------------------------------------------------------------------------------------------------

FONTS_DIR = BASE_DIR / "painsite" / "fonts"  # for pictures and paper; pages use the reader's own

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


def packaged_jquery_ui() -> str:
    """The folder of jQuery UI, which the language tabs of the admin need and would else fetch from a CDN."""
    from xstatic.pkg import jquery_ui

    return jquery_ui.BASE_DIR


STATICFILES_DIRS = [("jquery-ui", packaged_jquery_ui())]
JQUERY_UI_URL = "jquery-ui/jquery-ui.min.js"

# Security -------------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # The rich-text editor adds one <style> of its own, without a nonce; this is its hash, to be looked at again
        # when the editor is upgraded (a browser test fails then).
        "style-src": [SELF, NONCE, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
# Previews stand in frames of the admin's own pages, at the width of a phone and of a desk; no other site may frame us.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
