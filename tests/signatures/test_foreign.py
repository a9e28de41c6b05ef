"""What other makers' files have, and honest ones with them: no verdict is spoiled by it."""

import warnings
from io import BytesIO

import pikepdf
import pytest
import weasyprint
from pyhanko.pdf_utils.generic import Reference, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from signatures.demonstration import make_signer, make_timestamper, sign_pdf
from tests.signatures import attacks, raw_pdf, samples
from tests.signatures.samples import SIGNED, minister, paper, pki, the_signature
from verifier.pdf.reader import PaperReader


def encrypt(password: str) -> bytes:
    output = BytesIO()
    with pikepdf.open(BytesIO(attacks.paper())) as document:
        document.save(output, encryption=pikepdf.Encryption(owner="owner", user=password, R=6))
    return output.getvalue()


def sign_encrypted(content: bytes, password: str) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(content))
    writer.encrypt(password)
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature1", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    signer = make_signer(minister(), [pki().issuer])
    return signers.sign_pdf(writer, metadata, signer, timestamper=make_timestamper(pki(), SIGNED)).getvalue()


def test_what_opens_without_a_password_is_checked(verify):
    content = sign_encrypted(encrypt(""), "")
    assert verify(content).verdict == "valid"
    changed = bytearray(content)
    changed[content.index(b"stream\n") + 9] ^= 1
    assert verify(bytes(changed)).verdict not in ("valid", "unsigned")


def test_what_is_locked_is_told_to_be_locked(verify):
    report = verify(sign_encrypted(encrypt("secret"), "secret"))
    assert (report.verdict, report.error) == ("unverifiable", "Locked: a password is needed")


@pytest.mark.parametrize("tail", [b"\n", b"\r\n\r\n", b"  \n\n"])
def test_white_space_at_the_end_is_nothing(verify, tail):
    assert verify(samples.sign_to_level(paper(), "B-LT") + tail).verdict == "valid"


def test_usage_rights_are_no_signature_that_was_destroyed(verify):
    rights = (
        b"/Perms << /UR3 << /Type /Sig /ByteRange [0 1 2 3] /Contents <00>"
        b" /Reference [<< /TransformMethod /UR3 >>] >> >>"
    )
    objects = raw_pdf.paper_objects()
    objects[1] = raw_pdf.CATALOG % (2, rights)
    content = sign_pdf(raw_pdf.build(objects), minister(), pki(), at=SIGNED)
    assert PdfFileReader(BytesIO(content)).root["/Perms"]["/UR3"]["/Type"] == pdf_name("/Sig")
    assert verify(content).verdict == "valid"
    assert the_signature(verify(content)).changes_after == "none"


def test_object_streams_are_read_as_the_library_reads_them():
    page = "<html lang=vi><title>Tờ trình</title>" + "<p>Điều <b>1</b>." * 20
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open.
        content = weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-3a")
    ours, theirs = PaperReader(BytesIO(content)), PdfFileReader(BytesIO(content))
    numbers = sorted(reference.idnum for reference in theirs.xrefs.explicit_refs_in_revision(0))
    assert len(numbers) > 80
    for number in numbers:
        read = [reader.get_object(Reference(number, 0, reader)) for reader in (ours, theirs)]
        assert repr(read[0]) == repr(read[1]), number
    assert ours._heads  # it did have object streams
