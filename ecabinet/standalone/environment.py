"""The settings of a system on one's own machine. What stands in the environment already always wins."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from ecabinet.standalone.console import Trouble
from ecabinet.standalone.places import Places

DEFAULT_PORT = 8000


def read_port() -> int:
    given = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise Trouble(f"PORT must be a number between 1 and 65535, not {given!r}.")
    return int(given)


def is_demonstration() -> bool:
    """It is one unless DEMO says otherwise."""
    return (os.environ.get("DEMO") or "true").lower() in ("1", "true", "yes", "on")


def make_environment(
    places: Places, database_url: str, redis_url: str, port: int, more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment of every program that loads Django; `more` is what its services add."""
    site = f"http://localhost:{port}"
    development = {
        "DJANGO_SETTINGS_MODULE": "ecabinet.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": read_secret_key(places.home / "secret_key"),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "CSRF_TRUSTED_ORIGINS": f"{site},http://127.0.0.1:{port}",
        "DEBUG": "false",
        "DEMO": "true",
        "SITE_URL": site,
        "STORAGE_DIR": str(places.storage),
        "EMAIL_DIR": str(places.mail),
        "AUDIT_KEY_FILE": str(places.home / "keys" / "audit.pem"),
        "AUDIT_WITNESS_DIR": str(places.home / "witness"),  # on one machine, only to be seen
    }
    given = {name: value for name, value in os.environ.items() if value}
    return {**development, **(more or {}), **given}


def read_secret_key(file: Path) -> str:
    """Made once and kept, so that nobody is signed out by a restart."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    return file.read_text().strip()
