"""What decisions tells upward."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ResolutionIssued:
    resolution_id: int
