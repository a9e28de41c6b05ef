"""Until when each algorithm is evidence. One table; what is not in it proves nothing.

A signature that is proven to have existed before the end of its algorithm is judged as of then; the signer's
own word on the time counts for nothing here. Sources: NIST SP 800-131A (what was acceptable through 2010);
SOG-IS Agreed Cryptographic Mechanisms and ETSI TS 119 312, whose end of RSA below 3000 bits was put off from
2025 to 2028; RFC 6149 and 6151.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, keys
from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, AlgorithmUsagePolicy

POLICY = "2026-11"  # changes with the table, and stands in every report

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_2010 = datetime(2011, 1, 1, tzinfo=UTC)
_2025 = datetime(2026, 1, 1, tzinfo=UTC)
_2028 = datetime(2029, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Term:
    until: datetime | None  # None: no end is known
    source: str

    def holds_at(self, moment: datetime | None) -> bool:
        return self.until is None or (moment is not None and moment < self.until)


DIGESTS = {
    "md2": Term(_NEVER, "RFC 6149"),
    "md5": Term(_NEVER, "RFC 6151"),
    "sha1": Term(_2010, "NIST SP 800-131A"),
    "sha224": Term(_2025, "SOG-IS ACM: legacy"),
    "sha256": Term(None, "ETSI TS 119 312"),
    "sha384": Term(None, "ETSI TS 119 312"),
    "sha512": Term(None, "ETSI TS 119 312"),
    "sha512_256": Term(None, "SOG-IS ACM"),
    "sha3_256": Term(None, "ETSI TS 119 312"),
    "sha3_384": Term(None, "ETSI TS 119 312"),
    "sha3_512": Term(None, "ETSI TS 119 312"),
    "shake256": Term(None, "RFC 8419: with Ed448"),
    "shake256_len": Term(None, "RFC 8419: with Ed448"),
}

# By the least number of bits of the key, the largest first.
KEYS: dict[str, tuple[tuple[int, Term], ...]] = {
    "rsa": (
        (3000, Term(None, "ETSI TS 119 312")),
        (1900, Term(_2028, "ETSI TS 119 312, as put off")),
        (1024, Term(_2010, "NIST SP 800-131A")),
    ),
    "dsa": (
        (2048, Term(_2025, "SOG-IS ACM: legacy")),
        (1024, Term(_2010, "NIST SP 800-131A")),
    ),
    "ec": (
        (250, Term(None, "ETSI TS 119 312")),
        (224, Term(_2025, "SOG-IS ACM: legacy")),
        (160, Term(_2010, "NIST SP 800-131A")),
    ),
    "ed25519": ((0, Term(None, "SOG-IS ACM")),),
    "ed448": ((0, Term(None, "SOG-IS ACM")),),
    # FIPS 204, known and not used yet: nobody whom the house trusts certifies such keys.
    **{f"mldsa{size}": ((0, Term(_NEVER, "FIPS 204: not yet in use")),) for size in (44, 65, 87)},
}

WEAK_DIGESTS = frozenset(name for name, term in DIGESTS.items() if term.until and term.until <= _2010)


class DatedAlgorithms(AlgorithmUsagePolicy):
    def digest_algorithm_allowed(
        self, algo: algos.DigestAlgorithm, moment: datetime | None
    ) -> AlgorithmUsageConstraint:
        name = algo["algorithm"].native
        return _decide(DIGESTS.get(name), name, moment)

    def signature_algorithm_allowed(
        self,
        algo: algos.SignedDigestAlgorithm,
        moment: datetime | None,
        public_key: keys.PublicKeyInfo | None,
    ) -> AlgorithmUsageConstraint:
        if public_key is not None:
            found = _decide(find_term(public_key), public_key.algorithm, moment)
            if not found:
                return found
        try:
            digest = algo.hash_algo
        except ValueError:  # the digest is named apart
            return AlgorithmUsageConstraint(allowed=True)
        return _decide(DIGESTS.get(digest), digest, moment)


def find_term(public_key: keys.PublicKeyInfo) -> Term | None:
    kind = public_key.algorithm
    kind = "rsa" if kind == "rsassa_pss" else kind
    bits = public_key.bit_size if kind in ("rsa", "dsa", "ec") else 0
    return next((term for least, term in KEYS.get(kind, ()) if bits >= least), None)


def _decide(term: Term | None, name: str, moment: datetime | None) -> AlgorithmUsageConstraint:
    if term is None or term.until == _NEVER:
        return AlgorithmUsageConstraint(allowed=False, failure_reason=f"{name} is no evidence")
    if term.holds_at(moment):
        return AlgorithmUsageConstraint(allowed=True)
    return AlgorithmUsageConstraint(
        allowed=False,
        not_allowed_after=term.until,
        failure_reason=f"{name} has been no evidence since {term.until:%Y-%m-%d}",
    )


ALGORITHMS = DatedAlgorithms()
