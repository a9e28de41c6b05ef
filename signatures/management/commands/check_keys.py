"""Asks where the server's own keys live whether they are there: the security module, the signing service."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.workflow import Conflict
from signatures.keys import remote, server
from signatures.models import SigningCertificate
from signatures.rules import KeyWay


class Command(BaseCommand):
    help = "Check the security module of the seals and the remote signing service."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = [name for name, is_fine in self.examine() if not is_fine]
        if failed:
            raise CommandError(f"Not in order: {', '.join(failed)}.")

    def examine(self) -> Any:
        yield "security module", self.look_at("security module", server.is_configured(), self.name_keys)
        yield "signing service", self.look_at("signing service", remote.is_configured(), remote.check_service)

    def look_at(self, name: str, is_configured: bool, ask: Any) -> bool:
        if not is_configured:
            self.stdout.write(f"without  {name}: not set up")
            return True
        try:
            self.stdout.write(f"ok       {name}: {ask()}")
        except Conflict as refused:
            self.stdout.write(f"FAILED   {name}: {refused}")
            return False
        return True

    def name_keys(self) -> str:
        """All keys of registered seals must be among them."""
        held = set(server.check_server_keys())
        seals = SigningCertificate.objects.usable().filter(way=KeyWay.SERVER)
        missing = sorted(set(seals.values_list("key_name", flat=True)) - held)
        if missing:
            raise server.ServerKeyUnavailable(f"it does not hold: {', '.join(missing)}")
        return ", ".join(sorted(held)) or "no key yet"
