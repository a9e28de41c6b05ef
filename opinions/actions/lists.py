"""Keeping a list under a name of one's own."""

from typing import Any

from django.db import transaction

from audit import trail
from core import clock
from core.locks import lock
from opinions import rules
from opinions.models import SavedView
from opinions.wording import tidy


@transaction.atomic
def save_view(view: SavedView, *, by: Any) -> SavedView:
    """The filters of a list are kept; under the same name they replace those kept before."""
    view.owner, view.name = lock(view.owner), tidy(view.name)
    rules.VIEW.check("save_view", by, view)

    kept = {"query": view.query, "saved_at": clock.now()}
    view, _ = SavedView.objects.update_or_create(owner=view.owner, name=view.name, defaults=kept)

    trail.record("opinions.save_view", by=by, on=view)
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: Any) -> None:
    """The list is no longer kept; the requests in it are what they were."""
    view = lock(view)
    rules.VIEW.check("remove_view", by, view)

    trail.record("opinions.remove_view", by=by, on=view)
    view.delete()
