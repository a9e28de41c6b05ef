"""A certification authority for showing and testing: root, issuing authority, OCSP, timestamps, signers.

It writes keys, certificates and the YAML that certomancer serves (`authority_server`). Every certificate says
that it proves nothing, and the keys lie unencrypted in the folder: never for real papers. No Django here.
"""

import fcntl
import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

NOTICE = "PKI trình diễn – không có giá trị pháp lý"
PASSWORD = "trinh-dien"  # of the key files it hands out
ARCHITECTURE = "demo"

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
Extensions = tuple[tuple[x509.ExtensionType, bool], ...]

LIFE = timedelta(days=365 * 10)
LEAD = timedelta(days=366 * 3)  # the authority is older than what it certifies


@dataclass(frozen=True)
class Identity:
    """A certificate and, unless it lives in a token, its key."""

    certificate: x509.Certificate
    key: PrivateKey | None
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def p12(self) -> bytes:
        """The key file, opened by PASSWORD."""
        return self.make_pkcs12(PASSWORD)

    def make_pkcs12(self, password: str) -> bytes:
        protection = BestAvailableEncryption(password.encode())
        name = str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        return pkcs12.serialize_key_and_certificates(
            name.encode(), self.key, self.certificate, self.chain, protection
        )


class Authority:
    """One folder, one address. What the folder lacks is made when it is opened."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder = folder
        with self._alone():
            self.address = self._keep_address(address)
            if not self.configuration_file.exists():
                self._found(datetime.now(UTC).replace(microsecond=0) - LEAD)
        self.root = self._load("root")
        self.issuer = self._load("issuer")
        self.timestamps = self._load("timestamps")

    def _keep_address(self, given: str) -> str:
        """The first one counts: it stands in the certificates."""
        kept = self.folder / "address"
        if not kept.exists():
            kept.write_text(given.rstrip("/"))
        return kept.read_text().strip()

    @property
    def configuration_file(self) -> Path:
        return self.folder / "authority.yaml"

    @property
    def tsa_url(self) -> str:
        return f"{self.address}/{ARCHITECTURE}/tsa/timestamps"

    @property
    def ocsp_url(self) -> str:
        return f"{self.address}/{ARCHITECTURE}/ocsp/issuer"

    @property
    def crl_urls(self) -> list[str]:
        """Of the issuing authority, and of the root."""
        return [self._crl_url("issuer"), self._crl_url("root")]

    def issue(
        self,
        name: str,
        organisation: str,
        *,
        unit: str = "",
        key: str = "ec",
        start: datetime | None = None,
        end: datetime | None = None,
        usage: tuple[str, ...] = ("digital_signature", "content_commitment"),
    ) -> Identity:
        """A person's certificate and key; an organisation's seal where both names are the same."""
        private = make_key(key)
        certificate = self.certify(
            private.public_key(), name, organisation, unit=unit, start=start, end=end, usage=usage
        )
        return Identity(certificate, private, self._chain)

    def issue_once(
        self, name: str, organisation: str, *, unit: str = "", start: datetime | None = None
    ) -> Identity:
        """The same identity each time, kept in the folder."""
        label = _slug(f"{name} {organisation}")
        if not (self.folder / f"{label}.pem").exists():
            self._save(label, self.issue(name, organisation, unit=unit, start=start))
        return self._load(label)

    def find(self, name: str, organisation: str) -> Identity | None:
        """What `issue_once` has kept."""
        label = _slug(f"{name} {organisation}")
        return self._load(label) if (self.folder / f"{label}.key").exists() else None

    def keep_key(self, label: str, identity: Identity) -> None:
        """Under a name of its own, as a security module holds it."""
        self._save(label, identity)

    def certify(
        self,
        public_key: PublicKey,
        name: str,
        organisation: str,
        *,
        unit: str = "",
        start: datetime | None = None,
        end: datetime | None = None,
        usage: tuple[str, ...] = ("digital_signature", "content_commitment"),
    ) -> x509.Certificate:
        """A certificate for a key that was made elsewhere: in a token, in a security module."""
        start = start or datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
        extensions: Extensions = (
            *_END_ENTITY,
            (_usage(*usage), True),
            (
                x509.ExtendedKeyUsage(
                    [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]
                ),
                False,
            ),
            *self._whereabouts("issuer", with_ocsp=True),
        )
        certificate = _certify(
            _name(name, organisation, unit), public_key, self.issuer, start, end or start + LIFE, extensions
        )
        self._note(certificate, issuer="issuer")
        return certificate

    def revoke(self, certificate: x509.Certificate | Identity, at: datetime | None = None) -> None:
        """From that moment on; OCSP and CRL say so at once."""
        subject = certificate.certificate if isinstance(certificate, Identity) else certificate
        with self._alone():
            noted = self._read_notes()
            noted[str(subject.serial_number)]["revoked"] = (at or datetime.now(UTC)).isoformat()
            self._write_notes(noted)

    def _found(self, at: datetime) -> None:
        root = _self_signed("RootCA", "Ban Cơ yếu", at)
        self._save("root", root)
        self.root = root
        notes: dict[str, Any] = {}
        issuer = self._make(root, "CA phục vụ các cơ quan Nhà nước", "ec-p384", at, _AUTHORITY, "root")
        stamps = self._make(root, "Máy chủ cấp dấu thời gian", "rsa", at, _TIMESTAMPS, "root")
        responder = self._make(issuer, "Máy chủ OCSP", "ec", at, _RESPONDER, "issuer")
        for label, identity, by in (
            ("root", root, "root"),
            ("issuer", issuer, "root"),
            ("timestamps", stamps, "root"),
            ("responder", responder, "issuer"),
        ):
            self._save(label, identity)
            notes[str(identity.certificate.serial_number)] = {"label": label, "issuer": by}
        self._write_notes(notes)

    def _make(
        self, issuer: Identity, name: str, kind: str, at: datetime, extensions: Extensions, by: str
    ) -> Identity:
        key = make_key(kind)
        whereabouts = self._whereabouts(by, with_ocsp=False)
        subject = _name(name, "Ban Cơ yếu")
        certificate = _certify(
            subject, key.public_key(), issuer, at, at + 2 * LIFE, (*extensions, *whereabouts)
        )
        return Identity(certificate, key)

    def _whereabouts(self, issuer: str, *, with_ocsp: bool) -> Extensions:
        """Where a verifier asks whether the certificate still holds."""
        lists = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(self._crl_url(issuer))], None, None, None
        )
        found: Extensions = ((x509.CRLDistributionPoints([lists]), False),)
        if not with_ocsp:
            return found
        ocsp = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(self.ocsp_url)
        )
        return (*found, (x509.AuthorityInformationAccess([ocsp]), False))

    def _crl_url(self, issuer: str) -> str:
        return f"{self.address}/{ARCHITECTURE}/crls/{issuer}/latest.crl"

    @property
    def _chain(self) -> tuple[x509.Certificate, ...]:
        return (self.issuer.certificate, self.root.certificate)

    def _save(self, label: str, identity: Identity) -> None:
        assert identity.key is not None
        key = identity.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        for path, content in (
            (self.folder / f"{label}.key", key),
            (self.folder / f"{label}.pem", identity.pem),
        ):
            path.touch(mode=0o600)
            path.write_bytes(content)

    def _load(self, label: str) -> Identity:
        key = load_pem_private_key((self.folder / f"{label}.key").read_bytes(), None)
        assert isinstance(key, PrivateKey)
        certificate = x509.load_pem_x509_certificate((self.folder / f"{label}.pem").read_bytes())
        chain = () if label in _OWN_LABELS else self._chain
        return Identity(certificate, key, chain)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _note(self, certificate: x509.Certificate, issuer: str) -> None:
        label = f"c{certificate.serial_number:x}"
        with self._alone():
            (self.folder / f"{label}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
            noted = self._read_notes()
            noted[str(certificate.serial_number)] = {"label": label, "issuer": issuer}
            self._write_notes(noted)

    def _read_notes(self) -> dict[str, Any]:
        noted: dict[str, Any] = json.loads((self.folder / "issued.json").read_text())
        return noted

    def _write_notes(self, noted: dict[str, Any]) -> None:
        (self.folder / "issued.json").write_text(json.dumps(noted))
        written = self.folder / "authority.yaml.new"
        written.write_text(yaml.safe_dump(self._describe(noted), allow_unicode=True, sort_keys=False))
        written.replace(self.configuration_file)

    def _describe(self, noted: dict[str, Any]) -> dict[str, Any]:
        """What certomancer reads."""
        architecture = {
            "keyset": ARCHITECTURE,
            "entities": {label: _describe_name(self.folder / f"{label}.pem") for label in ("root", "issuer")},
            "certs": {
                entry["label"]: _describe_certificate(serial, entry) for serial, entry in noted.items()
            },
            "services": {
                "ocsp": {"issuer": {"for-issuer": "issuer", "responder-cert": "responder"}},
                "crl-repo": {
                    label: {
                        "for-issuer": label,
                        "signing-key": label,
                        "simulated-update-schedule": "P7D",
                    }
                    for label in ("root", "issuer")
                },
                "time-stamping": {"timestamps": {"signing-cert": "timestamps", "certs-to-embed": ["root"]}},
            },
        }
        return {
            "external-url-prefix": self.address,
            "keysets": {
                ARCHITECTURE: {"keys": {label: {"path": f"{label}.key"} for label in _OWN_LABELS}},
            },
            "pki-architectures": {ARCHITECTURE: architecture},
        }


_OWN_LABELS = ("root", "issuer", "timestamps", "responder")


def make_key(kind: str) -> PrivateKey:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP384R1() if kind == "ec-p384" else ec.SECP256R1())


def _describe_name(path: Path) -> dict[str, str]:
    names = {
        NameOID.COUNTRY_NAME: "country-name",
        NameOID.ORGANIZATION_NAME: "organization-name",
        NameOID.ORGANIZATIONAL_UNIT_NAME: "organizational-unit-name",
        NameOID.COMMON_NAME: "common-name",
    }
    subject = x509.load_pem_x509_certificate(path.read_bytes()).subject
    return {names[part.oid]: str(part.value) for part in subject}


def _describe_certificate(serial: str, entry: dict[str, str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "issuer": entry["issuer"],
        "serial": int(serial),
        "certificate-file": f"{entry['label']}.pem",
        "validity": {"valid-from": "2000-01-01T00:00:00+0000", "valid-to": "2100-01-01T00:00:00+0000"},
    }
    if revoked := entry.get("revoked"):
        described["revocation"] = {"revoked-since": revoked, "reason": "key_compromise"}
    return described


def _usage(*names: str) -> x509.KeyUsage:
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: name in names for name in every.split()})


_AUTHORITY: Extensions = (
    (x509.BasicConstraints(ca=True, path_length=None), True),
    (_usage("key_cert_sign", "crl_sign"), True),
)
_END_ENTITY: Extensions = ((x509.BasicConstraints(ca=False, path_length=None), True),)
_TIMESTAMPS: Extensions = (
    *_END_ENTITY,
    (_usage("digital_signature"), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),  # RFC 3161, 2.3
)
_RESPONDER: Extensions = (
    *_END_ENTITY,
    (_usage("digital_signature"), True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
    (x509.OCSPNoCheck(), False),  # RFC 6960, 4.2.2.2.1
)


def _name(common_name: str, organisation: str, unit: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation)]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, part) for part in (unit, NOTICE) if part]
    parts += [(NameOID.COMMON_NAME, common_name)]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


def _self_signed(name: str, organisation: str, at: datetime) -> Identity:
    key = make_key("ec-p384")
    certificate = _certify(
        _name(name, organisation), key.public_key(), None, at, at + 3 * LIFE, _AUTHORITY, key
    )
    return Identity(certificate, key)


def _certify(
    subject: x509.Name,
    public_key: PublicKey,
    issuer: Identity | None,
    start: datetime,
    end: datetime,
    extensions: Extensions,
    own_key: PrivateKey | None = None,
) -> x509.Certificate:
    signer = issuer.key if issuer else own_key
    assert signer is not None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_key_identifier(signer), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, hashes.SHA256())


def _key_identifier(signer: PrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")
