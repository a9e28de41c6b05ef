"""The file of an evidence bundle, written on the disk piece by piece: large papers need no memory."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

from archive.actions import seal_evidence
from archive.evidence.gathering import Gathered, gather, spell
from archive.evidence.log import prove_manifest
from archive.evidence.part import Part
from archive.evidence.seal import seal_manifest
from archive.models import EvidenceBundle
from core.actors import WORKER
from documents.manifest import canonical
from verifier.bundle.container import Writer
from verifier.bundle.reading import FORMAT, MANIFEST, PROOF, SEAL


class OtherBytes(Exception):
    """The storage holds something else than was written down: no evidence is made of that."""


@dataclass(frozen=True)
class Made:
    is_sealed: bool
    is_logged: bool


def make(bundle: EvidenceBundle, target: Path) -> Made:
    """Files, list, seal, and the proof that the log has the list's hash."""
    gathered = gather(bundle)
    with target.open("w+b") as file:
        writer = Writer(file)
        lines = [_write(writer, part) for part in sorted(gathered.parts, key=lambda part: part.path)]
        manifest = canonical(_tell_manifest(bundle, gathered, lines)).encode()
        writer.add(MANIFEST, BytesIO(manifest))
        digest = hashlib.sha256(manifest).hexdigest()
        event = seal_evidence(bundle, by=WORKER, manifest_sha256=digest, contents=_summarise(gathered, lines))
        seal = seal_manifest(bundle, manifest)
        if seal is not None:
            writer.add(SEAL, BytesIO(seal))
        proof = prove_manifest(event)
        if proof is not None:
            writer.add(PROOF, BytesIO(canonical(proof).encode()))
        writer.close()
    return Made(is_sealed=seal is not None, is_logged=proof is not None)


def _write(writer: Writer, part: Part) -> dict[str, Any]:
    with part.open() as source:
        sha256, size = writer.add(part.path, source)
    if part.expected not in ("", sha256):
        raise OtherBytes(part.path)
    line = {**part.facts, "path": part.path, "kind": part.kind, "sha256": sha256, "size": size}
    return {**line, "of": part.of} if part.of else line


def _tell_manifest(bundle: EvidenceBundle, gathered: Gathered, lines: list[dict[str, Any]]) -> dict[str, Any]:
    resolution = bundle.resolution
    return {
        "format": FORMAT,
        "made_at": spell(bundle.ordered_at),
        "made_by": {
            "address": settings.SITE_URL,
            "office": bundle.role,
            "person": bundle.ordered_by_name,
        },
        "decision": {
            "body": resolution.body.name,
            "number": resolution.full_number,
            "subject": resolution.subject,
        },
        "files": lines,
        "left_out": [
            {"what": what, "because": because, "count": count}
            for (what, because), count in sorted(gathered.left_out.items())
        ],
    }


def _summarise(gathered: Gathered, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """For the page: how many of what."""
    return {
        "files": Counter(line["kind"] for line in lines),
        "left_out": [[what, because, count] for (what, because), count in sorted(gathered.left_out.items())],
    }
