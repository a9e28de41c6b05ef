"""A public-key infrastructure for showing the product: root, issuing CA, timestamps, signers, signed PDFs.

Every certificate says that it proves nothing. Keys lie unencrypted in the folder: never for real papers.
"""

import asyncio
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from verifier.pdf.trust import TrustStore

NOTICE = "PKI trình diễn – không có giá trị pháp lý"

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

LIFE = timedelta(days=365 * 10)
RESERVED_BYTES = 8192  # for the CMS with its timestamp


@dataclass(frozen=True)
class Identity:
    certificate: x509.Certificate
    key: PrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True)
class DemonstrationPki:
    """In the shape of the Government's own: signers under an issuing CA, timestamps under the root."""

    root: Identity
    issuer: Identity
    timestamps: Identity

    def make_trust_store(self, at: datetime, revoked: Iterable[tuple[int, datetime]] = ()) -> TrustStore:
        lists = (
            make_revocation_list(self.issuer, at, revoked=revoked),
            make_revocation_list(self.root, at),
        )
        return TrustStore.build(anchors=(self.issuer.der, self.root.der), crls=lists)


def open_pki(folder: Path, at: datetime) -> DemonstrationPki:
    """The folder's own, made at its first use."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / "timestamps.pem").exists():
        pki = create_pki(at)
        for name in ("root", "issuer", "timestamps"):
            save_identity(getattr(pki, name), folder / f"{name}.pem")
    return DemonstrationPki(
        *(load_identity(folder / f"{name}.pem") for name in ("root", "issuer", "timestamps"))
    )


def create_pki(at: datetime) -> DemonstrationPki:
    root = _certify(
        _name("RootCA", "Ban Cơ yếu"), ec.generate_private_key(ec.SECP384R1()), None, at, _AUTHORITY
    )
    issuer = _certify(
        _name("CA phục vụ các cơ quan Nhà nước", "Ban Cơ yếu"),
        ec.generate_private_key(ec.SECP384R1()),
        root,
        at,
        _AUTHORITY,
    )
    timestamps = _certify(
        _name("Máy chủ cấp dấu thời gian", "Ban Cơ yếu"),
        rsa.generate_private_key(65537, 2048),
        root,
        at,
        _TIMESTAMPS,
    )
    return DemonstrationPki(root, issuer, timestamps)


def open_signer(
    folder: Path, pki: DemonstrationPki, at: datetime, *, name: str, organisation: str, unit: str = ""
) -> Identity:
    """The signer of that name, with a certificate issued at the first use."""
    path = folder / f"signer-{_slug(f'{name} {organisation}')}.pem"
    if not path.exists():
        save_identity(issue_signer(pki, at, name=name, organisation=organisation, unit=unit), path)
    return load_identity(path)


def issue_signer(
    pki: DemonstrationPki,
    at: datetime,
    *,
    name: str,
    organisation: str,
    unit: str = "",
    end: datetime | None = None,
) -> Identity:
    """A person's certificate, or an organisation's seal where both names are the same."""
    subject = _name(name, organisation, unit)
    return _certify(subject, ec.generate_private_key(ec.SECP256R1()), pki.issuer, at, _SIGNER, end=end)


def sign_pdf(
    content: bytes,
    signer: Identity,
    pki: DemonstrationPki,
    *,
    at: datetime,
    field: str = "Signature1",
    reason: str | None = None,
    location: str | None = "Hà Nội",
) -> bytes:
    """PAdES B-T (ETSI EN 319 142-1): the signature and a timestamp over it, both of the moment `at`."""
    output = BytesIO(content)
    writer = IncrementalPdfFileWriter(output)
    embedding = PdfCMSEmbedder(new_field_spec=SigFieldSpec(field)).write_cms(field, writer)
    next(embedding)
    placeholder = SignatureObject(
        subfilter=SigSeedSubFilter.PADES,
        timestamp=at,
        bytes_reserved=RESERVED_BYTES * 2,
        reason=reason,
        location=location,
    )
    embedding.send(SigObjSetup(sig_placeholder=placeholder))
    digest, _ = embedding.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    signing = make_signer(signer, [pki.issuer]).async_sign(
        digest.document_digest, "sha256", use_pades=True, timestamper=make_timestamper(pki, at)
    )
    embedding.send(asyncio.run(signing))
    return output.getvalue()


def make_signer(signer: Identity, chain: Iterable[Identity] = ()) -> SimpleSigner:
    known = SimpleCertificateStore.from_certs([_to_asn1(identity) for identity in chain])
    return SimpleSigner(_to_asn1(signer), _key_to_asn1(signer), cert_registry=known)


def make_timestamper(pki: DemonstrationPki, at: datetime) -> DummyTimeStamper:
    known = SimpleCertificateStore.from_certs([_to_asn1(pki.root)])
    return DummyTimeStamper(_to_asn1(pki.timestamps), _key_to_asn1(pki.timestamps), known, fixed_dt=at)


def make_revocation_list(
    issuer: Identity,
    at: datetime,
    *,
    revoked: Iterable[tuple[int, datetime]] = (),
    until: datetime | None = None,
) -> bytes:
    """RFC 5280, section 5. DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(until or at + LIFE)
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        .add_extension(_key_identifier_of(issuer), critical=False)
    )
    for serial, moment in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def save_identity(identity: Identity, path: Path) -> None:
    key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(identity.certificate.public_bytes(Encoding.PEM) + key)


def load_identity(path: Path) -> Identity:
    content = path.read_bytes()
    key = load_pem_private_key(content[content.index(b"-----BEGIN PRIVATE KEY") :], None)
    assert isinstance(key, PrivateKey)
    return Identity(x509.load_pem_x509_certificate(content), key)


def _name(common_name: str, organisation: str, unit: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation)]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, part) for part in (unit, NOTICE) if part]
    parts += [(NameOID.COMMON_NAME, common_name)]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


Extensions = tuple[tuple[x509.ExtensionType, bool], ...]


def _usage(*names: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in names for name in every})


_AUTHORITY: Extensions = (
    (x509.BasicConstraints(ca=True, path_length=None), True),
    (_usage("key_cert_sign", "crl_sign"), True),
)
_TIMESTAMPS: Extensions = (
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (_usage("digital_signature"), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),  # RFC 3161, 2.3
)
_SIGNER: Extensions = (
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (_usage("digital_signature", "content_commitment"), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
)


def _certify(
    subject: x509.Name,
    key: PrivateKey,
    issuer: Identity | None,
    at: datetime,
    extensions: Extensions,
    *,
    end: datetime | None = None,
) -> Identity:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(end or at + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        builder = builder.add_extension(_key_identifier_of(issuer), critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def _key_identifier_of(issuer: Identity) -> x509.AuthorityKeyIdentifier:
    own = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _to_asn1(identity: Identity) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(identity.der)


def _key_to_asn1(identity: Identity) -> asn1_keys.PrivateKeyInfo:
    return asn1_keys.PrivateKeyInfo.load(
        identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")
