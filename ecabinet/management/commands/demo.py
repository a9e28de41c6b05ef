"""A small government half-way through a week, made by calling the actions."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecabinet.celery import app
from ecabinet.demo.government import PEOPLE, RULES_SINCE
from ecabinet.demo.rounds import MATTERS
from ecabinet.demo.signing import DemoSigner
from ecabinet.demo.story import PASSWORD, Story, Times
from opinions.models import OpinionRequest
from people.models import Body


class Command(BaseCommand):
    help = "Fill an empty installation with the demonstration; --list prints who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", action="store_true", help="print the sign-ins and do nothing else")
        parser.add_argument("--corpus", type=Path, help="folder of real documents to use as papers")

    def handle(self, *args: Any, corpus: Path | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This installation is not a demonstration. Set DEMO=1 to make it one.")
        if options["list"]:
            self.list_sign_ins()
            return
        if Body.objects.exists():
            self.look_at_what_is_there()
            return
        if corpus and not (corpus / "gazette" / "signed").is_dir():
            raise CommandError(f"{corpus} has no folder gazette/signed. Name the folder of the corpus.")
        logging.getLogger("celery.app.trace").setLevel(logging.WARNING)
        app.conf.task_always_eager = True  # the workers' tasks, done here one after the other
        with TemporaryDirectory() as passing:
            keys = Path(settings.DEMO_AUTHORITY_DIR or passing)
            signer = DemoSigner(keys, since=Times.hour(RULES_SINCE, 8))
            Story(signer=signer, corpus=corpus).tell()
        self.stdout.write("The demonstration is ready.")

    def look_at_what_is_there(self) -> None:
        if OpinionRequest.objects.count() < len(MATTERS):
            raise CommandError("The demonstration was interrupted while it was made. Begin anew: ./run reset")
        self.stdout.write("The demonstration is there already.")

    def list_sign_ins(self) -> None:
        wanted = [
            "thutuong",
            "ptt1",
            "bt.taichinh",
            "tk.taichinh",
            "cv.taichinh",
            "cv.tonghop",
            "luutru",
            "kiemtra",
            "quantri",
        ]
        for person in (person for name in wanted for person in PEOPLE if person.username == name):
            self.stdout.write(f"{person.username:<12} {PASSWORD:<22} {person.title}, {person.full_name}")
