"""The demonstration's keys, open to everybody: key files of its people, and the key of its seal."""

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from ecabinet.demo.authority import Authority
from people.models import User
from signatures.models import SigningCertificate
from signatures.rules import KeyWay


def sign_data(key: Any, data: bytes) -> bytes:
    value: bytes = key.sign(data, ec.ECDSA(SHA256()))
    return value


def sign_with_folder_key(certificate: SigningCertificate, data: bytes) -> bytes:
    """In the place of the security module, where the installation is a demonstration and has none."""
    from signatures.keys.server import ServerKeyUnavailable  # the module's library, for a worker alone

    file = Path(settings.DEMO_AUTHORITY_DIR or "/nowhere") / f"{certificate.key_name}.key"
    if not file.is_file():
        raise ServerKeyUnavailable(f"The demonstration has no key named {certificate.key_name}.")
    return sign_data(load_pem_private_key(file.read_bytes(), None), data)


def find_key_file(person: User) -> bytes | None:
    """Her key and certificate as PKCS#12, where the demonstration has handed them out."""
    if not settings.DEMO_AUTHORITY_DIR:
        return None
    certificate = SigningCertificate.objects.usable().of(person).filter(way=KeyWay.BROWSER).first()
    office = person.appointments.current().select_related("organisation").first()
    if certificate is None or office is None:
        return None
    identity = Authority(Path(settings.DEMO_AUTHORITY_DIR)).find(person.full_name, office.organisation.name)
    return identity.p12 if identity is not None and identity.der == bytes(certificate.der) else None
