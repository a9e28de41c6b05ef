"""What tables of all apps share."""

from typing import Any

from django.db import models


class VisibleQuerySet(models.QuerySet):
    """Reading is a rule too: a subclass names the `sees` of its app's rules.py."""

    sees: Any = None

    def visible_to(self, user: Any) -> "VisibleQuerySet":
        """The rows that this person may read."""
        seen = self.model._base_manager.filter(type(self).sees(user))
        return self.filter(pk__in=seen.values("pk"))
