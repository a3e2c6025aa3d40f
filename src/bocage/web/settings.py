"""Django's settings for pages: templates, middleware, cookies. Everything else is in `bocage.relational`."""

from pathlib import Path
from typing import Any

from bocage.web.parts import Parts

HERE = Path(__file__).parent


def settings(parts: Parts) -> dict[str, Any]:
    """What `relational.configure(..., extra=...)` needs so that pages work."""
    secure = parts.public_url.startswith("https://")
    return {
        "BOCAGE_PARTS": parts,
        "ROOT_URLCONF": "bocage.web.urls",
        "APPEND_SLASH": False,
        "USE_I18N": False,
        "USE_TZ": True,
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
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_TRUSTED_ORIGINS": [parts.public_url.rstrip("/")] if parts.public_url else [],
        "SESSION_COOKIE_NAME": "bocage",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_AGE": 12 * 3600,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 16 * 1024 * 1024,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 5000,
    }
