"""The visible side of signatures: where marks stand, what they show, and that the file stays PDF/A."""

import asyncio
import re
import subprocess
import unicodedata
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import pairwise
from types import SimpleNamespace

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko.sign.signers.pdf_signer import PdfSigner

from documents.files.inspection import UnreadableFile
from documents.official import Article, Letterhead, ResolutionDocument, SignatureBlock
from documents.rendering import render_official
from ecabinet.demo.pictures import draw_hand, draw_seal
from signatures import appearance
from signatures.demonstration import create_pki, issue_signer, make_signer
from signatures.marks import drawing, places
from signatures.rules import Mark
from tests.corpus import corpus

__all__ = ["corpus"]
pytest.importorskip("documents.typesetting", reason="WeasyPrint needs Pango", exc_type=OSError)

AT = datetime(2026, 4, 29, 9, 47, 17, tzinfo=UTC)
LEADER = "Nguyễn Trần Phương Thảo"
OFFICE = "Văn phòng Chính phủ"
ORDER = (Mark.INITIALS, Mark.LEADER, Mark.NUMBER, Mark.DAY, Mark.MONTH, Mark.SEAL)
WORDS = {Mark.NUMBER: "115", Mark.DAY: "29", Mark.MONTH: "4"}
PICTURES = {
    Mark.LEADER: draw_hand(LEADER),
    Mark.INITIALS: draw_hand("Tạ Minh Nguyệt"),
    Mark.SEAL: draw_seal(OFFICE),
}


def resolution(**changes):
    fields = {
        "letterhead": Letterhead(body="CHÍNH PHỦ", name="Chính phủ"),
        "subject": "về thanh toán chi phí bảo hiểm y tế tại vùng biên giới, hải đảo",
        "notation": "NQ-CP",
        "year": 2026,
        "grounds": ("Căn cứ Luật Tổ chức Chính phủ", "Theo đề nghị của Bộ trưởng Bộ Y tế"),
        "articles": (Article(text=f"Giao ông {LEADER} chủ trì. Nghị quyết này có hiệu lực kể từ ngày ký."),)
        * 3,
        "signature": SignatureBlock(
            authority=("TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG"), title="PHÓ THỦ TƯỚNG", name=LEADER
        ),
        "recipients": ("Thủ tướng, các Phó Thủ tướng Chính phủ", "Các bộ, cơ quan ngang bộ"),
    }
    return ResolutionDocument(**{**fields, **changes})


@cache
def unsigned():
    return render_official(resolution(for_signing=True))


class Steps(list):
    def filter(self, mark):
        return Steps(step for step in self if step.mark == mark)

    def last(self):
        return self[-1] if self else None


class Step(SimpleNamespace):
    def __str__(self):
        return str(self.signer.user) if self.signer else self.organisation


def make_steps(marks=ORDER, **given):
    request = SimpleNamespace(steps=Steps())
    for mark in marks:
        seals = mark not in (Mark.LEADER, Mark.INITIALS)
        name = LEADER if mark == Mark.LEADER else "Tạ Minh Nguyệt"
        step = Step(
            request=request,
            mark=mark,
            words=WORDS.get(mark, ""),
            page=None,
            box=None,
            signer=None if seals else SimpleNamespace(user=name, organisation=OFFICE),
            organisation=OFFICE if seals else None,
        )
        request.steps.append(Step(**{**vars(step), **given}))
    return request.steps


@pytest.fixture(scope="module", autouse=True)
def pictures():
    """Rows and storage stay out of this: what matters here is what is drawn."""

    def find(step):
        if step.mark not in PICTURES:
            return None
        width, height = (38.5, 38.5) if step.mark == Mark.SEAL else (53, 25)
        return SimpleNamespace(width_mm=width, height_mm=height, content=PICTURES[step.mark])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(appearance, "find_image", find)
        patch.setattr(appearance, "_read_picture", lambda image: image.content)
        yield


def sign(content, steps, folder):
    """As the house signs: one field a step, in order, each a revision of its own."""
    pki = create_pki(datetime(2026, 1, 1, tzinfo=UTC))
    key = issue_signer(pki, datetime(2026, 1, 1, tzinfo=UTC), name=OFFICE, organisation=OFFICE)
    for number, step in enumerate(steps, 1):
        file = folder / f"{number}.pdf"
        file.write_bytes(content)
        page, box = appearance.place_mark(step, file)
        stamp = appearance.make_stamp(step, certificate=None, image=appearance.find_image(step), at=AT)
        signer = PdfSigner(
            PdfSignatureMetadata(field_name=f"Signature{number}", md_algorithm="sha256"),
            make_signer(key, [pki.issuer]),
            stamp_style=stamp,
            new_field_spec=SigFieldSpec(f"Signature{number}", on_page=page, box=box),
        )
        output = BytesIO(content)
        asyncio.run(signer.async_sign_pdf(IncrementalPdfFileWriter(output), in_place=True))
        content = output.getvalue()
    return content


@pytest.fixture(scope="module")
def signed(pictures, tmp_path_factory):
    return sign(unsigned(), make_steps(), tmp_path_factory.mktemp("signed"))


def fields_of(content):
    """Name, place and appearance of every signature, in the order of signing."""
    reader = PdfFileReader(BytesIO(content), strict=False)
    return [
        SimpleNamespace(
            name=name,
            box=tuple(float(edge) for edge in field.get_object()["/Rect"]),
            flags=int(field.get_object()["/F"]),
            drawn=field.get_object()["/AP"]["/N"],
        )
        for name, _, field in enumerate_sig_fields(reader)
    ]


def covered(seal, signature):
    """The share of the signature's width under the seal."""
    return (min(seal[2], signature[2]) - max(seal[0], signature[0])) / (signature[2] - signature[0])


def put(folder, content):
    (folder / "paper.pdf").write_bytes(content)
    return folder / "paper.pdf"


def test_a_resolution_carries_as_many_signatures_as_a_real_notice(signed):
    initials, leader, number, day, month, seal = fields_of(signed)
    assert all(field.flags & 4 and field.drawn["/Subtype"] == "/Form" for field in fields_of(signed))
    assert leader.box[2] - leader.box[0] == pytest.approx(150, abs=1)
    assert seal.box[2] - seal.box[0] == pytest.approx(109, abs=1)
    assert 0.31 <= covered(seal.box, leader.box) <= 0.42
    assert seal.box[0] < leader.box[0]
    assert number.box[1] > day.box[1] - 60 > leader.box[3]
    assert day.box[2] < month.box[0]
    assert initials.box[2] < leader.box[0]


def test_it_is_as_the_signed_notice_of_a_city(corpus, signed):
    """Hà Nội, April 2026: initials, leader, seal, number, day, month, year; each a field of its own."""
    real = fields_of((corpus / "agency" / "hanoi_tb_453_flag.pdf").read_bytes())
    ours = fields_of(signed)
    assert len(real) == 7
    assert len(ours) == 6  # the year is printed
    assert {field.flags for field in ours} == {field.flags for field in real} == {132}
    for seal, leader in ((real[2], real[1]), (ours[5], ours[1])):
        assert 0.31 <= covered(seal.box, leader.box) <= 0.43
        assert (seal.box[1] + seal.box[3]) / 2 == pytest.approx((leader.box[1] + leader.box[3]) / 2, abs=6)
    for mine, theirs in ((ours[0], real[0]), (ours[5], real[2])):
        assert mine.box[2] - mine.box[0] == pytest.approx(theirs.box[2] - theirs.box[0], abs=2)


def test_places_are_found_on_the_notice_of_a_city_too(corpus):
    """Ours beside theirs: number, day and month within their boxes; the signature where they signed."""
    file = corpus / "agency" / "hanoi_tb_453_flag.pdf"
    pages = appearance._read_layout(file)
    boxes = [field.box for field in fields_of(file.read_bytes())]
    for found, real in (
        (places.find_number, boxes[3]),
        (places.find_day, boxes[4]),
        (places.find_month, boxes[5]),
    ):
        page, box = found(pages)
        assert page == 0
        assert real[0] - 4 <= box[0] and box[2] <= real[2] + 4
        assert box[1] <= (real[1] + real[3]) / 2 <= box[3]
    _, leader = places.place_signature(places.find_block(pages, "Võ Tuấn Anh"), places.LEADER)
    assert (leader[1] + leader[3]) / 2 == pytest.approx((boxes[1][1] + boxes[1][3]) / 2, abs=6)


def test_the_name_in_running_text_is_no_signature_block(tmp_path):
    pages = appearance._read_layout(put(tmp_path, unsigned()))
    block = places.find_block(pages, LEADER)
    assert block.title.text == "PHÓ"
    assert block.name[1] < min(word.box[1] for line in pages[0].lines for word in line if word.text == "Điều")
    assert places.find_block(pages, "Lương Khắc Bình") is None


def test_number_day_and_month_stand_on_the_lines_printed_for_them(signed):
    """As one reads it: the text of the page with the marks on it."""
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=signed, capture_output=True, check=True
    ).stdout.decode()
    assert unicodedata.is_normalized("NFC", text)
    assert re.search(r"Số: +115/NQ-CP +Hà Nội, ngày +29 +tháng +4 +năm 2026", text)
    assert "DỰ THẢO" not in text


def test_marks_are_fit_for_an_archive(signed):
    """ISO 19005-2: fonts embedded with their letters, colours of the output intent, pictures not smoothed."""
    with pikepdf.open(BytesIO(signed)) as pdf:
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2U"
        fonts, pictures = [], []
        for field in pdf.Root.AcroForm.Fields:
            assert field.F == 132
            drawn = field.AP.N
            assert "/Group" not in drawn
            assert list(drawn.Resources.get("/ExtGState", {})) == []
            fonts += list(dict(drawn.Resources.get("/Font", {})).values())
            pictures += list(dict(drawn.Resources.get("/XObject", {})).values())
        assert len(fonts) == 3
        assert len(pictures) == 3
        for font in fonts:
            (below,) = font.DescendantFonts
            assert below.CIDToGIDMap == "/Identity"
            assert len(below.FontDescriptor.FontFile2.read_bytes()) < 30_000
            assert b"beginbfchar" in font.ToUnicode.read_bytes()
        for picture in pictures:
            assert picture.ColorSpace == "/DeviceRGB"
            assert picture.SMask.ColorSpace == "/DeviceGray"
            assert "/Interpolate" not in picture
            assert "/Interpolate" not in picture.SMask


def test_every_letter_can_be_read_back_from_a_mark():
    """Also one that was written decomposed."""
    text = unicodedata.normalize("NFD", "SAO Y ễ Ủ ữ đ Đ")
    stamp = drawing.Mark(lines=(text,), size=10)
    writer = IncrementalPdfFileWriter(BytesIO(unsigned()))
    _, encode = drawing.embed_font(writer, stamp.face, unicodedata.normalize("NFC", text))
    drawn = stamp.create_stamp(writer, SimpleNamespace(width=200, height=20), {}).render()
    assert encode(unicodedata.normalize("NFC", text)).hex().encode() in drawn


def test_letters_are_black_upright_ten_point_where_the_organisation_speaks(tmp_path):
    """On an attachment: number and symbol, and when; on a copy: its form, who copied it, and when."""
    attachment, copy = make_steps((Mark.ATTACHMENT, Mark.COPY))
    attachment.words, copy.words = "115/NQ-CP", "SAO Y"
    for step in (attachment, copy):
        stamp = appearance.make_stamp(step, certificate=None, image=None, at=AT)
        assert (stamp.size, stamp.face, stamp.colour, stamp.picture) == (10, "400-normal", (0, 0, 0), None)
    stamps = [appearance.make_stamp(step, certificate=None, image=None, at=AT) for step in (attachment, copy)]
    assert stamps[0].lines == ("115/NQ-CP", "29/04/2026 16:47:17 +07:00")
    assert stamps[1].lines == ("SAO Y", OFFICE, "29/04/2026 16:47:17 +07:00")

    first, second = fields_of(sign(unsigned(), [attachment, copy], tmp_path))
    assert first.box[2] == pytest.approx(second.box[2]) and second.box[2] > 500
    assert first.box[3] > 820
    assert second.box[3] <= first.box[1]


def test_the_seal_finds_a_signature_that_was_put_there_elsewhere(tmp_path, monkeypatch):
    """No step of ours names the leader: the largest field of the last signed page is the one to cover."""
    content = sign(unsigned(), make_steps((Mark.INITIALS, Mark.LEADER)), tmp_path)
    monkeypatch.setattr(appearance, "_find_leader", lambda step: None)
    (step,) = make_steps((Mark.SEAL,))
    _, box = appearance.place_mark(step, put(tmp_path, content))
    assert 0.31 <= covered(box, fields_of(content)[1].box) <= 0.42


def test_a_place_that_was_given_holds(tmp_path):
    (step,) = make_steps((Mark.LEADER,), page=0, box=[100, 100, 250, 170])
    assert appearance.place_mark(step, put(tmp_path, unsigned())) == (0, (100, 100, 250, 170))
    (step,) = make_steps((Mark.NONE,))
    assert appearance.place_mark(step, put(tmp_path, unsigned())) is None


def test_on_a_paper_that_says_nothing_marks_stand_at_the_bottom_and_clear_of_each_other(tmp_path):
    blank = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(blank)
    marks = (Mark.LEADER, Mark.LEADER, Mark.INITIALS, Mark.NUMBER)
    content = sign(blank.getvalue(), make_steps(marks), tmp_path)
    boxes = [field.box for field in fields_of(content)]
    assert all(box[1] > 0 and box[3] < 400 and box[2] < 595 for box in boxes)
    assert not any(places._overlaps(one, other) for one, other in pairwise(boxes))
    with pikepdf.open(BytesIO(content)) as pdf:
        assert all(field.P.objgen == pdf.pages[1].objgen for field in pdf.Root.AcroForm.Fields)


def test_without_a_picture_the_mark_says_who_signed_and_when(monkeypatch):
    monkeypatch.setattr(appearance, "find_image", lambda step: None)
    leader, initials, seal = make_steps((Mark.LEADER, Mark.INITIALS, Mark.SEAL))
    stamp = appearance.make_stamp(leader, certificate=None, image=None, at=AT)
    assert stamp.lines == (f"Người ký: {LEADER}", f"Cơ quan: {OFFICE}", "29/04/2026 16:47:17 +07:00")
    assert appearance.make_stamp(initials, certificate=None, image=None, at=AT).lines == ("TMN",)
    assert appearance.make_stamp(seal, certificate=None, image=None, at=AT).lines[0] == f"Cơ quan: {OFFICE}"


def test_what_is_no_pdf_has_no_places(tmp_path):
    (step,) = make_steps((Mark.LEADER,))
    with pytest.raises(UnreadableFile):
        appearance.place_mark(step, put(tmp_path, b"%PDF-1.7 nothing"))
