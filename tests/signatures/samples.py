"""Signed papers and attacks on them, made from the published descriptions."""

import asyncio
import logging
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

import pikepdf
import weasyprint
from asn1crypto import cms, crl, ocsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData
from pyhanko_certvalidator import ValidationContext

from signatures.demonstration import (
    DemonstrationPki,
    Identity,
    create_pki,
    issue_signer,
    make_revocation_list,
    make_signer,
    make_timestamper,
    sign_pdf,
)
from signatures.verifier import Report, SignatureResult, TrustStore

START = datetime(2025, 1, 1, tzinfo=UTC)
SIGNED = datetime(2026, 3, 1, 8, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@cache
def pki() -> DemonstrationPki:
    return create_pki(START)


@cache
def rogue() -> DemonstrationPki:
    """Other keys under the very same names."""
    return create_pki(START)


@cache
def minister() -> Identity:
    return issue_signer(pki(), START, name="Nguyễn Hữu Đức", organisation="Bộ Tài chính", unit="Lãnh đạo Bộ")


@cache
def seal() -> Identity:
    return issue_signer(pki(), START, name="Bộ Tài chính", organisation="Bộ Tài chính")


@cache
def paper() -> bytes:
    page = "<html lang=vi><title>Tờ trình</title><meta name=author content='Bộ Tài chính'><p>Số: 12/TTr-BTC"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open.
        return weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-2b")


@cache
def form() -> bytes:
    page = "<html lang=vi><form><input name=sum value=100></form><p>Biểu mẫu"
    return weasyprint.HTML(string=page).write_pdf(pdf_forms=True)


@cache
def signed() -> bytes:
    return sign_pdf(paper(), minister(), pki(), at=SIGNED)


def revocation_lists(
    issued: datetime = NOW - DAY, until: datetime = NOW + DAY, revoked=()
) -> tuple[bytes, bytes]:
    return (
        make_revocation_list(pki().issuer, issued, until=until, revoked=revoked),
        make_revocation_list(pki().root, issued, until=until),
    )


def trust(lists: tuple[bytes, ...] | None = None, *, anchors: tuple[bytes, ...] | None = None) -> TrustStore:
    return TrustStore.build(
        anchors=anchors if anchors is not None else (pki().issuer.der, pki().root.der),
        crls=revocation_lists() if lists is None else lists,
    )


def sign_to_level(
    content: bytes,
    level: str,
    *,
    identity: Identity | None = None,
    field: str = "Level",
    digest: str = "sha256",
) -> bytes:
    """B-B, B-T, B-LT or B-LTA with evidence of the day of signing."""
    lists = revocation_lists(SIGNED, NOW + DAY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = ValidationContext(
            trust_roots=[make_signer(pki().root).signing_cert],
            other_certs=[make_signer(pki().issuer).signing_cert],
            crls=[crl.CertificateList.load(item) for item in lists],
            moment=SIGNED,
            revocation_mode="require",
            allow_fetching=False,
        )
    long_term = level in ("B-LT", "B-LTA")
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=digest,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=long_term,
        use_pades_lta=level == "B-LTA",
        validation_context=context if long_term else None,
    )
    signer = signers.PdfSigner(
        metadata,
        make_signer(identity or minister(), [pki().issuer]),
        timestamper=None if level == "B-B" else make_timestamper(pki(), SIGNED),
    )
    return signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(content))).getvalue()


def sign_plainly(content: bytes, *, digest: str = "sha256", attributes: bool = True, identity=None) -> bytes:
    """A signature as older software makes it: PKCS #7, any digest, with or without signed attributes."""
    signer = make_signer(identity or minister(), [pki().issuer])
    metadata = signers.PdfSignatureMetadata(
        field_name="Old", md_algorithm=digest, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    )
    if attributes:
        return signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), metadata, signer).getvalue()
    return _embed(content, "Old", _sign_bare, "/Sig", SigSeedSubFilter.ADOBE_PKCS7_DETACHED)


def sign_with_weak_digest_to_lta() -> bytes:
    """SHA-1 named apart from the algorithm of the signature, and a document timestamp of today over it."""
    return stamp_document(sign_plainly(paper(), digest="sha1", identity=rsa_signer()))


@cache
def rsa_signer() -> Identity:
    key = rsa.generate_private_key(65537, 2048)
    return reissue(key, [])


def sign_with_revocation_info(content: bytes, identity: Identity, answers: list[bytes]) -> bytes:
    """The older place for revocation data: an attribute of the signature (ISO 32000-2, 12.8.3.3.2)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = ValidationContext(
            trust_roots=[make_signer(pki().root).signing_cert],
            other_certs=[make_signer(pki().issuer).signing_cert],
            ocsps=[ocsp.OCSPResponse.load(item) for item in answers],
            moment=NOW,
            allow_fetching=False,
        )
    metadata = signers.PdfSignatureMetadata(
        field_name="Old",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        embed_validation_info=True,
        validation_context=context,
    )
    signer = make_signer(identity, [pki().issuer])
    return signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), metadata, signer).getvalue()


def issue_with(code: str = "", responder: str = "") -> Identity:
    """A certificate as authorities issue them: with a number, and with the address where to ask about it."""
    extensions: list[x509.ExtensionType] = []
    if responder:
        address = x509.UniformResourceIdentifier(responder)
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, address)
        extensions = [x509.AuthorityInformationAccess([access])]
    return reissue(ec.generate_private_key(ec.SECP256R1()), extensions, code)


def reissue(
    key,
    extensions,
    code: str = "",
    *,
    like: Identity | None = None,
    issuer: Identity | None = None,
    end: datetime | None = None,
) -> Identity:
    """The minister's certificate, or that of another, for another key."""
    plain, issuer = (like or minister()).certificate, issuer or pki().issuer
    subject = [*plain.subject, *([x509.NameAttribute(NameOID.USER_ID, code)] if code else [])]
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .issuer_name(plain.issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(plain.not_valid_before_utc)
        .not_valid_after(end or plain.not_valid_after_utc)
    )
    for extension in plain.extensions:
        if not isinstance(extension.value, x509.SubjectKeyIdentifier):
            builder = builder.add_extension(extension.value, extension.critical)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return Identity(builder.sign(issuer.key, SHA256()), key)


def stamp_document(
    content: bytes,
    *,
    as_signature: bool = False,
    field: str = "Stamp",
    by: DemonstrationPki | None = None,
    at: datetime = SIGNED,
) -> bytes:
    """A document timestamp; in older files it has the type of a signature."""
    kind = "/Sig" if as_signature else "/DocTimeStamp"

    def stamp(digest: bytes):
        return asyncio.run(make_timestamper(by or pki(), at).async_timestamp(digest, "sha256"))

    return _embed(content, field, stamp, kind, SigSeedSubFilter.ETSI_RFC3161)


def _embed(content: bytes, field: str, make_cms, kind: str, sub_filter: SigSeedSubFilter) -> bytes:
    output = BytesIO(content)
    embedding = PdfCMSEmbedder(new_field_spec=SigFieldSpec(field)).write_cms(
        field, IncrementalPdfFileWriter(output)
    )
    next(embedding)
    placeholder = PdfSignedData(pdf_name(kind), subfilter=sub_filter, bytes_reserved=16384)
    embedding.send(SigObjSetup(sig_placeholder=placeholder))
    digest, _ = embedding.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    embedding.send(make_cms(digest.document_digest))
    return output.getvalue()


def _sign_bare(digest: bytes):
    """CMS without signed attributes: the signature value stands directly over the content (RFC 5652, 5.4)."""
    made = asyncio.run(make_signer(minister(), [pki().issuer]).async_sign(digest, "sha256"))
    info = made["content"]["signer_infos"][0]
    bare = cms.SignerInfo(
        {
            **{key: info[key] for key in ("version", "sid", "digest_algorithm", "signature_algorithm")},
            "signature": minister().key.sign(digest, ec.ECDSA(Prehashed(SHA256()))),
        }
    )
    made["content"]["signer_infos"] = cms.SignerInfos([bare])
    return made


# Attacks


def append_revision(content: bytes, change) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(content))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _first_page(writer):
    return writer.root["/Pages"]["/Kids"][0].get_object()


def draw_over_page(writer) -> None:
    page = _first_page(writer)
    stream = writer.add_object(generic.StreamObject(stream_data=b"1 1 1 rg 0 0 600 900 re f"))
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), stream])
    writer.update_container(page)


def annotate_page(writer) -> None:
    page = _first_page(writer)
    rectangle = generic.ArrayObject([generic.FloatObject(n) for n in (0, 0, 500, 500)])
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): rectangle,
            pdf_name("/Contents"): pdf_string("Không đồng ý"),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])
    writer.update_container(page)


def run_script_on_opening(writer) -> None:
    script = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
    writer.root["/OpenAction"] = generic.DictionaryObject(script)
    writer.update_root()


def change_title(writer) -> None:
    information = writer.trailer["/Info"]
    information["/Title"] = pdf_string("Nghị quyết")
    writer.update_container(information)


def change_metadata(writer) -> None:
    stream = writer.root["/Metadata"]
    stream._data = stream.data.replace("Tờ trình".encode(), "Công văn".encode())
    stream._encoded_data = None
    writer.update_container(stream)


def add_visible_empty_field(writer) -> None:
    append_signature_field(writer, SigFieldSpec("Cover", box=(0, 0, 500, 700)))
    field = writer.root["/AcroForm"]["/Fields"][-1].get_object()
    picture = generic.StreamObject(stream_data=b"1 1 1 rg 0 0 500 700 re f")
    picture[pdf_name("/Type")], picture[pdf_name("/Subtype")] = pdf_name("/XObject"), pdf_name("/Form")
    picture[pdf_name("/BBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 500, 700)])
    appearance = generic.DictionaryObject({pdf_name("/N"): writer.add_object(picture)})
    field[pdf_name("/AP")] = appearance
    writer.update_container(field)


def fill_form(writer) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field["/V"] = pdf_string("999")
    writer.update_container(field)


def drop_form(writer) -> None:
    del writer.root["/AcroForm"]
    writer.update_root()


CHANGES = {
    "page drawn over": draw_over_page,
    "note on the page": annotate_page,
    "script on opening": run_script_on_opening,
    "another title": change_title,
    "other metadata": change_metadata,
    "empty field that hides the page": add_visible_empty_field,
}


def fill_padding(content: bytes) -> bytes:
    """Non-zero bytes behind the CMS, where no digest reaches."""
    end = content.rindex(b"00>")
    return content[:end] + b"41" + content[end + 2 :]


def rewrite(content: bytes, *, drop_fields: bool = False) -> bytes:
    """What a program that knows nothing of signatures makes of the file."""
    output = BytesIO()
    with warnings.catch_warnings(), pikepdf.open(BytesIO(content)) as document:
        warnings.simplefilter("ignore")
        if drop_fields:
            del document.Root.AcroForm
        document.save(output, compress_streams=True, recompress_flate=True)
    return output.getvalue()


def the_signature(report: Report) -> SignatureResult:
    (signature,) = [item for item in report.signatures if item.kind == "signature"]
    return signature
