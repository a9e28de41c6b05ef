"""Signing slips: the whole way, against the bare key and against a bare pyHanko signature in the same run.

    ./run bench signing [SLIPS]

A slip is a PDF of one page. Our way: prepare the file, sign with the key, check the value against the
certificate, put the signature into the file; pyHanko's is its own signing of the same file with the same key.
The whole has the timestamp too (from the demonstration's authority, in this process) and our verifier's look
at the result. Processor time of one core; no database, no network.
"""

import asyncio
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

START, SIGNED, NOW = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 6))
KEYS: dict[str, Callable[[], Any]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
}
PARTS = ("prepare", "sign", "check", "stamp", "embed", "verify")


def make_slip() -> bytes:
    import weasyprint

    page = "<html lang=vi><title>Phiếu lấy ý kiến</title><h1>Phiếu lấy ý kiến</h1>" + "<p>Đồng ý.</p>" * 20
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bytes(weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-2b"))


def per_second(deed: Callable[[], object], count: int) -> float:
    """Of one core: processor time, so that other work on the machine does not count."""
    deed()
    begun = time.process_time()
    for _ in range(count):
        deed()
    return count / (time.process_time() - begun)


class Way:
    """One key, and each part of the way as a deed of its own."""

    def __init__(self, kind: str, slip: bytes, folder: Path) -> None:
        from signatures.demonstration import (
            _SIGNER,
            _certify,
            _name,
            create_pki,
            make_revocation_list,
            make_timestamper,
        )
        from signatures.verifier import TrustStore

        self.pki, self.key, self.folder = create_pki(START), KEYS[kind](), folder
        name = _name("Nguyễn Hữu Đức", "Bộ Tài chính")
        self.signer = _certify(name, self.key, self.pki.issuer, START, _SIGNER)
        self.chain = [self.pki.issuer.der]
        lists = [make_revocation_list(item, NOW) for item in (self.pki.issuer, self.pki.root)]
        self.trust = TrustStore.build(anchors=(self.pki.issuer.der, self.pki.root.der), crls=lists)
        self.stamper = make_timestamper(self.pki, SIGNED)
        self.source, self.slip = folder / "slip.pdf", slip
        self.source.write_bytes(slip)
        self.prepare()
        self.sign()
        self.stamp()
        self.embed()

    def prepare(self) -> None:
        from signatures.preparing import prepare_file

        with (self.folder / "prepared.pdf").open("w+b") as target:
            self.place, self.to_sign = prepare_file(
                self.source,
                target,
                field="Signature1",
                certificate=self.signer.der,
                chain=self.chain,
                at=SIGNED,
            )

    def sign(self) -> None:
        algorithm = hashes.SHA384() if self.place.digest == "sha384" else hashes.SHA256()
        if isinstance(self.key, rsa.RSAPrivateKey):
            self.value = self.key.sign(self.to_sign, padding.PKCS1v15(), algorithm)
        else:
            self.value = self.key.sign(self.to_sign, ec.ECDSA(algorithm))

    def check(self) -> None:
        from signatures.values import is_made_by

        assert is_made_by(self.signer.der, self.value, self.to_sign)

    def stamp(self) -> None:
        from signatures.values import hash_with

        digest = hash_with(self.place.digest, self.value)
        made = asyncio.run(self.stamper.async_timestamp(digest, self.place.digest))
        self.token = bytes(made.dump())

    def embed(self) -> None:
        from signatures.cms import build_cms
        from signatures.preparing import fill_place

        made = build_cms(self.signer.der, self.to_sign, self.value, chain=self.chain, token=self.token)
        with (self.folder / "signed.pdf").open("w+b") as target:
            fill_place(self.folder / "prepared.pdf", target, self.place, made)

    def verify(self) -> None:
        from signatures.verifier import verify_pdf

        report = verify_pdf(self.folder / "signed.pdf", trust=self.trust, at=NOW)
        assert report.verdict == "valid", report

    def sign_slip(self) -> None:
        """Without the authority's own work: with the last timestamp, which is as long as the right one."""
        self.prepare()
        self.sign()
        self.check()
        self.embed()

    def sign_wholly(self) -> None:
        for part in PARTS:
            getattr(self, part)()

    def sign_with_pyhanko(self) -> None:
        """The library's own way, in memory; it checks nothing."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers
        from pyhanko.sign.fields import SigSeedSubFilter

        from signatures.demonstration import make_signer

        digest = "sha384" if self.place.digest == "sha384" else "sha256"
        metadata = signers.PdfSignatureMetadata(
            field_name="Signature1", md_algorithm=digest, subfilter=SigSeedSubFilter.PADES
        )
        signer = signers.PdfSigner(metadata, make_signer(self.signer, [self.pki.issuer]))
        signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(self.slip)))


def main(slips: int = 500) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
    django.setup()
    slip = make_slip()
    print(f"{slips} slips of {len(slip)} bytes each; per second of one core\n")
    head = ("key", "bare key", "pyHanko", "our way", "to pyHanko", "the whole", "of the key")
    print("".join(f"{word:>13}" for word in head))
    for kind in KEYS:
        with tempfile.TemporaryDirectory() as folder:
            way = Way(kind, slip, Path(folder))
            bare = per_second(way.sign, slips)
            library = per_second(way.sign_with_pyhanko, slips)
            ours = per_second(way.sign_slip, slips)
            whole = per_second(way.sign_wholly, slips)
            print(
                f"{kind:>13}{bare:>13,.0f}{library:>13.1f}{ours:>13.1f}{ours / library:>13.2f}"
                f"{whole:>13.1f}{whole / bare:>13.2%}"
            )
            if kind == "P-256":
                parts = {name: 1000 / per_second(getattr(way, name), slips) for name in PARTS}
    total = sum(parts.values())
    print("\nWhere the time goes (P-256), in milliseconds:")
    for name, taken in parts.items():
        print(f"{name:>13}{taken:>9.2f}{taken / total:>8.0%}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
