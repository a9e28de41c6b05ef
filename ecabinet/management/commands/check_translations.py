"""Is every text in code and templates there in Vietnamese, with its placeholders, and compiled?"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TEXTS = ("*.py", "*.html", "*.txt")
NOT_OURS = shutil.ignore_patterns("var", ".git", "locale", "static", "tests", "bench", "assets", "docs")


class Command(BaseCommand):
    help = "Check that the Vietnamese catalogue is complete, correct and compiled."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0]) / "vi" / "LC_MESSAGES"
        catalogue = polib.pofile(str(folder / "django.po"))
        faults = [
            *find_missing(collect_texts(Path(settings.BASE_DIR)), catalogue),
            *find_broken(catalogue),
            *find_stale(catalogue, folder / "django.mo"),
        ]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{len(catalogue)} texts, all in Vietnamese.")


def collect_texts(project: Path) -> polib.POFile:
    """All texts marked for translation, by gettext itself, in a copy so that nothing here is changed."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "project"
        shutil.copytree(project, copy, ignore=NOT_OURS)
        (copy / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "-l", "vi", "--no-location", "-v0"]
        done = subprocess.run(command, cwd=copy, env=_without_settings(), capture_output=True, text=True)
        if done.returncode:
            raise CommandError(done.stdout + done.stderr)
        return polib.pofile(str(copy / "locale" / "vi" / "LC_MESSAGES" / "django.po"))


def _without_settings() -> dict[str, str]:
    """makemessages writes where the settings say; without settings it writes where it stands."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def find_missing(texts: polib.POFile, catalogue: polib.POFile) -> Iterator[str]:
    for text in texts:
        entry = catalogue.find(text.msgid, msgctxt=text.msgctxt or False)
        if entry is None:
            yield f"not in the catalogue: {text.msgid!r}"
        elif text.msgid_plural and entry.msgid_plural != text.msgid_plural:
            yield f"no plural in the catalogue: {text.msgid!r}"


def find_broken(catalogue: polib.POFile) -> Iterator[str]:
    for entry in catalogue:
        if entry.obsolete:
            continue
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif not entry.translated():
            yield f"not translated: {entry.msgid!r}"
        else:
            yield from find_lost_placeholders(entry)


def find_lost_placeholders(entry: polib.POEntry) -> Iterator[str]:
    """A plural's translation may leave the number out, but must not invent a name."""
    wanted = placeholders_of(entry.msgid_plural or entry.msgid)
    for translation in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        if placeholders_of(translation) != wanted:
            yield f"other placeholders: {entry.msgid!r} -> {translation!r}"


def placeholders_of(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def find_stale(catalogue: polib.POFile, compiled: Path) -> Iterator[str]:
    if not compiled.exists():
        yield f"{compiled.name} is missing"
        return
    wanted, found = _translations(catalogue), _translations(polib.mofile(str(compiled)))
    if wanted != found:
        yield f"{compiled.name} is not made from {compiled.with_suffix('.po').name} as it stands"


def _translations(catalogue: Any) -> dict[tuple[str, str | None], Any]:
    return {
        (entry.msgid, entry.msgctxt): entry.msgstr_plural or entry.msgstr
        for entry in catalogue
        if entry.msgid and not entry.obsolete and "fuzzy" not in entry.flags
    }
