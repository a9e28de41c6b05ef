"""Is the API as its published description says? The description is a file that others build against."""

import io
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Compare the OpenAPI schema with the published file, or write the file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        schema, file = generate_schema(), options["file"]
        if options["write"]:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(schema)
        elif not file.exists() or file.read_text() != schema:
            raise CommandError(f"The API is not as {file} says.")


def generate_schema() -> str:
    output = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=output)
    return output.getvalue()
