"""The lists of requests."""

from typing import Any

from submissions.pages import Page
from submissions.pages import turn as turn_rows


def turn(requests: Any, query: Any) -> Page:
    """Twenty a page by key, each with its progress."""
    return turn_rows(requests.select_related("lead_agency", "body").with_progress(), query)
