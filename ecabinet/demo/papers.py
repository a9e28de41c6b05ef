"""The demonstration's papers: laid out by the project's own renderer, and signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.core.files.base import ContentFile, File

from documents.official import (
    Article,
    Heading,
    Letterhead,
    Paper,
    Paragraph,
    ResolutionDocument,
    SignatureBlock,
    Table,
)
from documents.rendering import render_official
from documents.rules import DocumentKind
from ecabinet.demo.government import AGENCIES, PEOPLE, Person
from ecabinet.demo.matters import Matter
from ecabinet.demo.signing import DemoSigner
from people.rules import Role

AGENCY_BY_CODE = {agency.code: agency for agency in AGENCIES}


@dataclass(frozen=True)
class MadePaper:
    kind: str
    title: str
    file: File


def make_papers(matter: Matter, at: datetime, signer: DemoSigner) -> Iterator[MadePaper]:
    """The submission of the lead agency and the draft resolution, as two signed PDFs."""
    day, agency = at.date(), AGENCY_BY_CODE[matter.agency].name
    submission = signer.sign(render_official(write_submission(matter, day)), agency, at)
    yield MadePaper(
        DocumentKind.SUBMISSION,
        f"Tờ trình {matter.subject}",
        ContentFile(submission, f"to-trinh-{matter.agency}-{day:%Y%m%d}.pdf"),
    )
    draft = signer.sign(render_official(write_draft(matter, day)), agency, at)
    yield MadePaper(
        DocumentKind.DRAFT,
        f"Dự thảo Nghị quyết {matter.subject}",
        ContentFile(draft, f"du-thao-nghi-quyet-{matter.agency}-{day:%Y%m%d}.pdf"),
    )


def find_papers(matter: Matter, corpus: Path) -> Iterator[MadePaper]:
    """The real gazette file that goes with the matter."""
    if matter.real is None:
        return
    prefix, title = matter.real
    for path in sorted((corpus / "gazette" / "signed").glob(f"{prefix}*.pdf")):
        yield MadePaper(DocumentKind.OTHER, title, ContentFile(path.read_bytes(), path.name))


def write_submission(matter: Matter, day: date) -> Paper:
    agency = AGENCY_BY_CODE[matter.agency]
    body: list[Heading | Paragraph | Table] = [
        Paragraph(
            text=f"{agency.name} kính trình Chính phủ xem xét, ban hành Nghị quyết {matter.subject}, như sau:"
        ),
        Heading(text="I. SỰ CẦN THIẾT BAN HÀNH"),
        Paragraph(text=matter.summary),
        *(Paragraph(text=reason) for reason in matter.reasons),
    ]
    if matter.figures:
        header, *rows = matter.figures
        body.append(Table(header=header, rows=tuple(rows), caption="Số liệu kèm theo"))
    body += [
        Heading(text="II. NỘI DUNG CHÍNH CỦA DỰ THẢO NGHỊ QUYẾT"),
        *(Paragraph(text=article.replace("\n", " ")) for article in matter.articles),
        Heading(text="III. ĐỀ XUẤT, KIẾN NGHỊ"),
        Paragraph(
            text=f"{agency.name} kính trình Chính phủ xem xét, quyết định; đề nghị lấy ý kiến các thành viên "
            "Chính phủ bằng Phiếu lấy ý kiến theo Quy chế làm việc của Chính phủ."
        ),
    ]
    return Paper(
        letterhead=Letterhead(body=agency.name.upper(), name=agency.name),
        kind="TỜ TRÌNH",
        subject=matter.subject,
        notation=f"TTr-{agency.short_name}",
        number=str(100 + sum(map(ord, matter.subject)) % 300),
        issued_on=day,
        signature=_sign_for(matter.agency),
        recipients=("Như trên", "Văn phòng Chính phủ", "Bộ Tư pháp"),
        addressees=("Chính phủ",),
        body=tuple(body),
    )


def write_draft(matter: Matter, day: date) -> ResolutionDocument:
    agency = AGENCY_BY_CODE[matter.agency]
    head = _find_head(matter.agency)
    return ResolutionDocument(
        letterhead=Letterhead(body="CHÍNH PHỦ", name="Chính phủ"),
        subject=matter.subject,
        year=day.year,
        grounds=(
            "Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15",
            f"Theo đề nghị của {head.title if head else agency.name}",
        ),
        articles=tuple(_split(article) for article in matter.articles),
        signature=SignatureBlock(authority=("TM. CHÍNH PHỦ",), title="THỦ TƯỚNG", name=""),
        recipients=("Các bộ, cơ quan ngang bộ", "Văn phòng Chính phủ"),
    )


def _split(article: str) -> Article:
    first, *further = article.split("\n")
    return Article(text=first, paragraphs=tuple(further))


def _find_head(agency: str) -> Person | None:
    return next((p for p in PEOPLE if p.agency == agency and p.role == Role.MEMBER), None)


def _sign_for(agency: str) -> SignatureBlock:
    head = next(p for p in PEOPLE if p.agency == agency and p.role == Role.MEMBER)
    return SignatureBlock(title=head.title.split(" Bộ ")[0].upper(), name=head.full_name)
