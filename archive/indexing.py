"""Makes the search entries of a resolution from what the lower apps hold. Repeated, it makes them anew.

Entries are derived: no deed, no record in the trail, and nothing is lost with them.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import Func, Value

from archive.models import SearchEntry
from archive.queries import read_case
from archive.terms import entry_terms
from decisions.models import Resolution
from documents.models import DocumentText, DocumentVersion
from people.models import agency_key, office_key
from people.rules import Role


@transaction.atomic
def index_resolution(resolution: Resolution) -> bool:
    """Whether all texts were there; where one was not yet, title and number can be found already."""
    papers = read_case(resolution).versions
    texts = dict(DocumentText.objects.filter(version__in=papers).values_list("version", "pages"))
    models.prefetch_related_objects(papers, "distributions")
    superseded = SearchEntry.objects.filter(version__document__in={paper.document_id for paper in papers})
    superseded.exclude(pk__in=[paper.pk for paper in papers]).delete()
    SearchEntry.objects.bulk_create(
        [make_entry(resolution, paper, texts.get(paper.pk, [])) for paper in papers],
        update_conflicts=True,
        unique_fields=["version"],
        update_fields=[field.name for field in SearchEntry._meta.fields if not field.primary_key],
    )
    return not any(paper.is_waiting for paper in papers)


def make_entry(resolution: Resolution, version: DocumentVersion, pages: list[str]) -> SearchEntry:
    document = version.document
    assert resolution.issued_on, "only what is issued is archived"
    # A search begins with this year: nothing in the archive is of a later day than its resolution.
    issued_on = min(document.issued_on or resolution.issued_on, resolution.issued_on)
    if document.pk == resolution.document_id and not pages:
        pages = [*resolution.bases, *resolution.articles]
    return SearchEntry(
        version=version,
        resolution=resolution,
        body_id=document.body_id,
        issued_on=issued_on,
        kind=document.kind,
        readers=list_readers(version),
        number=document.number,
        title=document.title,
        terms=as_vector(
            entry_terms(title=document.title, number=document.number, year=issued_on.year, texts=pages)
        ),
    )


def list_readers(version: DocumentVersion) -> list[int]:
    """The reader's numbers of all who may read it, as `documents.rules.sees_version` says."""
    readers = {office_key(Role.SECRETARY, version.document.body_id)}
    agencies = version.papers.filter(dossier__prepared_by__isnull=False).distinct()
    for agency, body in agencies.values_list("dossier__prepared_by", "dossier__body"):
        readers.add(agency_key(agency, body))
    for given in version.distributions.all():
        if given.reader_id:
            readers.add(given.reader_id)
        elif given.body_id:
            readers.add(office_key(given.role, given.body_id))
    return sorted(readers)


def as_vector(terms: list[str]) -> Any:
    """A tsvector of ready terms, without places and weights."""
    return Func(
        Value(terms, output_field=ArrayField(models.TextField())),
        function="array_to_tsvector",
        output_field=SearchVectorField(),
    )
