"""What this app tells the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VersionSigned:
    """All have signed; `version_id` is the version that carries their signatures."""

    request_id: int
    version_id: int


@dataclass(frozen=True)
class SignatureRefused:
    """One of the signers will not sign, and has said why."""

    request_id: int


@dataclass(frozen=True)
class SigningWithdrawn:
    """Whoever asked for the signatures has taken the paper back."""

    request_id: int


@dataclass(frozen=True)
class StepSigned:
    """One signature is in the file, and others are still wanted."""

    step_id: int


@dataclass(frozen=True)
class StatementCompleted:
    """Somebody's key has signed a statement. Who refuses it here leaves nothing kept."""

    signature_id: int


@dataclass(frozen=True)
class StatementVoided:
    """The signature over a statement cannot stand; `because` is the reason's code."""

    signature_id: int
    because: str


@dataclass(frozen=True)
class StatementSigned:
    """The signature over a statement holds and has its timestamp."""

    signature_id: int


@dataclass(frozen=True)
class VerdictChanged:
    """A later look at a paper came to another verdict than the one before."""

    verification_id: int
