"""The organisation's seal on a bundle's list of files, where it has one in the house's security module."""

import hashlib
import logging

from django.conf import settings

from archive.models import EvidenceBundle
from signatures.cms import build_attributes, build_cms
from signatures.keys.server import ServerKeyUnavailable, is_configured, sign_with_server_key
from signatures.models import SigningCertificate
from signatures.places import find_chain
from signatures.rules import KeyWay
from signatures.timestamping import Timestamp, TimestampUnavailable, request_timestamp
from signatures.values import digest_of, hash_with, is_made_by

logger = logging.getLogger(__name__)


def seal_manifest(bundle: EvidenceBundle, manifest: bytes) -> bytes | None:
    """A detached CMS over the bytes, with a timestamp if one is to be had; None where nobody can seal now.

    A bundle does not wait for the seal: what the log proves it proves without it.
    """
    office = bundle.resolution.body.office_id
    seals = SigningCertificate.objects.usable().filter(organisation=office, way=KeyWay.SERVER)
    certificate = seals.first()
    if certificate is None or not (settings.SEAL_SIGNER or is_configured()):
        return None
    der = bytes(certificate.der)
    to_sign = build_attributes(der, hash_with(digest_of(der), manifest))
    try:
        value = sign_with_server_key(certificate, to_sign)
    except ServerKeyUnavailable as unavailable:
        logger.warning("No seal on bundle %s: %s", bundle.pk, unavailable)
        return None
    if not is_made_by(der, value, to_sign):
        logger.error("The module signed with another key than certificate %s has", certificate.pk)
        return None
    token = stamp(value)
    return build_cms(der, to_sign, value, chain=find_chain(der), token=token.token if token else None)


def stamp(content: bytes) -> Timestamp | None:
    """A timestamp over these bytes; None while no authority gives one."""
    try:
        return request_timestamp(hashlib.sha256(content).digest())
    except TimestampUnavailable:
        return None
