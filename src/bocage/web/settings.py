"""Django's settings for pages: templates, middleware, cookies. Everything else is in `bocage.relational`."""

from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:  # settings come before any table may be imported, and the parts know tables
    from bocage.web.parts import Parts

HERE = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def settings(*, public_url: str = "", hosts: tuple[str, ...] = (), tiles: str = "") -> dict[str, Any]:
    """What `relational.configure(..., extra=...)` needs so that pages work."""
    return {
        "BOCAGE_TILES": tiles,
        **_reached(public_url, hosts),
        "ROOT_URLCONF": "bocage.web.urls",
        "APPEND_SLASH": False,
        "USE_I18N": False,
        "STATIC_URL": "/static/",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {"environment": "bocage.web.environment.environment"},
            }
        ],
        "MIDDLEWARE": [
            "bocage.web.middleware.secured",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "bocage.web.middleware.spoken",
            "django.middleware.csrf.CsrfViewMiddleware",
            "bocage.web.middleware.Permitted",
        ],
        "CSRF_FAILURE_VIEW": "bocage.web.errors.stale_form",
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SESSION_ENGINE": "bocage.accounts.tables",
        "SESSION_COOKIE_NAME": "bocage",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_AGE": 12 * 3600,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 16 * 1024 * 1024,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 5000,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 200,
    }


def _reached(public_url: str, hosts: tuple[str, ...]) -> dict[str, Any]:
    """What depends on the address people type."""
    secure = public_url.startswith("https://")
    public = urlsplit(public_url).hostname or ""
    return {
        "ALLOWED_HOSTS": [*LOOPBACK, *([public] if public else []), *hosts],
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if secure else None,
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_TRUSTED_ORIGINS": [public_url.rstrip("/")] if public_url else [],
        "SESSION_COOKIE_SECURE": secure,
    }


def follow(public_url: str, hosts: tuple[str, ...] = ()) -> None:
    """Let the address that was just chosen hold, without a restart."""
    from django.conf import settings as running

    for name, value in _reached(public_url, hosts).items():
        setattr(running, name, value)


def wired() -> "Parts":
    """What `wire` gave."""
    from django.conf import settings as running

    found: Parts = attrgetter("BOCAGE_PARTS")(running)
    return found


def wire(parts: "Parts") -> None:
    """Give the pages what they need of the running instance, once it is there."""
    from django.conf import settings as running

    running.BOCAGE_PARTS = parts
