"""What a file is, by its content; and which files are not taken."""

import unicodedata

import pytest
from PIL import Image

from documents import actions
from documents.files.formats import find_kind
from documents.files.inspection import UnreadableFile, inspect_file
from documents.refusals import SENTENCES, Refused
from documents.rules import Format
from documents.uploads import clean_file_name, receive_paper
from tests.documents.hostile import GOOD
from tests.documents.office import (
    OPEN_DOCUMENT,
    PACKAGE,
    RELATIONS,
    draw_scan,
    make_bomb,
    make_docx,
    make_nested,
    make_odt,
    make_xlsx,
    many_entries,
    pack,
    save_picture,
)
from tests.documents.samples import stored_objects, upload

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.fixture
def look(tmp_path):
    def look_into(content: bytes, name: str = "a.bin"):
        path = tmp_path / name
        path.write_bytes(content)
        return inspect_file(path)

    return look_into


TAKEN = {
    Format.PDF: GOOD,
    Format.DOCX: make_docx("Tờ trình"),
    Format.XLSX: make_xlsx("Dự toán"),
    Format.ODT: make_odt("Tờ trình"),
    Format.ODS: pack({"mimetype": f"{OPEN_DOCUMENT}.spreadsheet", "content.xml": "<a/>"}),
    Format.PNG: save_picture(draw_scan((200, 200))),
    Format.JPEG: save_picture(draw_scan((200, 200)), "JPEG"),
    Format.TIFF: save_picture(draw_scan((200, 200)), "TIFF"),
    Format.MP3: b"ID3\x04" + bytes(100),
    Format.MP4: b"\0\0\0\x18ftypisom" + bytes(100),
    Format.M4A: b"\0\0\0\x18ftypM4A " + bytes(100),
    Format.WAV: b"RIFF\x24\0\0\0WAVEfmt " + bytes(100),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_file_is_what_its_bytes_say_whatever_its_name(look, kind):
    assert look(TAKEN[kind], "báo cáo.exe").format == kind


REFUSED = {
    "a web page": (b"<!DOCTYPE html><html></html>", "unknown_format"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(200), "unknown_format"),
    "RTF": (b"{\\rtf1 text}", "unknown_format"),
    "an archive of anything": (pack({"a.txt": "a"}), "unknown_format"),
    "an archive that calls itself office": (pack({"[Content_Types].xml": "<Types/>"}), "unknown_format"),
    "a drawing of OpenDocument": (pack({"mimetype": f"{OPEN_DOCUMENT}.graphics"}), "unknown_format"),
    "Word 97": (OLE, "old_office"),
    "Word with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "OpenDocument with a password": (
        make_odt("a", more={"META-INF/manifest.xml": "<m><encryption-data/></m>"}),
        "encrypted",
    ),
    "macros": (make_docx("a", more={"word/vbaProject.bin": b"\x01"}), "macros"),
    "macros by the type": (
        make_docx("a", kind="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "macros",
    ),
    "macros of OpenDocument": (make_odt("a", more={"Basic/Standard/Module1.xml": "<m/>"}), "macros"),
    "a part twice": (make_docx("a", more={"WORD/document.xml": "<other/>"}), "damaged"),
    "cut in the middle": (make_docx("a" * 500)[:-40], "damaged"),
    "a bomb by its ratio": (make_bomb(64), "zip_bomb"),
    "archives in archives in archives": (make_nested(4), "zip_bomb"),
    "ten thousand parts": (many_entries(10_001), "zip_bomb"),
    "half a picture": (save_picture(draw_scan((300, 300)))[:-60], "damaged"),
    "a picture of a billion dots": (
        save_picture(Image.new("1", (40_000, 30_000), "white")),
        "too_large",
    ),
}


@pytest.mark.parametrize("sample", REFUSED)
def test_what_is_not_taken_is_refused_with_its_reason(look, sample):
    content, reason = REFUSED[sample]
    with pytest.raises(UnreadableFile) as refusal:
        look(content)
    assert refusal.value.reason == reason
    assert SENTENCES[reason]


def test_an_office_file_declares_no_entities(look):
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><w:document xmlns:w="w">&b;</w:document>'
    content = make_docx("Tờ trình", more={"word/header1.xml": bomb})
    with pytest.raises(UnreadableFile) as refusal:
        look(content)
    assert refusal.value.reason == "damaged"


MARKED = {
    "in the text": make_docx("BỘ QUỐC PHÒNG", "TỐI MẬT", "TỜ TRÌNH"),
    "in a header": make_docx("TỜ TRÌNH", header="MẬT"),
    "split over runs": make_docx("</w:t></w:r><w:r><w:t>TUYỆT </w:t></w:r><w:r><w:t>MẬT"),
    "after a page break": make_docx(
        *["một dòng"] * 90, '</w:t></w:r><w:r><w:br w:type="page"/><w:t>', "MẬT", *["hai"] * 90
    ),
    "behind the page": make_docx('</w:t></w:r><v:textpath xmlns:v="v" string="MẬT"/><w:r><w:t>', "TỜ TRÌNH"),
    "in a sheet": make_xlsx("Dự toán", "MẬT"),
    "in OpenDocument": make_odt("BỘ CÔNG AN", "TỐI <text:s/>MẬT"),
}


@pytest.mark.parametrize("place", MARKED)
def test_a_secrecy_marking_is_seen(look, place):
    assert look(MARKED[place]).secrecy_marking


def test_words_about_secrets_are_no_marking(look):
    assert look(make_docx("Luật Bảo vệ bí mật nhà nước", "mật độ dân số")).secrecy_marking is None


def test_a_marked_office_file_leaves_nothing_behind(cast):
    dossier = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")
    with pytest.raises(Refused) as refusal:
        actions.add_paper(dossier, by=cast.secretary, upload=upload(MARKED["in a header"], "tờ trình.docx"))
    assert refusal.value.code == "secret"
    assert stored_objects() == []


ACTIVE = {
    "external_link": make_docx(
        "a",
        more={
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r" Type="{RELATIONS}/attachedTemplate" Target="http://a.example/t.dotm" '
            'TargetMode="External"/></Relationships>'
        },
    ),
    "embedded_object": make_docx("a", more={"word/embeddings/oleObject1.bin": OLE}),
    "active_x": make_docx("a", more={"word/activeX/activeX1.bin": b"x"}),
}


@pytest.mark.parametrize("kind", ACTIVE)
def test_active_content_is_named(look, kind):
    assert look(ACTIVE[kind]).active_content == (kind,)


def test_a_link_to_click_is_no_danger(look):
    link = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" Type="{RELATIONS}/hyperlink" '
        'Target="https://chinhphu.vn" TargetMode="External"/></Relationships>'
    )
    assert look(make_docx("a", more={"word/_rels/document.xml.rels": link})).active_content == ()


def test_the_name_gets_the_ending_of_what_the_file_is():
    assert clean_file_name("báo cáo.docx", Format.DOCX) == "báo cáo.docx"
    assert clean_file_name("ảnh.JPEG", Format.JPEG) == "ảnh.jpg"
    assert clean_file_name("tờ trình.pdf", Format.DOCX) == "tờ trình.pdf.docx"
    assert clean_file_name(unicodedata.normalize("NFD", "tờ trình.odt"), Format.ODT) == "tờ trình.odt"
    assert clean_file_name("a\u202efdp.exe", Format.PNG) == "afdp.exe.png"


def test_what_is_received_says_what_it_is():
    with receive_paper(upload(make_docx("Tờ trình"), "tờ trình.pdf")) as received:
        assert (received.format, received.pages, received.file_name) == (
            Format.DOCX,
            None,
            "tờ trình.pdf.docx",
        )


def test_sound_without_a_header_is_told_from_noise():
    assert find_kind(bytes([0xFF, 0xFB, 0x90, 0x00])) == Format.MP3
    assert find_kind(bytes([0xFF, 0xFF, 0xFF, 0xFF])) is None
    assert find_kind(b"\xff") is None
