"""Content security of pages with keys: one may speak to the agent of this computer, one to nobody at all."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace, csp_update
from django.conf import settings

AGENT = "http://127.0.0.1:{port}"


def agent_address() -> str:
    """Where the local program for tokens listens (`agent/README.md`)."""
    return AGENT.format(port=settings.AGENT_PORT)


def agent_allowed(view: Callable[..., Any]) -> Callable[..., Any]:
    """The page may ask the signer's own computer, at one address, and show the page for key files."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        decorate = csp_update({"connect-src": ["'self'", agent_address()], "frame-src": ["'self'"]})
        return decorate(view)(*args, **kwargs)

    return answer


def sandboxed(view: Callable[..., Any]) -> Callable[..., Any]:
    """An opaque origin: no cookies, no storage, no network; scripts and styles from this site alone."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        site = settings.SITE_URL.rstrip("/")
        decorate = csp_replace(
            {
                "default-src": [NONE],
                "script-src": [site, "'self'"],
                "style-src": [site, "'self'"],
                "font-src": [site, "'self'"],
                "img-src": [site, "'self'"],
                "base-uri": [NONE],
                "form-action": [NONE],
                "frame-ancestors": ["'self'"],
                "object-src": None,
                "worker-src": None,
                "sandbox": ["allow-scripts", "allow-forms"],
            }
        )
        return decorate(view)(*args, **kwargs)

    return answer
