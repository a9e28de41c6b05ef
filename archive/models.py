"""What can be found: one narrow row for each paper of an issued resolution; and the work of the archive."""

from datetime import timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive import rules
from core import clock
from core.models import VisibleQuerySet
from core.work import WorkItem, WorkQuerySet
from documents.models import object_name
from documents.rules import DocumentKind
from people.rules import Role


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


class EvidenceQuerySet(VisibleQuerySet, WorkQuerySet):  # type: ignore[override]
    sees = staticmethod(rules.sees_evidence)

    def newest_first(self) -> "EvidenceQuerySet":
        return self.order_by("-pk")


class EvidenceBundle(WorkItem):
    """Everything that proves one decision, as one file (docs/reference/evidence-bundle.md).

    It holds what the office of whoever ordered it may read, and says what it leaves out. It never changes: a
    later one follows, with newer timestamps and newer checks.
    """

    longest_run = timedelta(minutes=30)

    resolution = models.ForeignKey("decisions.Resolution", models.PROTECT, related_name="evidence")
    role = models.CharField(_("office"), max_length=16, choices=Role)
    ordered_by_name = models.CharField(_("ordered by"), max_length=200)
    ordered_at = models.DateTimeField(_("ordered at"), default=clock.now)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    contents = models.JSONField(default=dict)  # how many files of which kind, and what was left out why
    is_sealed = models.BooleanField(default=False)  # the organisation's seal is on the manifest
    is_logged = models.BooleanField(default=False)  # the proof is inside that the log has the manifest's hash
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence bundle")
        verbose_name_plural = _("evidence bundles")

    def __str__(self) -> str:
        return str(self.resolution)

    @property
    def body_id(self) -> int:
        return self.resolution.body_id

    @property
    def trail_case(self) -> models.Model:
        return self.resolution

    @property
    def file_name(self) -> str:
        """Of letters that every system takes."""
        number = self.resolution.full_number.replace("/", "-")
        return f"chung-cu-{number}-{self.ordered_at:%Y%m%d}-{self.pk}.zip"

    @property
    def storage_name(self) -> str:
        return object_name(self.sha256)

    def open_file(self) -> Any:
        return default_storage.open(self.storage_name, "rb")
