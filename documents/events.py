"""What documents tells upward."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VersionAdded:
    version_id: int


@dataclass(frozen=True)
class VersionIncluded:
    """What is here already was put into one more folder."""

    version_id: int


@dataclass(frozen=True)
class VersionRead:
    version_id: int


@dataclass(frozen=True)
class VersionErased:
    version_id: int
