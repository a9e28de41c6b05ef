"""How a body writes its resolutions (Nghị định 30/2020/NĐ-CP, phụ lục I)."""

from dataclasses import dataclass

from decisions.models import Resolution
from documents.official import (
    BY_VOTE_OF_MEMBERS,
    Article,
    Letterhead,
    ResolutionDocument,
    SignatureBlock,
)
from people.models import Appointment, Body
from people.rules import Role


@dataclass(frozen=True)
class Offices:
    """The words above a signature: on behalf of the body, and in the chair's stead (KT.)."""

    on_behalf: str
    chair: str
    vice_chair: str
    clause: str


_COMMITTEE = Offices(
    on_behalf="TM. ỦY BAN NHÂN DÂN",
    chair="CHỦ TỊCH",
    vice_chair="PHÓ CHỦ TỊCH",
    clause="Trên cơ sở kết quả biểu quyết của các thành viên Ủy ban nhân dân",
)
OFFICES = {
    Body.Kind.GOVERNMENT: Offices(
        on_behalf="TM. CHÍNH PHỦ", chair="THỦ TƯỚNG", vice_chair="PHÓ THỦ TƯỚNG", clause=BY_VOTE_OF_MEMBERS
    ),
    Body.Kind.PROVINCE: _COMMITTEE,
    Body.Kind.COMMUNE: _COMMITTEE,
}


def write_resolution(resolution: Resolution) -> ResolutionDocument:
    """The resolution as it is printed: a draft until it has its number, or as it is put before its signer."""
    body = resolution.body
    return ResolutionDocument(
        letterhead=Letterhead(body=body.name.upper(), name=body.name, place=body.place),
        subject=resolution.subject,
        notation=resolution.notation,
        number=str(resolution.number) if resolution.number else None,
        issued_on=resolution.issued_on,
        year=resolution.printed_year,
        for_signing=resolution.is_signed_digitally,
        grounds=tuple(resolution.bases),
        clause=OFFICES[Body.Kind(body.kind)].clause,
        articles=tuple(_write_article(article) for article in resolution.articles),
        signature=write_signature(resolution.signer),
        recipients=tuple(resolution.recipients),
    )


def write_signature(signer: Appointment) -> SignatureBlock:
    """A vice chair signs in the chair's stead (khoản 6 mục II phần I phụ lục I)."""
    offices = OFFICES[Body.Kind(signer.body.kind)]
    if signer.role == Role.CHAIR:
        return SignatureBlock(authority=(offices.on_behalf,), title=offices.chair, name=signer.user.full_name)
    return SignatureBlock(
        authority=(offices.on_behalf, f"KT. {offices.chair}"),
        title=offices.vice_chair,
        name=signer.user.full_name,
    )


def _write_article(text: str) -> Article:
    """The first line beside "Điều n.", the further lines as paragraphs under it."""
    first, *further = [line.strip() for line in text.splitlines() if line.strip()]
    return Article(text=first, paragraphs=tuple(further))
