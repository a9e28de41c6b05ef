"""The PDF that an office file or a picture is read by. The original stays as it came.

LibreOffice runs confined (programs.py): with a profile of its own for each run, without macros,
Java, updates of links or anybody to ask for a password.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from django.conf import settings

from documents.files.programs import (
    Bounds,
    ProgramFailure,
    ask_version,
    find_program,
    run_program,
    working_folder,
)
from documents.files.sandbox import ChildFailure, Limits, Refusal, run_task
from documents.rules import OFFICE_FORMATS, PICTURE_FORMATS

STARTED_ANEW = "exit 81"  # LibreOffice has set up its profile and wants to be started again
OUTPUT_BYTES = 1024 * 1024 * 1024
PDF_OPTIONS = (
    '{"UseTaggedPDF":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
FILTERS = {
    "docx": "writer_pdf_Export",
    "odt": "writer_pdf_Export",
    "xlsx": "calc_pdf_Export",
    "ods": "calc_pdf_Export",
    "pptx": "impress_pdf_Export",
    "odp": "impress_pdf_Export",
}
# Each: where in LibreOffice's registry, the name, the value.
PROFILE = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Java/VirtualMachine", "Enable", "false"),
    ("Writer/Content/Update", "Link", "0"),  # never
    ("Writer/Content/Update", "Field", "false"),  # a date stays the date that was written
    ("Calc/Content/Update", "Link", "2"),  # never
    ("Common/Misc", "FirstRun", "false"),
)


class CannotConvert(Exception):
    """There is no PDF of it. `code` has its sentence in documents/refusals.py."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


@contextmanager
def readable_pdf(path: Path, format: str) -> Iterator[tuple[Path, str]]:
    """The PDF, for the time of the block, and what it was made with. A PDF is readable as it is."""
    if format not in (*OFFICE_FORMATS, *PICTURE_FORMATS):
        yield path, ""
        return
    with working_folder() as folder:
        if format in OFFICE_FORMATS:
            yield _convert_office_file(path, format, folder), name_converter()
        else:
            yield _convert_picture(path, folder), "Pillow, pikepdf"


def _convert_office_file(path: Path, format: str, folder: Path) -> Path:
    program = find_converter()
    if program is None:
        raise CannotConvert("no_converter")
    paper, made = folder / f"paper.{format}", folder / "made" / "paper.pdf"
    shutil.copyfile(path, paper)
    _write_profile(folder / "profile")
    command = [
        str(program),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        *("--convert-to", f"pdf:{FILTERS[format]}:{PDF_OPTIONS}", "--outdir", str(made.parent), str(paper)),
    ]
    seconds = settings.CONVERSION_SECONDS
    try:
        _run_twice(command, folder, Bounds(wall_seconds=seconds, cpu_seconds=seconds))
    except ProgramFailure as failure:
        code = "conversion_took_too_long" if failure.reason == "took_too_long" else "conversion_failed"
        raise CannotConvert(code, failure.detail) from None
    if not made.exists():
        raise CannotConvert("conversion_failed", "no PDF came out")
    return made


def _run_twice(command: list[str], folder: Path, bounds: Bounds) -> None:
    try:
        run_program(command, folder, bounds)
    except ProgramFailure as failure:
        if STARTED_ANEW not in failure.detail:
            raise
        run_program(command, folder, bounds)


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{place}"><prop oor:name={quoteattr(name)} oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for place, name, value in PROFILE
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>"
    )


def find_converter() -> Path | None:
    """The program itself: the `soffice` on the PATH is a script that starts it, and asks for Java first."""
    found = find_program(settings.LIBREOFFICE)
    if found is None:
        return None
    itself = found.with_name("soffice.bin")
    return itself if itself.exists() else found


@cache
def name_converter() -> str:
    """LibreOffice and its version."""
    return ask_version(find_converter())


def _convert_picture(path: Path, folder: Path) -> Path:
    made = folder / "paper.pdf"
    with made.open("wb") as output:
        run_reading("picture_reading:make_picture_pdf", path, output=output)
    return made


def run_reading(task: str, path: Path, **arguments: Any) -> list[Any]:
    """A task in the sandbox, with as much room as making a PDF needs; what goes wrong becomes our code."""
    seconds = settings.CONVERSION_SECONDS
    limits = replace(
        Limits(),
        wall_seconds=seconds,
        cpu_seconds=seconds,
        memory_bytes=2 * 1024 * 1024 * 1024,
        output_bytes=OUTPUT_BYTES,
        file_bytes=OUTPUT_BYTES,
    )
    try:
        return list(run_task(f"documents.files.{task}", path, limits, **arguments))
    except Refusal as refusal:
        raise CannotConvert(refusal.reason, refusal.detail) from None
    except ChildFailure as failure:
        code = "conversion_took_too_long" if failure.reason == "took_too_long" else "conversion_failed"
        raise CannotConvert(code, failure.detail) from None
