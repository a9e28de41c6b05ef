"""One file of a bundle before it is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

from documents.manifest import canonical


@dataclass(frozen=True)
class Part:
    path: str
    kind: str
    open: Callable[[], IO[bytes]]
    of: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    expected: str = ""  # the SHA-256 that the row has: other bytes are not handed out as evidence

    @classmethod
    def of_bytes(
        cls, path: str, kind: str, content: bytes, *, of: str = "", facts: dict[str, Any] | None = None
    ) -> "Part":
        return cls(path, kind, lambda: BytesIO(content), of=of, facts=facts or {})

    @classmethod
    def of_json(
        cls, path: str, kind: str, value: Any, *, of: str = "", facts: dict[str, Any] | None = None
    ) -> "Part":
        return cls.of_bytes(path, kind, canonical(value).encode(), of=of, facts=facts)
