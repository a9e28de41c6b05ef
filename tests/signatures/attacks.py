"""A generator of manipulated signed files, from the published descriptions of the attacks.

Signature wrapping, incremental saving and universal forgery (Mladenov et al. 2019), shadow attacks (Mainka et
al. 2021), attacks on certified documents (Rohlmann et al. 2021), abuses of what may be added after signing.
Written as bytes, so that nothing is left out that a library finds indecent.
"""

import re
from collections.abc import Callable
from functools import cache
from io import BytesIO

from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter

from signatures.demonstration import issue_signer, make_signer, make_timestamper, sign_pdf
from tests.signatures import samples
from tests.signatures.raw_pdf import (
    DANGLING,
    FIELD,
    FONT,
    FORM,
    OTHER_TEXT,
    PAGE,
    Objects,
    append,
    append_object_stream,
    build,
    free_number,
    last_section,
    paper_objects,
    stream,
)
from tests.signatures.samples import DAY, SIGNED, START, minister, pki, rogue, seal
from verifier.pdf import structure


@cache
def paper() -> bytes:
    return build(paper_objects())


@cache
def victim() -> bytes:
    """B-T by the minister."""
    return sign_pdf(paper(), minister(), pki(), at=SIGNED, location=None)


@cache
def archived() -> bytes:
    return samples.sign_to_level(paper(), "B-LTA")


@cache
def certified(permission: MDPPerm) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name="Certified",
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=permission,
        subfilter=SigSeedSubFilter.PADES,
    )
    signer = signers.PdfSigner(
        metadata, make_signer(minister(), [pki().issuer]), timestamper=make_timestamper(pki(), SIGNED)
    )
    return signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(paper()))).getvalue()


@cache
def with_gaps() -> bytes:
    """Signed while the page referred to an object that was not there."""
    return sign_pdf(_gaps(), minister(), pki(), at=SIGNED, location=None)


@cache
def hybrid_with_gaps() -> bytes:
    """The same with two tables side by side, as state offices write them: strict readers refuse it."""
    plain = _gaps()
    with_stream = append_object_stream(plain, {50: b"<< /Unused true >>"})
    entries = b"/XRefStm %d" % last_section(with_stream)
    hybrid = append(with_stream, {}, entries=entries, previous=last_section(plain))
    metadata = signers.PdfSignatureMetadata(field_name="Signature1", subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(BytesIO(hybrid), strict=False)
    signer = make_signer(minister(), [pki().issuer])
    stamper = make_timestamper(pki(), SIGNED)
    return signers.sign_pdf(writer, metadata, signer, timestamper=stamper).getvalue()


def _gaps() -> bytes:
    return build({**paper_objects(), 3: PAGE % (b"4 0 R 7 0 R %d 0 R" % DANGLING)})


def newest(content: bytes, number: int) -> bytes:
    """The last body of an object that stands in the file outside object streams."""
    found = re.findall(rb"(?:^|\n)%d 0 obj\s*(.*?)\s*endobj" % number, content, re.DOTALL)
    return found[-1]


def catalog(content: bytes, entries: bytes, *, pages: int = 2) -> bytes:
    """The newest catalogue with something added."""
    old = newest(content, 1)
    assert old.endswith(b">>")
    return old.replace(b"/Pages 2 0 R", b"/Pages %d 0 R" % pages)[:-2] + entries + b" >>"


def page(content: bytes, entries: bytes = b"", contents: bytes | None = None) -> bytes:
    old = newest(content, 3)
    if contents:
        old = re.sub(rb"/Contents \[[^]]*\]", lambda _: b"/Contents [%s]" % contents, old)
    return old[:-2] + entries + b" >>"


def annotate(kind: bytes) -> Callable[[bytes], bytes]:
    def attack(content: bytes) -> bytes:
        number = free_number(content)
        note = b"<< /Type /Annot /Subtype /%s /Rect [0 0 500 800] /Contents (no) /P 3 0 R" % kind
        note += b" /AP << /N %d 0 R >> /F 4 >>" % (number + 1)
        old = newest(content, 3)
        listed = re.sub(rb"/Annots \[([^]]*)\]", rb"/Annots [\1 %d 0 R]" % number, old)
        assert listed != old
        return append(content, {3: listed, number: note, number + 1: stream(OTHER_TEXT, FORM)})

    return attack


def in_catalog(entries: bytes) -> Callable[[bytes], bytes]:
    return lambda content: append(content, {1: catalog(content, entries)})


def in_form(entries: bytes) -> Callable[[bytes], bytes]:
    def attack(content: bytes) -> bytes:
        return append(content, {10: newest(content, 10)[:-2] + entries + b" >>"})

    return attack


def overwrite(objects: Objects) -> Callable[[bytes], bytes]:
    return lambda content: append(content, objects)


# Shadow attacks: what was signed holds both contents; an innocent-looking update turns one into the other.


def point_to_hidden_body(content: bytes) -> bytes:
    return append(content, {}, offsets={4: content.index(b"4 0 obj")})


def release_the_picture(content: bytes) -> bytes:
    return append(content, {}, free=[6])


def fill_the_gap(content: bytes) -> bytes:
    return append(content, {DANGLING: stream(OTHER_TEXT)})


def fill_the_gap_as_evidence(content: bytes) -> bytes:
    store = b"/DSS << /CRLs [%d 0 R] >>" % DANGLING
    return append(content, {1: catalog(content, store), DANGLING: stream(OTHER_TEXT)})


def fill_the_gap_in_an_object_stream(content: bytes) -> bytes:
    return append_object_stream(content, {DANGLING: b"[ 14 0 R ]"})


# Abuse of what may be added after signing


def evidence_over_content(content: bytes) -> bytes:
    """The page's content is given out as a revocation list."""
    return append(content, {1: catalog(content, b"/DSS << /CRLs [4 0 R] >>"), 4: stream(OTHER_TEXT)})


def evidence_with_a_script(content: bytes) -> bytes:
    return append(content, {1: catalog(content, b"/DSS << /Certs [] /JS (app.alert(1)) >>")})


def mark_over_content(content: bytes) -> bytes:
    """A later signature whose picture is the page's content, which is overwritten with it."""
    signed = sign_pdf(content, seal(), pki(), at=SIGNED + DAY, field="Seal")
    number = free_number(signed)
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (More) /Rect [0 0 500 800] /P 3 0 R"
    field += b" /AP << /N 4 0 R >> >>"
    fields = re.sub(rb"/Fields \[([^]]*)\]", rb"/Fields [\1 %d 0 R]" % number, newest(signed, 10))
    return append(signed, {number: field, 10: fields, 4: stream(OTHER_TEXT, FORM)})


def hollow_signature(content: bytes) -> bytes:
    """A field that hides the page and holds what only looks like a signature."""
    number = free_number(content)
    value = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 10 20 10]"
        b" /Contents <3003020101> >>"
    )
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Cover) /Rect [0 0 500 800] /P 3 0 R /V %d 0 R" % (
        number + 1
    )
    field += b" /AP << /N %d 0 R >> /F 132 >>" % (number + 2)
    fields = re.sub(rb"/Fields \[([^]]*)\]", rb"/Fields [\1 %d 0 R]" % number, newest(content, 10))
    notes = re.sub(rb"/Annots \[([^]]*)\]", rb"/Annots [\1 %d 0 R]" % number, newest(content, 3))
    return append(
        content,
        {3: notes, 10: fields, number: field, number + 1: value, number + 2: stream(OTHER_TEXT, FORM)},
    )


def sneak_in_a_signature(content: bytes) -> bytes:
    """A visible signature by somebody unknown over the page of a certified document."""
    stranger = issue_signer(rogue(), START, name="Nguyễn Hữu Đức", organisation="Bộ Tài chính")
    metadata = signers.PdfSignatureMetadata(field_name="Sneak", md_algorithm="sha256")
    signer = signers.PdfSigner(
        metadata,
        make_signer(stranger, [rogue().issuer]),
        new_field_spec=SigFieldSpec("Sneak", box=(0, 0, 500, 800)),
    )
    # The library asks the certifying signature first; an attacker does not.
    signer._enforce_certification_constraints = lambda reader: None  # type: ignore[method-assign]
    writer = IncrementalPdfFileWriter(BytesIO(content))
    return signer.sign_pdf(writer, existing_fields_only=False).getvalue()


def stamp_a_change(content: bytes) -> bytes:
    """First the change, then an honest document timestamp over it."""
    return samples.stamp_document(append(content, {4: stream(OTHER_TEXT)}))


# Tricks with tables and streams


def override_in_object_stream(content: bytes) -> bytes:
    return append_object_stream(content, {3: PAGE.replace(b"\n", b" ") % b"14 0 R"})


def override_by_hybrid(content: bytes) -> bytes:
    """A classic table that changes nothing, and beside it a stream that hybrid readers prefer."""
    with_stream = append_object_stream(content, {3: PAGE % b"14 0 R"})
    hidden = last_section(with_stream)
    return append(with_stream, {}, entries=b"/XRefStm %d" % hidden, previous=last_section(content))


def forget_the_signed_table(content: bytes) -> bytes:
    """The chain of tables leads past the one that was signed."""
    first = int(re.findall(rb"startxref\s+(\d+)", content)[0])
    objects = {number: newest(content, number) for number in (1, 10)}
    return append(content, {**objects, 4: stream(OTHER_TEXT)}, previous=first)


def loop_the_tables(content: bytes) -> bytes:
    changed = append(content, {4: stream(OTHER_TEXT)})
    start = last_section(changed)
    return append(changed, {}, previous=start).replace(
        b"/Prev %d" % last_section(content), b"/Prev %d" % start
    )


# Incremental saving: an update that some readers see and others do not


def body_without_table(content: bytes) -> bytes:
    return content + b"\n4 0 obj\n" + stream(OTHER_TEXT) + b"\nendobj\n"


def body_with_trailer_only(content: bytes) -> bytes:
    return body_without_table(content) + b"trailer\n<< /Root 1 0 R /Size 50 >>\nstartxref\n%d\n%%%%EOF\n" % (
        last_section(content)
    )


def body_with_a_comment_as_end(content: bytes) -> bytes:
    return append(content, {4: stream(OTHER_TEXT)}).removesuffix(b"%%EOF\n") + b"%%EOF\n%" + b"A" * 50


# Signature wrapping and universal forgery


def wrap(content: bytes) -> bytes:
    """The signed second part is moved to the end; what stands in between is nobody's."""
    _, end, start, rest = structure.find_byte_ranges(content)[0]
    inserted = b"\n4 0 obj\n" + stream(OTHER_TEXT) + b"\nendobj\n"
    moved = content[:start] + inserted + content[start:]
    return _write_range(moved, (0, end, start + len(inserted), rest))


def wrap_inside_contents(content: bytes) -> bytes:
    """The place of the signature is widened over an object of the attacker's."""
    _, end, start, rest = structure.find_byte_ranges(content)[0]
    inserted = b" /Other (" + b"x" * 40 + b")"
    return _write_range(content[:start] + inserted + content[start:], (0, end, start + len(inserted), rest))


def shrink_the_range(content: bytes) -> bytes:
    _, end, start, rest = structure.find_byte_ranges(content)[0]
    return _write_range(content, (0, end, start, rest - 40))


def _write_range(content: bytes, numbers: tuple[int, int, int, int]) -> bytes:
    old = re.search(rb"/ByteRange ?\[[^]]*\]\s*", content)
    assert old is not None
    new = b"/ByteRange [%d %d %d %d]" % numbers
    return content[: old.start()] + new.ljust(len(old.group())) + content[old.end() :]


def in_range(value: bytes) -> Callable[[bytes], bytes]:
    def attack(content: bytes) -> bytes:
        old = re.search(rb"/ByteRange ?\[[^]]*\]\s*", content)
        assert old is not None
        return content[: old.start()] + value.ljust(len(old.group())) + content[old.end() :]

    return attack


def in_contents(value: bytes) -> Callable[[bytes], bytes]:
    def attack(content: bytes) -> bytes:
        _, end, start, _ = structure.find_byte_ranges(content)[0]
        return content[:end] + value.ljust(start - end) + content[start:]

    return attack


def zero_the_signature_value(content: bytes) -> bytes:
    """A DER structure whose signature value is gone: as many zero bytes."""
    _, end, start, _ = structure.find_byte_ranges(content)[0]
    info = cms.ContentInfo.load(bytes.fromhex(content[end + 1 : start - 1].decode()))
    old = info["content"]["signer_infos"][0]["signature"].native.hex().encode()
    digits = content[end:start].lower()
    assert old in digits
    return content[:end] + digits.replace(old, b"0" * len(old)) + content[start:]


SHADOW = {
    "hide: the picture is overwritten": overwrite({6: stream(b"", FORM)}),
    "hide: the picture is null": overwrite({6: b"null"}),
    "hide: the picture is released": release_the_picture,
    "replace: the font": overwrite({5: FONT.replace(b"Helvetica", b"Wingdings")}),
    "replace: the field's value": overwrite({11: FIELD % (b"999", 15)}),
    "replace: the field's picture": overwrite({15: stream(b"BT /F1 12 Tf (999) Tj ET", FORM)}),
    "replace: value and picture": overwrite({11: FIELD % (b"999", 16), 16: stream(OTHER_TEXT, FORM)}),
    "hide and replace: the other body": point_to_hidden_body,
    "hide and replace: the other pages": lambda content: append(content, {1: catalog(content, b"", pages=8)}),
    "hide and replace: the other catalogue": lambda content: append(content, {}, root=13),
    "the page": lambda content: append(content, {3: page(content, contents=b"14 0 R")}),
    "the content": overwrite({4: stream(OTHER_TEXT)}),
    "the information": overwrite({12: b"<< /Title (Another) /Producer (us) >>"}),
    "another information": lambda content: append(content, {60: b"<< /Title (Another) >>"}, information=60),
}
ADDITIONS = {
    "names with a script": in_catalog(
        b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>"
    ),
    "script on opening": in_catalog(b"/OpenAction << /S /JavaScript /JS (1) >>"),
    "further actions": in_catalog(b"/AA << /WC << /S /JavaScript /JS (1) >> >>"),
    "a file": in_catalog(b"/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /F (a) >>] >> >>"),
    "layers": in_catalog(b"/OCProperties << /OCGs [] /D << /BaseState /OFF >> >>"),
    "permissions": in_catalog(b"/Perms << /DocMDP << /Type /Sig >> >>"),
    "usage rights": in_catalog(b"/Perms << /UR3 << /Type /Sig /Contents <00> >> >>"),
    "another form language": in_form(b"/XFA (<xdp/>)"),
    "fields to be drawn anew": in_form(b"/NeedAppearances true"),
    "fields in another size": lambda content: append(
        content, {10: newest(content, 10).replace(b"F1 0 Tf", b"F1 90 Tf")}
    ),
    "fields in other letters": lambda content: append(
        content,
        {
            10: newest(content, 10).replace(b"/F1 5 0 R", b"/F1 90 0 R"),
            90: FONT.replace(b"Helvetica", b"Wingdings"),
        },
    ),
    "flags of signatures and calculation": in_form(b"/CO [11 0 R]"),
    "page action": lambda content: append(
        content, {3: page(content, b"/AA << /O << /S /JavaScript /JS (1) >> >>")}
    ),
    "cropped page": lambda content: append(content, {3: page(content, b"/CropBox [0 0 10 10]")}),
    "turned page": lambda content: append(content, {3: page(content, b"/Rotate 180")}),
    **{
        f"note: {kind.decode()}": annotate(kind)
        for kind in (b"FreeText", b"Stamp", b"Redact", b"Link", b"Widget")
    },
    "evidence over the content": evidence_over_content,
    "evidence with a script": evidence_with_a_script,
    "a hollow signature over the page": hollow_signature,
    "a mark over the content": mark_over_content,
    "a change under a timestamp": stamp_a_change,
}
TABLES = {
    "an object stream": override_in_object_stream,
    "a hybrid table": override_by_hybrid,
    "a table that forgets": forget_the_signed_table,
    "tables in a circle": loop_the_tables,
    "a body without a table": body_without_table,
    "a body with a trailer": body_with_trailer_only,
    "a comment as the end": body_with_a_comment_as_end,
}
FORGERIES = {
    "moved range": wrap,
    "widened place": wrap_inside_contents,
    "shortened range": shrink_the_range,
    **{
        f"range {value!r}": in_range(value)
        for value in (
            b"",
            b"/ByteRange null",
            b"/ByteRange []",
            b"/ByteRange [0]",
            b"/ByteRange [0 0 0 0]",
            b"/ByteRange [-1 1 1 1]",
            b"/ByteRange [0 99999999999 1 1]",
            b"/ByteRange [0 1 1 999999]",
            b"/ByteRange /Name",
        )
    },
    **{
        f"contents {value!r}": in_contents(value)
        for value in (b"", b"<>", b"<00>", b"null", b"()", b"<3000>", b"<" + b"30" * 40 + b">", b"99 0 R")
    },
    "zero signature": zero_the_signature_value,
}
GAPS = {
    "a gap filled": fill_the_gap,
    "a gap filled as evidence": fill_the_gap_as_evidence,
    "a gap filled in an object stream": fill_the_gap_in_an_object_stream,
}
