"""A small authority in memory: two issuers of the same name, signers, a stamper of timestamps. No network."""

import hashlib
from datetime import UTC, datetime, timedelta

from asn1crypto import algos, tsp
from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signatures.cms import build_attributes, build_cms
from signatures.values import digest_of, hash_with
from verifier.pdf.trust import TrustStore

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DER = Encoding.DER
DIGESTS = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}


def make_name(name):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Chính phủ"),
        ]
    )


def make_key(kind):
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[4:]))
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1()}[kind])


class Issuer:
    def __init__(self, name="CA thử nghiệm", start=NOW - timedelta(days=900)):
        self.name, self.key, self.start = make_name(name), make_key("p256"), start
        self.serial = 100
        self.certificate = self.certify(self.name, self.key.public_key(), is_ca=True, days=9000)

    def certify(self, name, public, *, days=700, is_ca=False, stamps=False):
        self.serial += 1
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(self.serial)
            .not_valid_before(self.start)
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(x509.BasicConstraints(is_ca, None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
            .add_extension(
                x509.KeyUsage(not is_ca, not is_ca, False, False, False, is_ca, is_ca, False, False), True
            )
        )
        if stamps:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(purpose, True)
        return builder.sign(self.key, hashes.SHA256())

    def revoke(self, *certificates, at=NOW - timedelta(hours=1), until=NOW + timedelta(days=1)):
        """The revocation list, with these on it."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(at)
            .next_update(until)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False)
            .add_extension(x509.CRLNumber(self.serial), False)
        )
        for one in certificates:
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(at).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(DER)

    def trust(self, *revoked, **options):
        own = [self.certificate.public_bytes(DER)]
        return TrustStore.build(anchors=own, crls=[self.revoke(*revoked, **options)])


class Signer:
    def __init__(self, issuer, kind="p256", name="Nguyễn Hữu Đức", **options):
        self.key = make_key(kind)
        self.certificate = issuer.certify(make_name(name), self.key.public_key(), **options)
        self.der = self.certificate.public_bytes(DER)
        self.digest = digest_of(self.der)

    def sign_value(self, data):
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), DIGESTS[self.digest])
        return self.key.sign(data, ec.ECDSA(DIGESTS[self.digest]))

    def sign(self, content, stamper=None, at=NOW):
        attributes = build_attributes(self.der, hash_with(self.digest, content))
        value = self.sign_value(attributes)
        token = stamper.stamp(value, at) if stamper else None
        return build_cms(self.der, attributes, value, token=token)


class Stamper(Signer):
    """A timestamp authority."""

    def __init__(self, issuer, **options):
        super().__init__(issuer, name="Máy chủ dấu thời gian", stamps=True, **options)

    def stamp(self, value, at=NOW):
        info = tsp.TSTInfo(
            {
                "version": 1,
                "policy": "1.2.3.4",
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                    "hashed_message": hashlib.sha256(value).digest(),
                },
                "serial_number": 7,
                "gen_time": at,
            }
        )
        identity = tsp.SigningCertificateV2({"certs": [{"cert_hash": hashlib.sha256(self.der).digest()}]})
        attributes = asn1_cms.CMSAttributes(
            [
                asn1_cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                asn1_cms.CMSAttribute(
                    {"type": "message_digest", "values": [hashlib.sha256(info.dump()).digest()]}
                ),
                asn1_cms.CMSAttribute({"type": "signing_certificate_v2", "values": [identity]}),
            ]
        )
        whole = asn1_cms.ContentInfo.load(
            build_cms(self.der, attributes.dump(), self.sign_value(attributes.dump()))
        )
        whole["content"]["version"] = "v3"
        whole["content"]["encap_content_info"] = {"content_type": "tst_info", "content": info}
        return whole.dump(force=True)
