"""All settings, in one file, from environment variables. Each is documented in docs/operations.md.

``STADTWABE_*`` variables are read here and nowhere else.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent
"""The folder of the package ``stadtwabe``."""


def _flag(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "ja"}


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database_from_url(url: str) -> dict[str, object]:
    """Read a PostgreSQL address (``postgresql://user:password@host:port/name``) for Django.

    A path as host is given as ``?host=/folder``. Raises ImproperlyConfigured for other schemes.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        message = f"DATABASE_URL must start with postgresql://, not with {parts.scheme!r}."
        raise ImproperlyConfigured(message)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def storage_address(text: str) -> str:
    """Return the address of a storage without a slash at its end; empty is that of AWS.

    Raises ImproperlyConfigured for what is no web address, or has a bucket, user or query in it.
    """
    parts = urlsplit(text)
    wrong = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or wrong):
        message = f"STADTWABE_ARCHIVE_BUCKET_ENDPOINT must be https://HOST, not {text!r}."
        raise ImproperlyConfigured(message)
    return text.rstrip("/")


def broker_from_url(url: str) -> dict[str, object]:
    """Read the address of an MQTT broker (``mqtts://host:port/prefix``): host, port, tls, prefix.

    Raises ImproperlyConfigured for other schemes, and for a user or password in the address.
    """
    parts = urlsplit(url)
    ports = {"mqtt": 1883, "mqtts": 8883}
    if parts.scheme not in ports or not parts.hostname:
        message = f"STADTWABE_MQTT_URL must be mqtt://HOST or mqtts://HOST, not {url!r}."
        raise ImproperlyConfigured(message)
    if "@" in parts.netloc:
        message = "User and password belong to STADTWABE_MQTT_USER and STADTWABE_MQTT_PASSWORD."
        raise ImproperlyConfigured(message)
    prefix = unquote(parts.path.strip("/"))
    if any(sign in prefix for sign in "+#\0"):
        raise ImproperlyConfigured("The path of STADTWABE_MQTT_URL begins topics: no + and no #.")
    return {
        "host": parts.hostname,
        "port": parts.port or ports[parts.scheme],
        "tls": parts.scheme == "mqtts",
        "prefix": f"{prefix}/" if prefix else "",
    }


def _secret(name: str) -> str:
    """Return a secret from the variable ``name``, or from the file that ``name``_FILE names."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name, "")


DATA = Path(os.environ.get("STADTWABE_DATA") or Path.home() / ".local/share/stadtwabe")
BIND = os.environ.get("STADTWABE_BIND", "127.0.0.1")
PORT = int(os.environ.get("STADTWABE_PORT") or 8000)
DEMO = _flag("STADTWABE_DEMO")
DEBUG = _flag("STADTWABE_DEBUG")
SECRET_KEY = os.environ.get("STADTWABE_SECRET_KEY", "")
if not SECRET_KEY:
    _secret_file = DATA / "secret-key"
    # The command line writes the file before it starts anything; tools that need no secret
    # (checks, migrations) run without one.
    SECRET_KEY = (
        _secret_file.read_text(encoding="utf-8").strip() if _secret_file.exists() else "unset"
    )
# Former keys: they still open what they have sealed and signed, and seal nothing new.
SECRET_KEY_FALLBACKS = _words("STADTWABE_FORMER_SECRET_KEYS")
ALLOWED_HOSTS = _words("STADTWABE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _words("STADTWABE_ORIGINS")
HTTPS = _flag("STADTWABE_HTTPS")
_named = next((host for host in ALLOWED_HOSTS if host[0] not in "*."), "localhost")
ADDRESS = (
    os.environ.get("STADTWABE_ADDRESS")
    or (f"https://{_named}" if HTTPS else f"http://{_named}:{PORT}")
).rstrip("/")
"""Where people reach this installation: for what is written without a request, such as e-mails."""

MQTT_URL = os.environ.get("STADTWABE_MQTT_URL", "")
MQTT_PUBLIC_URL = os.environ.get("STADTWABE_MQTT_PUBLIC_URL", "") or MQTT_URL
MQTT_BROKER: dict[str, object] | None = None
if MQTT_URL:
    MQTT_BROKER = broker_from_url(MQTT_URL) | {
        "user": os.environ.get("STADTWABE_MQTT_USER", ""),
        "password": _secret("STADTWABE_MQTT_PASSWORD"),
        "ca_file": os.environ.get("STADTWABE_MQTT_CA_FILE", ""),
    }

INSTALLED_APPS = [
    "stadtwabe.site",
    "stadtwabe.site.demo",
    "stadtwabe.desk",
    "stadtwabe.atlas",
    "stadtwabe.hub",
    "stadtwabe.programme",
    "stadtwabe.evidence",
    "stadtwabe.catalog",
    "stadtwabe.people",
    "stadtwabe.places",
    "stadtwabe.kit",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "ninja",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    # Outermost, so that files and refusals come with the headers too.
    "stadtwabe.site.middleware.ContentSecurityPolicy",
    "stadtwabe.site.middleware.PrivatePages",
    "stadtwabe.site.middleware.ApiProblems",
    "stadtwabe.site.middleware.NoNul",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads with random bytes against guessing secrets from the length (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stadtwabe.catalog.pages.gone.FormerAddresses",
    "stadtwabe.site.middleware.DomainErrors",
]

ROOT_URLCONF = "stadtwabe.site.urls"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stadtwabe.site.context.site",
            ],
        },
    },
]

DATABASES = {
    "default": database_from_url(
        os.environ.get("DATABASE_URL") or "postgresql://stadtwabe@localhost/stadtwabe"
    ),
}
# The worker imports what it may have to do (site.process_tree.child); nobody else needs half of it.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "stadtwabe.people.signup.AccountAdapter"
OPEN_SIGNUP = _flag("STADTWABE_OPEN_SIGNUP")
LOGIN_URL = "account_login"
START_PAGES = {
    "editor": "/redaktion/",
    "steward": "/daten/pflege/",
    "network_admin": "/verwaltung/",
}
"""Where somebody begins after signing in, by the first of these roles that they hold anywhere."""

LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("STADTWABE_SMTP_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = os.environ.get("STADTWABE_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("STADTWABE_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("STADTWABE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("STADTWABE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("STADTWABE_SMTP_TLS", default=True)
DEFAULT_FROM_EMAIL = os.environ.get("STADTWABE_MAIL_FROM", "stadtwabe@localhost")

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
FORMAT_MODULE_PATH = ["stadtwabe.site.formats"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = DATA / "files"
ARCHIVE_ROOT = DATA / "archive"
# Observations older than this go into the archive; 0: none do by themselves.
ARCHIVE_AFTER_MONTHS = int(os.environ.get("STADTWABE_ARCHIVE_AFTER_MONTHS", "0"))
# A bucket of an S3-compatible storage instead of that folder, as hub.archive.bucket wants it.
ARCHIVE_BUCKET: dict[str, Any] | None = None
if os.environ.get("STADTWABE_ARCHIVE_BUCKET"):
    ARCHIVE_BUCKET = {
        "bucket": os.environ["STADTWABE_ARCHIVE_BUCKET"],
        "endpoint": storage_address(os.environ.get("STADTWABE_ARCHIVE_BUCKET_ENDPOINT", "")),
        "region": os.environ.get("STADTWABE_ARCHIVE_BUCKET_REGION", "us-east-1"),
        "key": os.environ.get("STADTWABE_ARCHIVE_BUCKET_KEY", ""),
        "secret": _secret("STADTWABE_ARCHIVE_BUCKET_SECRET"),
        "prefix": os.environ.get("STADTWABE_ARCHIVE_BUCKET_PREFIX", "").strip("/"),
        "path_style": os.environ.get("STADTWABE_ARCHIVE_BUCKET_PATH_STYLE", "1") == "1",
    }
    if not (ARCHIVE_BUCKET["key"] and ARCHIVE_BUCKET["secret"]):
        message = (
            "The bucket needs STADTWABE_ARCHIVE_BUCKET_KEY and STADTWABE_ARCHIVE_BUCKET_SECRET."
        )
        raise ImproperlyConfigured(message)
ARCHIVE_CACHE_BYTES = int(os.environ.get("STADTWABE_ARCHIVE_CACHE_MB", "2048")) * 1024 * 1024
# Served where they lie: the names of built files carry their hash, so nothing is collected.
WHITENOISE_USE_FINDERS = True
# Built files carry a hash in their name (frontend/build.mjs): browsers may keep them for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/built/[^/]+-[A-Z0-9]{8}\.[a-z0-9.]+$"

UPLOAD_LIMIT_BYTES = int(os.environ.get("STADTWABE_UPLOAD_LIMIT_MB", "50")) * 1024 * 1024
LIVE_CONNECTIONS = int(os.environ.get("STADTWABE_LIVE_CONNECTIONS", "500"))
EMBED_ANCESTORS = os.environ.get("STADTWABE_EMBED_ANCESTORS", "*")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "stadtwabe.kit.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "stadtwabe.site.pages.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

OPERATOR = {
    "name": os.environ.get("STADTWABE_OPERATOR_NAME", ""),
    "address": os.environ.get("STADTWABE_OPERATOR_ADDRESS", ""),
    "email": os.environ.get("STADTWABE_OPERATOR_EMAIL", ""),
    "phone": os.environ.get("STADTWABE_OPERATOR_PHONE", ""),
}
"""Who runs this installation: shown in the imprint; ``stadtwabe check`` complains while empty."""

FETCH_PRIVATE_ADDRESSES = _flag("STADTWABE_FETCH_PRIVATE_ADDRESSES")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("STADTWABE_LOG_LEVEL", "WARNING")},
}
