"""Every setting, in one file. What a deployment changes comes from the environment.

The variables are documented in docs/operate/settings.md; a test keeps that page true.
"""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

from localoffer import env

PACKAGE = Path(__file__).resolve().parent
DATA = env.folder("DATA", "localoffer-data")  # the one writable folder

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")  # waives the second factor; operate.waiver says where it may be true
SECRET_KEY = env.secret("SECRET_KEY", kept_in=DATA / "secret.key")
SITE_URL = env.address("SITE_URL", "http://localhost:8000")
SECURE = SITE_URL.startswith("https:")

# authority.middleware answers only for the hostnames of the authorities' sites and for these.
EXTRA_HOSTS = env.words("HOSTS", "localhost,127.0.0.1,[::1]")
ALLOWED_HOSTS = ["*"]
BEHIND_PROXY = env.flag("BEHIND_PROXY")
if BEHIND_PROXY:  # a proxy of ours sets this header and drops one sent from outside
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    *env.words("EXTRA_APPS"),  # a council's own app: overrides templates, adds pages
    "localoffer.demo",
    "localoffer.operate",
    "localoffer.home",
    "localoffer.search",
    "localoffer.updates",
    "localoffer.feedback",
    "localoffer.consultations",
    "localoffer.news",
    "localoffer.directory",
    "localoffer.pages",
    "localoffer.mail",
    "localoffer.places",
    "localoffer.taxonomy",
    "localoffer.authority.apps.AuthorityConfig",
    "localoffer.accounts",
    "localoffer.ui",
    "wagtail.contrib.redirects",
    "localoffer.authority.apps.PeopleConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail.embeds",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "localoffer.authority.middleware.csp_middleware",
    "localoffer.authority.middleware.authority_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "localoffer.accounts.middleware.second_factor_middleware",
    "localoffer.authority.walls.walls_middleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "localoffer.urls"
WSGI_APPLICATION = "localoffer.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["localoffer.ui.templatetags.govuk"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "localoffer.pages.context_processors.site",
            ],
        },
    },
]
FORMS_URLFIELD_ASSUME_HTTPS = True

DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{DATA / 'db.sqlite3'}"),
        conn_max_age=600,
        conn_health_checks=True,
    ),
}
SQLITE_SYNCHRONOUS = env.choice("SQLITE_SYNCHRONOUS", "normal", among=("normal", "full"))
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A write waits for another instead of failing, and readers never wait for a writer.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; "
            f"PRAGMA synchronous={SQLITE_SYNCHRONOUS}; "
            "PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728; "
            "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
        ),
    }
OPENSEARCH_URL = env.text("OPENSEARCH_URL")  # candidates from a cluster: docs/operate/search.md
OPENSEARCH_INDEX = env.text("OPENSEARCH_INDEX", "localoffer")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "localoffer.accounts.adapters.StaffOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator made the account
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "localoffer.accounts.forms.LoginForm",
    "change_password": "localoffer.accounts.forms.ChangePasswordForm",
    "reset_password": "localoffer.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "localoffer.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "localoffer.accounts.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "localoffer.accounts.forms.AuthenticateForm",
    "reauthenticate": "localoffer.accounts.forms.ReauthenticateWithCodeForm",
    "activate_totp": "localoffer.accounts.forms.ActivateTOTPForm",
    "deactivate_totp": "localoffer.accounts.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "localoffer.accounts.forms.GenerateRecoveryCodesForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Local Offer"
LOGIN_REDIRECT_URL = "/admin/"
LOGIN_URL = "account_login"

MAIL = env.mail("MAIL", "folder" if DEMO else "smtp://localhost:25")
MAIL_FROM = env.text("MAIL_FROM", "localoffer@localhost")
MAIL_INBOX = env.text("MAIL_INBOX")  # where delivery reports come, and mail that leaves
MAIL_PLUS = env.flag("MAIL_PLUS", default=True)
MAIL_INCOMING = env.mailbox("MAIL_INCOMING")
MAIL_QUIET_HOURS = env.hours("MAIL_QUIET_HOURS", "never" if DEMO else "21-7")
NOTIFY = {
    "key": env.text("NOTIFY_KEY"),
    "template": env.text("NOTIFY_TEMPLATE"),
    "reply_to": env.text("NOTIFY_REPLY_TO"),
}
NOTIFY_TOKEN = env.text("NOTIFY_TOKEN")  # with which GOV.UK Notify tells us what became of mail
# A mail service behind LOCALOFFER_MAIL that tells us what became of mail, at /mail/service/.
MAIL_SERVICE = env.choice("MAIL_SERVICE", "", among=("", "brevo", "mailgun", "postmark"))
MAIL_SERVICE_PASSWORD = env.text("MAIL_SERVICE_PASSWORD")
MAIL_SERVICE_KEY = env.text("MAIL_SERVICE_KEY")
ANYMAIL = {
    "WEBHOOK_SECRET": MAIL_SERVICE_PASSWORD,
    "MAILGUN_WEBHOOK_SIGNING_KEY": MAIL_SERVICE_KEY,
}
DEFAULT_FROM_EMAIL = MAIL_FROM
EMAIL_BACKEND = "localoffer.mail.backends.own.EmailBackend"

# Pages in memory (localoffer.pagecache); the paths are what no page can be kept of.
PAGE_CACHE_MB = env.number("PAGE_CACHE_MB", 0 if DEBUG else 64, least=0)
PAGE_CACHE_WATCH = env.number("PAGE_CACHE_WATCH", 0, least=0)
PAGE_CACHE_NEVER = [
    "/admin/",
    "/accounts/",
    "/documents/",
    "/feedback/",
    "/find-help/save/",
    "/find-help/shortlist/",
    "/have-your-say/answer/",
    "/have-your-say/come-back/",
    "/have-your-say/receipt/",
    "/healthz",
    "/mail/",
    "/media/",
    "/static/",
    "/updates/check-your-email/",
    "/updates/confirm/",
    "/updates/follow/",
    "/updates/leave/",
    "/updates/manage/",
    "/updates/sign-up/",
    "/updates/stay/",
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = ["localoffer.ui.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_URL = "/media/"  # served by pages.views.media, pictures and films only
MEDIA_ROOT = DATA / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "localoffer.operate.statics.StaticFiles"},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
# The most that is read of what anyone sends, before Django sees any of it (operate.intake).
BODY_LIMITS = [("/admin/", env.number("UPLOAD_MB", 100) * 1_000_000), ("", 10_000_000)]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a service with many locations is one form

WAGTAIL_SITE_NAME = "Local Offer"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "csv", "txt", "mp4", "webm", "vtt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
ADMIN_CONTENT_SECURITY_POLICY = {  # Wagtail's own pages use inline styles and scripts
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "worker-src": [SELF, "blob:"],
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # the admin's preview; frame-ancestors is stricter for the rest
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which asks for DENY, and would break that preview
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_FAILURE_VIEW = "localoffer.pages.views.form_expired"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    # They note the start and the end of every background task. A task that fails is an error.
    "loggers": {name: {"level": "WARNING"} for name in ["django_tasks", "django_tasks_db"]},
}
