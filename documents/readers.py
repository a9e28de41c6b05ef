"""The readers' ledger: who was given which paper, who opened which version and when, and who has not.

How far someone has read is her own, and not here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from documents.models import BinderCopy, Distribution, DocumentVersion, Dossier, IssuedPaper, ReadingPlace
from people.models import Appointment, User

LAST = 1_000_000  # who has no place in the order of protocol
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One version and one reader."""

    version: DocumentVersion
    place: int
    issue: int  # the newest that it stands in
    is_current: bool
    given_at: datetime | None  # none: seen without being given, as by the Office that keeps it
    opened_at: datetime | None


@dataclass
class Reader:
    person: User
    office: str = ""
    lines: list[Line] = field(default_factory=list)
    copies: list[BinderCopy] = field(default_factory=list)

    @property
    def current(self) -> list[Line]:
        return [line for line in self.lines if line.is_current]

    @property
    def opened(self) -> list[Line]:
        return [line for line in self.current if line.opened_at]

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.current if line.given_at and not line.opened_at]


def list_readers(user: Any, dossier: Dossier) -> list[Reader]:
    """In the order of protocol, of the papers that the asking person may read herself."""
    papers = _newest_places(user, dossier)
    given = _list_given(papers)
    places = ReadingPlace.objects.filter(version__in=papers).values_list("user", "version", "first_opened_at")
    opened = {(person, version): at for person, version, at in places}
    people = {person for person, _version in [*given, *opened]}
    readers = {person.pk: Reader(person) for person in User.objects.filter(pk__in=people)}
    order = _describe_offices(dossier, readers)
    newest = max((paper.issue.number for paper in papers.values()), default=0)
    for version, paper in papers.items():
        number = paper.issue.number
        for pk, reader in readers.items():
            times = given.get((pk, version)), opened.get((pk, version))
            if any(times):
                reader.lines.append(Line(paper.version, paper.place, number, number == newest, *times))
    for copy in BinderCopy.objects.filter(issue__dossier=dossier).select_related("issue").order_by("pk"):
        if copy.reader_id in readers:
            readers[copy.reader_id].copies.append(copy)
    return sorted(readers.values(), key=lambda reader: (order[reader.person.pk], reader.person.pk))


def write_table(readers: Iterable[Reader]) -> Iterable[list[Any]]:
    """For a spreadsheet: one row a version and reader, times as they are written down."""
    for reader in readers:
        for line in reader.lines:
            document = line.version.document
            yield [
                as_cell(str(reader.person)),
                as_cell(reader.office),
                line.issue,
                line.place,
                as_cell(str(document)),
                line.version.number,
                _spell(line.given_at),
                _spell(line.opened_at),
            ]


def as_cell(text: str) -> str:
    """Foreign text: none of it may become a formula in a spreadsheet."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _newest_places(user: Any, dossier: Dossier) -> dict[int, IssuedPaper]:
    """By version, where it stands in the newest issue that has it."""
    papers = IssuedPaper.objects.visible_to(user).filter(issue__dossier=dossier)
    papers = papers.select_related("version__document", "issue").order_by("issue__number", "place")
    newest = {paper.version_id: paper for paper in papers}
    return dict(sorted(newest.items(), key=lambda item: (item[1].place, item[1].version.number)))


def _list_given(papers: Iterable[int]) -> dict[tuple[int, int], datetime]:
    """By person and version the time of the first giving; an office means those who hold it today."""
    holders: dict[tuple[str, int], list[int]] = {}
    current = Appointment.objects.current().filter(user__is_active=True)
    for role, body, person in current.values_list("role", "body", "user"):
        holders.setdefault((role, body), []).append(person)
    given: dict[tuple[int, int], datetime] = {}
    for row in Distribution.objects.filter(version__in=papers).order_by("-at"):
        people = [row.reader_id] if row.reader_id else holders.get((row.role, row.body_id or 0), [])
        given |= {(person, row.version_id): row.at for person in people if person}
    return given


def _describe_offices(dossier: Dossier, readers: dict[int, Reader]) -> dict[int, int]:
    """Writes each reader's office into her line; gives the order of protocol."""
    order = dict.fromkeys(readers, LAST)
    offices = Appointment.objects.current().filter(body=dossier.body_id, user__in=readers)
    for person, title, place in offices.order_by("-protocol_order", "-pk").values_list(
        "user", "title", "protocol_order"
    ):
        readers[person].office, order[person] = title, place or LAST
    return order


def _spell(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""
