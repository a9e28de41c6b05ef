"""Ballots checked a second and core, against the bare public-key verification of the same run.

    ./run bench statements [SECONDS]

`raw` is `cryptography` verifying a signature over ready bytes with a ready key; `fast` the check of a
detached CMS over the canonical bytes of an answer, by a key whose first signature passed the full check;
`stamped` the same with a timestamp that passed; `full` the first check of each. Processor time, one core.
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from typing import Any

ROUND = 0.05  # seconds between two looks at the clock
SIGNERS, STATEMENTS = 25, 8


def measure(step: Callable[[Any], Any], items: list[Any], seconds: float) -> float:
    """How many a second of processor time."""
    source, number = cycle(items), 0
    begin = time.process_time()
    while (spent := time.process_time() - begin) < seconds:
        until = time.process_time() + ROUND
        while time.process_time() < until:
            for _ in range(10):
                step(next(source))
            number += 10
    return number / spent


def make_statements(number: int) -> list[bytes]:
    from tests.statements.pki import NOW
    from verifier.statements.content import Content, encode

    body = {
        "question": "Thành viên Chính phủ có đồng ý với dự thảo Nghị quyết hay không?",
        "documents": ["ab" * 32] * 3,
        "position": "agree",
        "comment": "Đề nghị cơ quan chủ trì tiếp thu ý kiến của Bộ Tư pháp tại văn bản thẩm định. " * 3,
    }
    return [encode(Content("opinions.answer", index, NOW, body)) for index in range(number)]


def verify_raw(signer: Any, data: bytes) -> Callable[[bytes], None]:
    """The bare arithmetic, as fast as it is called."""
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    from tests.statements.pki import DIGESTS

    key, digest = signer.key.public_key(), DIGESTS[signer.digest]
    if isinstance(key, rsa.RSAPublicKey):
        scheme = padding.PKCS1v15()
        return lambda value: key.verify(value, data, scheme, digest)
    return lambda value: key.verify(value, data, ec.ECDSA(digest))


def main(seconds: float = 2.0) -> None:
    from tests.statements.pki import NOW, Issuer, Signer, Stamper
    from verifier.pdf.report import PASSED
    from verifier.statements.fast import Checker

    issuer, at = Issuer(), NOW + timedelta(minutes=1)
    stamper = Stamper(issuer)
    print(f"{'checks/s, one core':<18}{'raw':>9}{'fast':>9}{'share':>8}{'stamped':>9}{'share':>8}{'full':>8}")
    for kind in ("rsa-2048", "rsa-3072", "p256", "p384"):
        signers = [Signer(issuer, kind) for _ in range(SIGNERS if kind != "rsa-3072" else 8)]
        contents = make_statements(STATEMENTS)
        made = [(content, signer.sign(content)) for signer in signers for content in contents]
        stamped = [(content, signer.sign(content, stamper)) for signer in signers for content in contents[:2]]
        checker = Checker(issuer.trust())
        for pair in [*made[::STATEMENTS], *stamped]:
            assert checker.check(*pair, NOW).indication == PASSED
        data = b"x" * 300
        values = [(verify_raw(signer, data), signer.sign_value(data)) for signer in signers]

        def recognise(pair: tuple[bytes, bytes], checker: Checker = checker) -> None:
            if checker.recognise(*pair, at) is None:
                raise SystemExit("A statement was not recognised.")

        raw = measure(lambda pair: pair[0](pair[1]), values, seconds)
        fast, with_stamp = measure(recognise, made, seconds), measure(recognise, stamped, seconds)
        full = measure(lambda pair: Checker(issuer.trust()).check(*pair, at), made, seconds)
        print(
            f"{kind:<18}{raw:>9,.0f}{fast:>9,.0f}{fast / raw:>8.0%}"
            f"{with_stamp:>9,.0f}{with_stamp / raw:>8.0%}{full:>8,.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
