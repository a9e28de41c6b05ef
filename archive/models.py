"""What can be found: one narrow row for each paper of an issued resolution, and the work of filing it."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive import rules
from core.models import VisibleQuerySet
from core.work import WorkItem, WorkQuerySet
from documents.rules import DocumentKind


@SearchVectorField.register_lookup
class Holds(models.Lookup):
    """`terms__holds="'dau_tu' & 'y.2026'"`: ready terms, which PostgreSQL's own parser must not cut up."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, tuple[str]]:
        return "%s", (str(value),)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", (*left_params, *right_params)


class SearchEntryQuerySet(VisibleQuerySet):
    sees = staticmethod(rules.sees_entry)

    def visible_to(self, user: Any) -> Self:
        """One condition on the row itself: a subquery would cost the search its plan."""
        return self.filter(rules.sees_entry(user))

    def holding(self, terms: str) -> Self:
        return self.filter(terms__holds=terms)


class SearchEntry(models.Model):
    """A paper that can be found. Made from what the lower apps hold, at any time anew.

    It has one index, on its terms, and no other: one on the date or the readers would mislead the planner
    (bench/search.py). The text itself stays in `documents.DocumentText`.
    """

    version = models.OneToOneField(
        "documents.DocumentVersion", models.PROTECT, primary_key=True, related_name="search_entry"
    )
    resolution = models.ForeignKey("decisions.Resolution", models.PROTECT, db_index=False, related_name="+")
    body = models.ForeignKey("people.Body", models.PROTECT, db_index=False, related_name="+")
    issued_on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    readers = ArrayField(models.IntegerField())  # people.User.reader_keys of those who may read it
    number = models.CharField(_("number and notation"), max_length=60, blank=True)
    title = models.CharField(max_length=500)
    terms = SearchVectorField()  # archive.terms, without places or weights

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = (GinIndex(name="terms_of_entries", fields=["terms"], fastupdate=False),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def is_resolution(self) -> bool:
        """The resolution itself, not a paper of its case."""
        return self.version.document_id == self.resolution.document_id


class Filing(WorkItem):
    """The work of bringing one issued resolution with its papers into the archive."""

    attempts_allowed = 30  # the texts of large scans may take a while

    resolution = models.OneToOneField("decisions.Resolution", models.PROTECT, related_name="filing")

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("filing in the archive")
        verbose_name_plural = _("filings in the archive")

    def __str__(self) -> str:
        return str(self.resolution)
