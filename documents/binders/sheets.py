"""The sheets that the house puts into a binder: cover and contents, notices, the mark of a personal copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from documents.official import in_words
from documents.rendering import render_pdf


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One line of the contents."""

    place: int
    section: str
    title: str
    number: str
    version: int
    first_page: int | None
    pages: int
    sha256: str
    attachment_name: str

    @property
    def heading(self) -> str:
        return f"{self.place}. {self.title}"

    @property
    def span(self) -> str:
        if self.first_page is None:
            return ""
        last = self.first_page + self.pages - 1
        return f"{self.first_page}" if last == self.first_page else f"{self.first_page}–{last}"

    @property
    def short_sha256(self) -> str:
        return f"{self.sha256[:8]}…{self.sha256[-8:]}"


@dataclass(frozen=True, kw_only=True)
class Cover:
    title: str
    body: str
    office: str
    issue: int
    sealed_at: datetime
    sealed_by: str
    reason: str
    sha256: str
    papers: int
    papers_in_all: int
    pages: int
    pages_in_all: int

    @property
    def sealed_in_words(self) -> str:
        return in_words(self.sealed_at)

    @property
    def is_whole(self) -> bool:
        return self.papers == self.papers_in_all

    @property
    def sha256_in_two(self) -> tuple[str, str]:
        return self.sha256[:32], self.sha256[32:]


def make_front(cover: Cover, papers: Sequence[Listed]) -> bytes:
    parts = [(title, list(some)) for title, some in groupby(papers, key=lambda paper: paper.section)]
    return render_pdf("pdf/documents/binder.html", {"cover": cover, "parts": parts})


def make_notice(paper: Listed) -> bytes:
    """In place of a paper that cannot be opened."""
    return render_pdf("pdf/documents/unreadable.html", {"paper": paper})


def make_watermark(mark: str, *, is_wide: bool) -> bytes:
    return render_pdf("pdf/documents/watermark.html", {"mark": mark, "is_wide": is_wide})
