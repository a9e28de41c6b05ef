"""Proves that every outcome follows from the answers that count and from the rules it was sent under."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinions.counting import find_differences
from opinions.models import OpinionRequest
from opinions.rules import BEFORE_SENDING


class Command(BaseCommand):
    help = "Works out the outcome of requests anew, from the stored answers alone, and names what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("request", nargs="*", type=int, help="numbers of requests; else all")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = OpinionRequest.objects.exclude(status__in=BEFORE_SENDING)
        if options["request"]:
            asked = asked.filter(pk__in=options["request"])
        if missing := set(options["request"]) - set(asked.values_list("pk", flat=True)):
            raise CommandError(f"No request with these numbers was ever sent: {sorted(missing)}")
        related = asked.select_related("rule_set", "kind").prefetch_related(
            "kind__answer_classes", "questions"
        )
        counted, found = 0, []
        for opinion_request in related.order_by("pk").iterator(chunk_size=200):
            counted += opinion_request.is_counted
            for difference in find_differences(opinion_request):
                found.append(f"{opinion_request.pk} {opinion_request}: {difference}")
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(
            f"{counted} stored outcomes follow from their answers and rules; "
            f"{asked.count() - counted} other requests hold no answer that must not count."
        )
