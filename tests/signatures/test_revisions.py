"""How the revisions of a file are compared: in less time than the library takes, with the same findings."""

import warnings
from io import BytesIO

import pytest
import weasyprint
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver

from signatures.demonstration import sign_pdf
from tests.signatures import attacks, raw_pdf, samples
from tests.signatures.samples import DAY, SIGNED, minister, pki, seal, the_signature
from verifier.pdf.plain import read_plain_object
from verifier.pdf.reader import PaperReader
from verifier.pdf.revisions import Revision

STORE, FIRST, LENGTH = 20, 30, 150


def make_paper(last: bytes = b"<< >>", length: int = LENGTH) -> bytes:
    """An empty security store, and a long chain of objects that begins at the catalogue."""
    objects = raw_pdf.paper_objects()
    objects[1] = raw_pdf.CATALOG % (2, b"/DSS %d 0 R /PieceInfo %d 0 R" % (STORE, FIRST))
    objects[STORE] = b"<< >>"
    for number in range(FIRST, FIRST + length):
        objects[number] = b"<< /Next [0 << /Object %d 0 R >>] >>" % (number + 1)
    objects[FIRST + length] = last
    return raw_pdf.build(objects)


def fill_store(content: bytes) -> bytes:
    number = raw_pdf.free_number(content)
    certificate = raw_pdf.stream(pki().issuer.der)
    return raw_pdf.append(content, {STORE: b"<< /Certs [%d 0 R] >>" % number, number: certificate})


@pytest.mark.parametrize(
    ("last", "found"), [(b"<< >>", "allowed"), (b"<< /Shows [%d 0 R] >>" % STORE, "suspicious")]
)
def test_what_evidence_may_change_is_nothing_that_a_long_way_leads_to_too(verify, last, found):
    signed = sign_pdf(make_paper(last), minister(), pki(), at=SIGNED)
    assert verify(signed).verdict == "valid"
    assert the_signature(verify(fill_store(signed))).changes_after == found
    # With the ways known already, from the revision of a signature before it.
    twice = sign_pdf(signed, seal(), pki(), at=SIGNED + DAY, field="Seal")
    assert verify(twice).verdict == "valid"
    report = verify(fill_store(twice))
    assert [item.changes_after for item in report.signatures] == [found, found]


def test_what_is_changed_at_the_end_of_a_long_way_is_found(verify):
    signed = sign_pdf(make_paper(b"<< /Sum 100 >>"), minister(), pki(), at=SIGNED)
    report = verify(raw_pdf.append(signed, {FIRST + LENGTH: b"<< /Sum 999 >>"}))
    assert (report.verdict, the_signature(report).reason) == ("invalid", "changed_after_signing")


def tagged() -> bytes:
    page = "<html lang=vi><title>Tờ trình</title>" + "<h1>Điều</h1><p>Khoản <a href='#x'>1</a><p id=x>." * 9
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open.
        return weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-3a", pdf_forms=True)


@pytest.mark.parametrize("make", [tagged, attacks.paper, lambda: make_paper(length=30)])
def test_the_ways_are_those_that_the_library_finds(make):
    content = samples.sign_to_level(make(), "B-LTA")
    reader = PaperReader(BytesIO(samples.append_revision(content, samples.draw_over_page)))
    for number in range(reader.xrefs.total_revisions):
        ours, theirs = reader.get_historical_resolver(number), HistoricalResolver(reader, number)
        assert isinstance(ours, Revision)
        ours._load_reverse_xref_cache()
        theirs._load_reverse_xref_cache()
        assert len(theirs._indirect_object_access_cache) > 10
        assert set(ours._ways) == {
            (reference.idnum, reference.generation) for reference in theirs._indirect_object_access_cache
        }
        for reference, ways in theirs._indirect_object_access_cache.items():
            assert ours._get_usages_of_ref(reference) == ways


PLAIN = [
    b"<</Type/StructElem/S/P/K[ 0 12 0 R <</MCID -3 >>]/P 7 0 R>>",
    b"[1 0 R/Name 23 [] << >>]",
    b"<< /A 1 /B 2 0 R >>\n<< /Next 1 >>",
    b"[12 34 5 0 R 1 2]",
]
NOT_PLAIN = [
    b"<< /A 1 /A 2 >>",  # named twice
    b"<< /A >>",
    b"<< /A 1 ]",
    b"[ 1 >>",
    b"[ 1 ",
    b"<< 1 /A >>",
    b"<< /A#42 1 >>",
    b"<< /A (text) >>",
    b"<< /A <616263> >>",
    b"<< /A 1.5 >>",
    b"<< /A true >>",
    b"<< /A 1 %0 R\n>>",
    b"<< /A 0 0 R >>",
    b"<< /A 1  0 R >>",
    b"<< /Length 3 >> stream\nabc\nendstream",
    b"<< /A << /Length 3 >> stream\nabc\nendstream >>",
    b"[" * 30 + b"]" * 30,
    b"12 0 R ",
    b"/Name ",
]


@pytest.mark.parametrize("content", [*PLAIN, *NOT_PLAIN])
def test_plain_objects_are_what_the_library_reads(content):
    reference = generic.Reference(1, 0, PaperReader(BytesIO(attacks.paper())))
    ours = read_plain_object(b" " + content, 1, reference)
    assert (ours is not None) == (content in PLAIN)
    if ours is not None:
        theirs = generic.read_object(BytesIO(content), reference)
        assert (repr(ours), ours.container_ref) == (repr(theirs), theirs.container_ref)
        assert type(ours) is type(theirs)


def test_a_structure_that_goes_round_is_refused(verify):
    objects = raw_pdf.paper_objects()
    objects[1] = raw_pdf.CATALOG % (2, b"/StructTreeRoot 20 0 R")
    objects[20] = b"<< /Type /StructTreeRoot /K 21 0 R >>"
    objects[21] = b"<< /S /P /P 20 0 R /K [22 0 R] >>"
    objects[22] = b"<< /S /P /P 21 0 R /K [21 0 R] >>"
    signed = sign_pdf(raw_pdf.build(objects), minister(), pki(), at=SIGNED)
    reader = PaperReader(BytesIO(signed))
    with pytest.raises(PdfReadError):
        reader.get_historical_resolver(1)._load_reverse_xref_cache()
    assert verify(fill_store(signed)).verdict not in ("valid", "unsigned")
