"""One settings file; everything that differs from place to place comes from the environment.

The names are listed with examples in `.env.example`; `./run` puts in values for a single machine.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

env = environ.Env()

# Core

SECRET_KEY = env("SECRET_KEY")
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)  # one-click sign-in of invented people; never on a real installation
DEMO_AUTHORITY_DIR = env("DEMO_AUTHORITY_DIR", default="")  # keys and certificates that prove nothing
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL")
REACTIONS = "ecabinet.reactions.REACTIONS"
STORED_OBJECTS = "ecabinet.objects.STORED_OBJECTS"
# Whose papers are signed in their own order; nobody sends them round for signatures by hand.
SIGNED_WHERE_MADE = ("decisions.Resolution", "decisions.ElectronicCopy")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_cotton",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "rest_framework",
    "audit",
    "people",
    "notifications",
    "documents",
    "signatures",
    "decisions",
    "reading",
    "submissions",
    "opinions",
    "meetings",
    "archive",
    "ecabinet",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.PersonalSettingsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.LastSeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "ecabinet.urls"
WSGI_APPLICATION = "ecabinet.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "ecabinet.context.shell",
            ],
        },
    }
]
COTTON_DIR = "components"

# Database, cache, queue

DATABASES = {"default": {**env.db("DATABASE_URL"), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
REDIS_URL = env("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
    "retry_on_timeout": False,
}
CELERY_TASK_PUBLISH_RETRY = False  # the sweep hands it in again
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_TASK_ROUTES = {
    "opinions.tasks.render_*": {"queue": "render"},
    "decisions.tasks.render_*": {"queue": "render"},
    "documents.tasks.read_version": {"queue": "verify"},
    "documents.tasks.build_binder*": {"queue": "render"},
    "documents.tasks.scan_version": {"queue": "verify"},
    "documents.tasks.make_view": {"queue": "convert"},
    "documents.tasks.draw_pictures": {"queue": "verify"},
    "documents.tasks.sweep_storage": {"queue": "verify"},
    "reading.tasks.compare_texts": {"queue": "verify"},
    "signatures.tasks.fetch_source": {"queue": "fetch"},
    "signatures.tasks.foresee_verdicts": {"queue": "recheck"},
    "signatures.tasks.recheck_versions": {"queue": "recheck"},
    "signatures.tasks.seal_paper": {"queue": "seal"},  # its worker alone reaches the security module
    "signatures.tasks.prove_server_key": {"queue": "seal"},
    "archive.tasks.make_evidence": {"queue": "seal"},
    "signatures.tasks.*": {"queue": "verify"},
}
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"

# Signing in

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the administrator, with a confirmed address
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,100/m/ip",
    "login": "200/m/ip",
    "reset_password": "20/m/ip,5/m/key",
    "unlock_remote_key": "5/5m/user,20/d/user",  # what failed; PINs and codes at the signing service
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)  # whose word on addresses is taken
ACCOUNT_SESSION_REMEMBER = True  # SESSION_COOKIE_AGE for everyone: half a day, then sign in again
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "login": "people.account_forms.SignInForm",
    "reauthenticate": "people.account_forms.ReauthenticateForm",
    "change_password": "people.account_forms.ChangePasswordForm",
    "set_password": "people.account_forms.SetPasswordForm",
    "reset_password": "people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "people.account_forms.ResetPasswordKeyForm",
}
MFA_ADAPTER = "people.adapter.MFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the administrator has confirmed the address
MFA_FORMS = {
    "authenticate": "people.account_forms.CodeForm",
    "reauthenticate": "people.account_forms.ReauthenticateCodeForm",
    "activate_totp": "people.account_forms.ActivateAppForm",
    "add_webauthn": "people.account_forms.AddPasskeyForm",
    "edit_webauthn": "people.account_forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "e-Cabinet"
MFA_TOTP_TOLERANCE = 1  # a code typed at the end of its half minute still counts (RFC 6238, section 5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https://")  # a browser allows localhost
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True

# Language and time

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "ecabinet" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

# Files

STATIC_URL = "static/"
STATIC_ROOT = env("STATIC_ROOT", default="")  # where collectstatic put them; without it: from where they lie
UPLOAD_LIMIT_MB = env.int("UPLOAD_LIMIT_MB", 200)
UPLOAD_DIR = env("UPLOAD_DIR", default="") or str(VAR / "uploads")  # what arrives in pieces
FILE_UPLOAD_HANDLERS = ["documents.uploads.HashingUploadHandler"]
LIBREOFFICE = env("LIBREOFFICE", default="soffice")  # a name on the PATH, or a path
TESSERACT = env("TESSERACT", default="tesseract")
CONVERSION_SECONDS = env.int("CONVERSION_SECONDS", 120)  # a converter that takes longer is stopped
CLAMD_URL = env("CLAMD_URL", default="")  # unix:///path or tcp://host:3310; empty: nothing is scanned
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
SIGNATURE_RECHECK_DAYS = env.int("SIGNATURE_RECHECK_DAYS", 30)  # each signed paper is looked at that often
TSA_URLS = env.list("TSA_URLS", default=[])  # timestamp authorities (RFC 3161), asked in this order
X_ACCEL_PREFIX = env("X_ACCEL_PREFIX", default="")  # an internal place of the web server in front, for papers
S3_BUCKET = env("S3_BUCKET", default="")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": env("S3_ENDPOINT_URL", default=None),
                "file_overwrite": False,
                "max_memory_size": 8 * 1024 * 1024,
            },
        }
        if S3_BUCKET
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": env("STORAGE_DIR", default="") or str(VAR / "storage")},
        }
    ),
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if STATIC_ROOT
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT
WHITENOISE_AUTOREFRESH = DEBUG

# Mail

EMAIL_DIR = env("EMAIL_DIR", default="")
if EMAIL_DIR:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = EMAIL_DIR
else:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10  # seconds: a mail server that hangs must not hold up the queue that closes requests
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="e-cabinet@localhost")

# Security

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SITE_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_SSL_REDIRECT else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Keys

PKCS11_MODULE = env("PKCS11_MODULE", default="")  # library of the security module that holds the seals
# A demonstration without a module seals with a key that lies open in DEMO_AUTHORITY_DIR.
SEAL_SIGNER = "ecabinet.demo.keys.sign_with_folder_key" if DEMO and not PKCS11_MODULE else ""
PKCS11_TOKEN = env("PKCS11_TOKEN", default="")
PKCS11_PIN_FILE = env("PKCS11_PIN_FILE", default="")  # never the PIN itself
CSC_URL = env("CSC_URL", default="")  # remote signing (Cloud Signature Consortium API 1.0.4); empty: none
CSC_TOKEN_FILE = env("CSC_TOKEN_FILE", default="")  # what this system shows to the service
AGENT_PORT = env.int("AGENT_PORT", 17604)  # of the signers' own program for tokens, on their computers
CSC_CA_FILE = env("CSC_CA_FILE", default="")  # the service's authority, where the system does not know it

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.answer_refusal",
    "PAGE_SIZE": 20,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "e-Cabinet",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "DocumentKindEnum": "documents.rules.DocumentKind",
        "MeetingKindEnum": "meetings.rules.MeetingKind",
        "MeetingStatusEnum": "meetings.rules.MeetingStatus",
        "OpinionRequestStatusEnum": "opinions.rules.RequestStatus",
        "PaperKindEnum": "documents.paper_forms.KINDS",
        "SignatureStatusEnum": "signatures.rules.SignatureStatus",
        "SigningStatusEnum": "signatures.rules.RequestStatus",
        "SigningStepStatusEnum": "signatures.rules.StepStatus",
        "RemarkStatusEnum": "opinions.rules.RemarkStatus",
        "SlipStatusEnum": "opinions.rules.SlipStatus",
        "SubmissionStatusEnum": "submissions.rules.SubmissionStatus",
        "WorkStateEnum": "core.work.WorkState",
    },
}

# The log over the trail: its key, and who else keeps its checkpoints

AUDIT_KEY_FILE = env("AUDIT_KEY_FILE", default="") or str(VAR / "keys" / "audit.pem")
AUDIT_ORIGIN = env("AUDIT_ORIGIN", default="")  # the name of the log; empty: after SITE_URL
AUDIT_FORMER_KEYS = env.list("AUDIT_FORMER_KEYS", default=[])  # public keys that it signed with before
AUDIT_WITNESS_DIR = env("AUDIT_WITNESS_DIR", default="")  # on a disk that the database's owner cannot change
AUDIT_WITNESS_EMAILS = env.list("AUDIT_WITNESS_EMAILS", default=[])
AUDIT_WITNESSES = env.list("AUDIT_WITNESSES", default=[])  # public keys of those who sign after checking

# Logs: to standard output, without request bodies or addresses

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
