"""All search entries anew: after a restore without them, or when the terms are made in a new way."""

from typing import Any

from django.core.management.base import BaseCommand

from archive.indexing import index_resolution
from archive.models import SearchEntry
from decisions.models import Resolution


class Command(BaseCommand):
    help = "Makes the search entries of all issued resolutions anew."

    def handle(self, *args: Any, **options: Any) -> None:
        # In the order of their dates: the index is quickest where a year's rows lie together.
        resolutions = Resolution.objects.issued().order_by("issued_on", "pk")
        waiting = 0
        for resolution in resolutions.iterator():
            waiting += not index_resolution(resolution)
        self.stdout.write(
            f"{resolutions.count()} resolutions, {SearchEntry.objects.count()} entries, "
            f"{waiting} resolutions with a text that is still being read."
        )
