"""Whether a file is a signature apart from its paper. Runs in the sandbox's child only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from documents.files.sandbox import Limits, Refusal
from verifier.signed_data import encloses_content, list_digests, read_signed_data


def inspect_signature(path: Path, *, limits: Limits) -> Iterator[dict[str, Any]]:
    """Each signer must say, under the signature, what was signed: else no paper can be found for it."""
    try:
        signed = read_signed_data(path.read_bytes())
        apart = not encloses_content(signed)
        digests = list_digests(signed)
    except Exception as error:  # Hostile or merely broken: whatever it raised, it is not taken.
        raise Refusal("broken_signature", f"{type(error).__name__}: {error}"[:300]) from None
    if not apart:
        raise Refusal("encloses_content")
    if not digests or len(digests) != len(signed["signer_infos"]):
        raise Refusal("broken_signature", "a signer without a digest of the content")
    yield {"signers": len(digests)}
