"""The visible side of a signature (Nghị định 30/2020/NĐ-CP, phụ lục I, phần I mục II): its place, its looks.

`place_mark` reads the file in the sandbox; `make_stamp` gives pyHanko what it draws into the field.
"""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from core import clock
from documents.files.inspection import UnreadableFile
from documents.files.sandbox import ChildFailure, Limits, Refusal, run_task
from documents.official import VIETNAM
from signatures.marks import drawing, places
from signatures.marks.places import MM, Box, Page
from signatures.models import SignatureImage, SigningStep
from signatures.rules import Mark, StepStatus

LIMITS = Limits(wall_seconds=30, cpu_seconds=15)
COPIES = ("SAO Y", "TRÍCH SAO", "SAO LỤC")
SMALL = 10.0  # points, for what the organisation says of attachments and copies


def place_mark(step: SigningStep, file: Path) -> tuple[int, Box] | None:
    """The page (0 is the first) and the box in points; None for a signature that shows nothing.

    A place that was given with the step holds. Else the paper says where: "Số: …/", "ngày … tháng …",
    the room between title and name. Where it says nothing, the mark stands at the bottom of the last page.
    """
    if step.mark == Mark.NONE:
        return None
    if step.page is not None and step.box:
        left, bottom, right, top = step.box
        return step.page, (left, bottom, right, top)
    return _find_place(step, _read_layout(file))


def _find_place(step: SigningStep, pages: tuple[Page, ...]) -> tuple[int, Box]:
    match step.mark:
        case Mark.NUMBER:
            return places.find_number(pages) or places.place_at_end(pages, (90, 24), left=True)
        case Mark.DAY:
            return places.find_day(pages) or places.place_at_end(pages, (45, 24), left=True)
        case Mark.MONTH:
            return places.find_month(pages) or places.place_at_end(pages, (45, 24), left=True)
        case Mark.INITIALS:
            return places.find_end(pages) or places.place_at_end(pages, places.INITIALS, left=True)
        case Mark.ATTACHMENT | Mark.COPY:
            widest = max(
                drawing.measure(line, drawing.UPRIGHT) for line in _say_officially(step, clock.now())
            )
            return places.place_note(pages, widest * SMALL + 1)
        case Mark.SEAL:
            return _find_seal(step, pages)
    return _find_signature(step, pages)


def _find_signature(step: SigningStep, pages: tuple[Page, ...]) -> tuple[int, Box]:
    size = _size_of(step, places.LEADER)
    if (block := places.find_block(pages, str(step))) is not None:
        return places.place_signature(block, size)
    return places.place_at_end(pages, size)


def _find_seal(step: SigningStep, pages: tuple[Page, ...]) -> tuple[int, Box]:
    """Over the last leader's signature; the side of a seal is that of the real one."""
    side = places.SEAL_MM * MM
    image = find_image(step)
    size = (float(image.width_mm) * MM, float(image.height_mm) * MM) if image else (side, side)
    leader = _find_leader(step)
    if leader is not None and leader.page is not None and leader.box:
        return leader.page, places.place_seal(tuple(leader.box), size)
    block = places.find_block(pages, str(leader)) if leader is not None else None
    if leader is not None and block is not None:
        page, box = places.place_signature(block, _size_of(leader, places.LEADER))
    else:
        page, box = places.find_largest_field(pages) or places.place_at_end(pages, places.LEADER)
    return page, places.place_seal(box, size)


def _find_leader(step: SigningStep) -> SigningStep | None:
    """Who signs in the same round, or has signed in the one before: the seal often comes on another day."""
    leader = step.request.steps.filter(mark=Mark.LEADER).last()
    if leader is not None:
        return leader
    earlier = SigningStep.objects.filter(
        request__version__document=step.request.version.document_id,
        mark=Mark.LEADER,
        status=StepStatus.SIGNED,
    )
    return earlier.select_related("signer__user").last()


def _size_of(step: SigningStep, largest: tuple[float, float]) -> tuple[float, float]:
    """The field is as large as the picture in it: what a seal is to cover is measured on the signature."""
    image = find_image(step)
    if image is None:
        return largest
    real = float(image.width_mm) * MM, float(image.height_mm) * MM
    return real if real[0] <= largest[0] and real[1] <= largest[1] else drawing.fit(real, largest)


def find_image(step: SigningStep) -> SignatureImage | None:
    """The newest picture of whoever signs."""
    owner = {"holder": step.signer.user} if step.signer else {"organisation": step.organisation}
    return SignatureImage.objects.filter(**owner).order_by("-pk").first()


def make_stamp(
    step: SigningStep, *, certificate: Any, image: SignatureImage | None, at: datetime
) -> drawing.Mark | None:
    """What the field shows, for pyHanko's `SigAppearanceSetup`; None where nothing is to be seen."""
    picture = _read_picture(image) if image else None
    words = tuple(line for line in step.words.split("\n") if line)
    match step.mark:
        case Mark.NONE:
            return None
        case Mark.NUMBER:
            return drawing.Mark(lines=words, align=drawing.RIGHT)
        case Mark.DAY | Mark.MONTH:
            return drawing.Mark(lines=words, face=drawing.ITALIC, align=drawing.MIDDLE)
        case Mark.ATTACHMENT | Mark.COPY:
            return drawing.Mark(lines=_say_officially(step, at), size=SMALL)
        case Mark.INITIALS if picture is None:
            return drawing.Mark(
                lines=(_initials(str(step)),), face=drawing.ITALIC, colour=drawing.BLUE, align=drawing.MIDDLE
            )
    if picture is not None:
        return drawing.Mark(picture=picture)
    colour = drawing.RED if step.mark == Mark.SEAL else drawing.BLUE
    return drawing.Mark(lines=(*_say_who(step), write_time(at)), size=SMALL, colour=colour)


def write_time(at: datetime) -> str:
    """ISO 8601 names the zone by its distance; the day is written as it is in Vietnam."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S} +07:00"


def _say_officially(step: SigningStep, at: datetime) -> tuple[str, ...]:
    """Number and symbol, or the form of the copy and who copied; and when."""
    words = [line for line in step.words.split("\n") if line]
    if step.mark == Mark.COPY:
        words.append(str(step))
    return (*words, write_time(at))


def _say_who(step: SigningStep) -> tuple[str, ...]:
    """As the Government's portal writes it where there is no picture."""
    if step.signer is None:
        return (f"Cơ quan: {step}",)
    return f"Người ký: {step}", f"Cơ quan: {step.signer.organisation}"


def _initials(name: str) -> str:
    return "".join(part[0].upper() for part in name.split())


def _read_picture(image: SignatureImage) -> bytes:
    with default_storage.open(image.storage_name, "rb") as file:
        content: bytes = file.read()
    return content


def _read_layout(file: Path) -> tuple[Page, ...]:
    stat = file.stat()
    return _read_layout_once(str(file), stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _read_layout_once(file: str, changed: int, size: int) -> tuple[Page, ...]:
    try:
        return places.arrange(run_task("signatures.marks.reading:read_layout", Path(file), LIMITS))
    except (Refusal, ChildFailure) as failure:
        raise UnreadableFile(failure.reason, failure.detail) from None
