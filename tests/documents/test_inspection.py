"""Files from outside: each bad one ends in a clear reason, within its limits, and the server lives on."""

import errno
import json
import os
import subprocess
import sys
import time
import unicodedata
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.files import sandbox
from documents.files.confinement import is_confinable
from documents.files.inspection import (
    REASONS,
    Limits,
    UnreadableFile,
    extract_text,
    inspect_pdf,
    secrecy_marking,
    sniff,
)
from documents.files.text import clean_text
from tests.documents.hostile import GOOD, HOSTILE, INFLATED, assemble_pdf, make_stream, one_page

QUICK = Limits(wall_seconds=20, cpu_seconds=5, memory_bytes=512 * 1024 * 1024, pages=500)

LETTER = """BỘ TÀI CHÍNH
Số: 12/TTr-BTC
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 06 tháng 5 năm 2026
TỜ TRÌNH
Về chính sách thuế đối với sản phẩm mật mã dân sự
Căn cứ Luật Bảo vệ bí mật nhà nước; căn cứ mật độ dân số; văn bản mật không gửi qua mạng."""


def put(folder: Path, content: bytes, name: str = "paper.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("sample", HOSTILE)
def test_each_bad_file_ends_in_its_reason(tmp_path, sample):
    content, expected = HOSTILE[sample]
    started = time.monotonic()
    with pytest.raises(UnreadableFile) as refused:
        inspect_pdf(put(tmp_path, content), QUICK)
    assert refused.value.reason in expected, refused.value
    assert refused.value.reason in REASONS
    assert time.monotonic() - started < QUICK.wall_seconds


@pytest.mark.parametrize(
    "extra",
    [
        b"/Filter [/FlateDecode /FlateDecode]",
        b"/Filter /LZWDecode",
        b"/Filter /FlateDecode /DecodeParms [null]",
    ],
)
def test_content_that_inflates_by_another_way_harms_nobody(tmp_path, extra):
    twice = zlib.compress(INFLATED, 9)
    path = put(tmp_path, assemble_pdf(one_page(make_stream(twice, extra))))
    try:
        assert inspect_pdf(path, QUICK).pages == 1
    except UnreadableFile as refused:
        assert refused.reason in ("too_large", "took_too_long", "damaged")


def test_a_drawing_that_inflates_inside_a_page_harms_nobody(tmp_path):
    objects = one_page(make_stream(b"/F Do"), page=b"/Resources << /XObject << /F 5 0 R >> >>")
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Filter /FlateDecode"
    path = put(tmp_path, assemble_pdf({**objects, 5: make_stream(INFLATED, form)}))
    with pytest.raises(UnreadableFile) as refused:
        inspect_pdf(path, replace(QUICK, memory_bytes=300 * 1024 * 1024))
    assert refused.value.reason in ("too_large", "took_too_long", "damaged")


def test_a_file_over_the_size_limit_is_not_even_opened(tmp_path):
    with pytest.raises(UnreadableFile) as refused:
        inspect_pdf(put(tmp_path, GOOD), replace(QUICK, file_bytes=10))
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize("flip", range(8))
def test_noise_in_a_good_file_never_surprises_the_caller(tmp_path, flip):
    content = bytearray(GOOD)
    place = (flip * 7919 + 13) % len(content)
    content[place : place + 3] = bytes((flip * 31 + n * 101) % 256 for n in range(3))
    try:
        inspect_pdf(put(tmp_path, bytes(content)), QUICK)
    except UnreadableFile as refused:
        assert refused.reason in REASONS


# Good files


def write_letter(folder: Path, text: str = LETTER) -> Path:
    weasyprint = pytest.importorskip("weasyprint")
    path = folder / "letter.pdf"
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
    weasyprint.HTML(string=f"<html lang=vi>{lines}").write_pdf(path)
    return path


def test_a_good_paper_is_read(tmp_path):
    path = write_letter(tmp_path)
    found = inspect_pdf(path)
    assert (found.pages, found.encrypted, found.secrecy_marking, found.active_content) == (1, False, None, ())
    assert found.first_pages_text_found
    (page,) = extract_text(path)
    assert "Độc lập - Tự do - Hạnh phúc" in page
    assert page == unicodedata.normalize("NFC", page)


def test_a_stamped_paper_is_told(tmp_path):
    path = write_letter(tmp_path, LETTER.replace("CỘNG HÒA", "TỐI MẬT\nCỘNG HÒA"))
    assert inspect_pdf(path).secrecy_marking == "Tối mật"


def test_a_secret_annex_behind_an_open_letter_is_told(tmp_path):
    letter, annex = write_letter(tmp_path), tmp_path / "annex.pdf"
    with pikepdf.open(letter) as bound:
        (tmp_path / "second").mkdir()
        with pikepdf.open(write_letter(tmp_path / "second", "TUYỆT MẬT\n" + LETTER)) as secret:
            for source in [bound, bound, bound, secret]:
                bound.pages.append(source.pages[0])
        bound.save(annex)
    assert inspect_pdf(annex).secrecy_marking == "Tuyệt mật"


def test_a_paper_with_restrictions_but_no_password_is_told(tmp_path):
    with pikepdf.open(BytesIO(GOOD)) as document:
        document.save(tmp_path / "r.pdf", encryption=pikepdf.Encryption(owner="a", user=""))
    assert inspect_pdf(tmp_path / "r.pdf").encrypted


ACTIVE = {
    "open_action": {"catalog": b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"},
    "javascript": {"catalog": b"/Names << /JavaScript << /Names [(x) << /S /JavaScript /JS (1) >>] >> >>"},
    "launch": {"page": b"/AA << /O << /S /Launch /F (cmd.exe) >> >>"},
    "embedded_file": {"catalog": b"/Names << /EmbeddedFiles << /Names [] >> >>"},
    "submit_form": {"page": b"/Annots [<< /Subtype /Link /Rect [0 0 1 1] /A << /S /SubmitForm >> >>]"},
    "xfa": {"catalog": b"/AcroForm << /Fields [] /XFA [] >>"},
    "rich_media": {"page": b"/Annots [<< /Subtype /RichMedia /Rect [0 0 1 1] >>]"},
}


@pytest.mark.parametrize("kind", ACTIVE)
def test_active_content_is_named(tmp_path, kind):
    assert kind in inspect_pdf(put(tmp_path, assemble_pdf(one_page(**ACTIVE[kind])))).active_content


def test_a_paper_that_only_names_its_first_page_is_not_active(tmp_path):
    path = put(tmp_path, assemble_pdf(one_page(catalog=b"/OpenAction [3 0 R /Fit]")))
    assert inspect_pdf(path).active_content == ()


# The child


def test_the_server_loads_no_pdf_library():
    code = "import sys, documents.files.inspection; print({'pikepdf', 'pypdfium2'} & set(sys.modules) or [])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=sandbox.ROOT, check=True
    )
    assert result.stdout.strip() == "[]"


def run_probe(tmp_path, monkeypatch, body: str, limits: Limits = QUICK):
    """A task of the test's own, run as any other."""
    (tmp_path / "probe.py").write_text(
        f"import ctypes, os, signal, socket, subprocess, time\ndef task(path, *, limits):\n    {body}\n"
    )
    environment = sandbox._make_environment()
    environment["PYTHONPATH"] += os.pathsep + str(tmp_path)
    monkeypatch.setattr(sandbox, "_make_environment", lambda: environment)
    return list(sandbox.run_task("probe:task", tmp_path / "x", limits))


REACHING_OUT = """
    for attempt in (
        lambda: socket.create_connection(("127.0.0.1", 9)),
        lambda: socket.getaddrinfo("localhost", 80),
        lambda: subprocess.run(["true"]),
        lambda: os.system("true"),
        lambda: os.fork(),
        lambda: open("out", "wb"),
        lambda: os.remove(path),
    ):
        try:
            yield str(attempt())
        except PermissionError:
            yield "refused"
"""


def test_the_child_has_no_network_no_programs_and_nowhere_to_write(tmp_path, monkeypatch):
    assert run_probe(tmp_path, monkeypatch, REACHING_OUT) == ["refused"] * 7


@pytest.mark.skipif(not is_confinable(), reason="no filter for system calls on this machine")
def test_native_code_in_the_child_cannot_reach_out_either(tmp_path, monkeypatch):
    calls = ["socket(2, 1, 0)", "fork()", "execv(b'/bin/true', None)", "open(b'out', 65, 438)", "kill(1, 0)"]
    attempts = "; ".join(f"yield [libc.{call}, ctypes.get_errno()]" for call in calls)
    found = run_probe(tmp_path, monkeypatch, f"libc = ctypes.CDLL(None, use_errno=True); {attempts}")
    assert found == [[-1, errno.EPERM]] * len(calls)


def test_the_child_knows_no_secret_of_the_server(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "known to the server")
    (names,) = run_probe(tmp_path, monkeypatch, "yield sorted(os.environ)")
    assert "SECRET_KEY" not in names


@pytest.mark.parametrize(
    ("body", "limits", "reason"),
    [
        ("time.sleep(60); yield 1", replace(QUICK, wall_seconds=0.5), "took_too_long"),
        ("\n    while True: yield from ()", replace(QUICK, cpu_seconds=1), "took_too_long"),
        ("yield len(bytes(10**9))", QUICK, "too_large"),
        ("yield 'x' * 10**6", replace(QUICK, output_bytes=1000), "too_large"),
        ("signal.raise_signal(11); yield 1", QUICK, "crashed"),
        ("os._exit(0); yield 1", QUICK, "crashed"),
        ("yield 1 / 0", QUICK, "crashed"),
    ],
)
def test_each_way_of_dying_has_its_name(tmp_path, monkeypatch, body, limits, reason):
    with pytest.raises(sandbox.ChildFailure) as failure:
        run_probe(tmp_path, monkeypatch, body, limits)
    assert failure.value.reason == reason


# Kind by content


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", "pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "png"),
        (b"{\\rtf1\\ansi}", "rtf"),
        (b"words and nothing else", "unknown"),
        (b"", "unknown"),
    ],
)
def test_the_kind_is_told_by_content(head, kind):
    assert sniff(head, "paper.pdf") == kind


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_have_a_kind_and_only_a_pdf_is_one(head):
    assert (sniff(head, "paper.pdf") == "pdf") == (
        b"%PDF-" in head and head.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n\t ").startswith(b"%PDF-")
    )


# Secrecy markings


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("MẬT", "Mật"),
        ("TỐI MẬT", "Tối mật"),
        ("TUYỆT MẬT", "Tuyệt mật"),
        ("M Ậ T", "Mật"),
        ("T Ố I  M Ậ T", "Tối mật"),
        ("  * TUYỆT  MẬT *  ", "Tuyệt mật"),
        ("[MẬT]", "Mật"),
        ("M\u200bẬT", "Mật"),
        ("Độ mật: Mật", "Mật"),
        ("Độ mật: TỐI MẬT.", "Tối mật"),
        ("Mức độ mật - Tuyệt mật", "Tuyệt mật"),
        ("TỐI\nMẬT", "Tối mật"),
        ("MẬT Hà Nội, ngày 06 tháng 5 năm 2026", "Mật"),
        ("TỐI MẬT CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Tối mật"),
        ("Số: 12/BC-BCA TUYỆT MẬT", "Tuyệt mật"),
        ("TèI MËT", "Tối mật"),
        ("TUYEÄT MAÄT", "Tuyệt mật"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_marking_is_found(line, level, form):
    page = LETTER.replace("TỜ TRÌNH", f"{line}\nTỜ TRÌNH")
    assert secrecy_marking(unicodedata.normalize(form, page)) == level


@pytest.mark.parametrize(
    "line",
    [
        "bí mật nhà nước",
        "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "BÍ MẬT",
        "LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "MẬT ĐỘ DÂN SỐ",
        "mật độ",
        "Mật độ: 200 người/km2",
        "văn bản mật",
        "SẢN PHẨM MẬT MÃ DÂN SỰ",
        "“BẢO MẬT”",
        "MẬT ONG",
        "mật",
        "Độ mật của bí mật nhà nước",
        "Độ mật: theo quy định",
        "MẬT MÃ Hà Nội, ngày 1 tháng 1 năm 2026",
        "Tài liệu đóng dấu TỐI MẬT được gửi bằng đường riêng",
        "Số: 12/BC-BCA về công tác BẢO MẬT",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_prose_is_not_a_marking(line, form):
    assert secrecy_marking(unicodedata.normalize(form, f"{LETTER}\n{line}\n{line} và")) is None


@given(
    st.integers(0, 8),
    st.sampled_from(["MẬT", "TỐI MẬT", "TUYỆT MẬT"]),
    st.integers(0, 3),
    st.sampled_from(["NFC", "NFD"]),
)
@settings(deadline=None)
def test_a_stamp_is_found_wherever_it_stands_in_the_letterhead(place, stamp, gap, form):
    lines = LETTER.splitlines()
    lines.insert(place, " ".join(" " * gap + letter for letter in stamp) if gap else stamp)
    found = secrecy_marking(unicodedata.normalize(form, "\n".join(lines)))
    assert found is not None
    assert found.upper() == stamp


@given(
    st.lists(
        st.sampled_from([*LETTER.split(), "bí mật", "mật,", "BÍ MẬT NHÀ NƯỚC", "độ mật", "tối mật"]),
        min_size=2,
    )
)
@settings(deadline=None)
def test_running_prose_never_raises_an_alarm(words):
    assert secrecy_marking("Điều 1. " + " ".join(words)) is None


@given(st.text())
def test_cleaned_text_can_be_stored(text):
    cleaned = clean_text(text)
    assert "\0" not in cleaned
    cleaned.encode()
    assert json.loads(json.dumps(cleaned)) == cleaned == unicodedata.normalize("NFC", cleaned)


# The corpus


def test_no_false_alarm_in_the_whole_gazette(corpus):
    texts = sorted((corpus / "gazette" / "text").glob("*.txt"))
    assert texts
    alarms = []
    for path in texts:
        lines = path.read_text().splitlines()
        pages = ("\n".join(lines[first : first + 40]) for first in range(0, len(lines), 20))
        alarms += [(path.name, level) for page in pages if (level := secrecy_marking(page))]
    assert alarms == []


def test_every_real_paper_is_read(corpus):
    for path in sorted(corpus.rglob("*.pdf")):
        found = inspect_pdf(path)
        assert found.secrecy_marking is None, path.name
        assert found.active_content == (), path.name
        assert found.first_pages_text_found == (
            path.parent.name in ("signed", "destroyed") or "hanoi" in path.name
        ), path.name


def test_the_text_of_the_session_resolution_is_whole(corpus):
    pages = list(extract_text(corpus / "gazette" / "signed" / "nghi-quyet-so-122-nq-cp-469492.pdf"))
    assert len(pages) == 21
    assert "Phiên họp Chính phủ thường kỳ tháng 4 năm 2026" in " ".join(pages[0].split())


def test_a_number_keeps_its_hyphen_at_the_end_of_a_line():
    assert clean_text("Nghị định số 191/2026/NĐ\x02CP") == "Nghị định số 191/2026/NĐ-CP"
