"""Proves that every sealed dossier is still what was sealed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.models import Dossier, DossierIssue
from documents.seals import find_differences


class Command(BaseCommand):
    help = "Computes the manifests of all issues anew, from rows and stored bytes, and names what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = Dossier.objects.filter(issues__isnull=False).distinct().order_by("pk")
        found = [
            f"{dossier.pk} {dossier}: {difference}"
            for dossier in sealed.iterator(chunk_size=100)
            for difference in find_differences(dossier)
        ]
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(
            f"{DossierIssue.objects.count()} issues of {sealed.count()} dossiers are what was sealed."
        )
