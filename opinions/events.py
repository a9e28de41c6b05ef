"""What the written procedure tells upward."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RequestReferredToSession:
    request_id: int
    by_id: int  # who decided so
