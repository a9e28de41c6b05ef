"""What tables of all apps share."""

from typing import Any, Self

from django.db import models


class VisibleQuerySet(models.QuerySet[Any]):
    """Reading is a rule too: a subclass names the `sees` of its app's rules.py."""

    sees: Any = None

    def visible_to(self, user: Any) -> Self:
        """The rows that this person may read."""
        seen = self.model._base_manager.filter(type(self).sees(user))
        return self.filter(pk__in=seen.values("pk"))
