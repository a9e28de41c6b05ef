"""The place of one wanted signature in its file: what is measured, what is shown, what goes along."""

from datetime import datetime
from pathlib import Path
from typing import IO

from asn1crypto import x509
from django.db.models import Max

from documents import storage
from documents.files.inspection import UnreadableFile
from signatures.appearance import find_image, make_stamp, place_mark
from signatures.models import Signature, SigningCertificate, SigningStep
from signatures.preparing import TIMESTAMP_SIZE, Look, Place, UnfitFile, prepare_file
from signatures.trust import build_trust_store

LATELY = 20  # signatures whose timestamps tell how long the next one will be


def prepare_step(
    step: SigningStep, certificate: SigningCertificate, target: IO[bytes], *, at: datetime
) -> tuple[Place, bytes]:
    """Write the file with the empty place to `target`; gives the place, and what the key is to sign."""
    der = bytes(certificate.der)
    with storage.on_disk(step.request) as source:
        return prepare_file(
            source,
            target,
            field=f"Signature{step.pk}",
            certificate=der,
            chain=find_chain(der),
            at=at,
            look=_find_look(step, certificate, source, at),
            timestamp_size=measure_timestamp(),
        )


def _find_look(step: SigningStep, certificate: SigningCertificate, source: Path, at: datetime) -> Look | None:
    try:
        place = place_mark(step, source)
    except UnreadableFile as unreadable:
        raise UnfitFile.of_this_program() from unreadable
    style = make_stamp(step, certificate=certificate, image=find_image(step), at=at)
    return None if place is None or style is None else Look(*place, style)


def measure_timestamp() -> int:
    """As long as the longest of late, and a quarter: an authority may answer that says a little more."""
    lately = Signature.objects.filter(timestamp_size__gt=0).order_by("-pk").values("pk")[:LATELY]
    longest = Signature.objects.filter(pk__in=lately).aggregate(most=Max("timestamp_size"))["most"]
    return longest + longest // 4 if longest else TIMESTAMP_SIZE


def find_chain(certificate: bytes) -> list[bytes]:
    """The issuers known here, from the signer's up to the one below the root: a root travels with nobody."""
    trust = build_trust_store()
    known = {
        item.subject.dump(): item
        for item in (*(anchor.certificate for anchor in trust.anchors), *trust.intermediate_certificates())
    }
    chain: list[bytes] = []
    issuer = known.get(x509.Certificate.load(certificate).issuer.dump())
    while issuer is not None and issuer.dump() not in chain and issuer.subject != issuer.issuer:
        chain.append(issuer.dump())
        issuer = known.get(issuer.issuer.dump())
    return chain
