"""Finding: in tiers from the best kind of hit to the weakest, each newest first, page after page.

No ranking over all hits: that would read them all. A tier is asked year by year, newest first, until the
page is full, so that a word which stands in half of all papers costs no more than a rare one. PostgreSQL is
held to the index on the terms: left to itself it walks the archive backwards by date (bench/search.py).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from django.db import connection, transaction
from django.db.models import Q

from archive.models import SearchEntry, SearchEntryQuerySet
from archive.snippets import Segment, Snippet, cut, mark, says_exactly
from archive.terms import Query
from core import clock
from documents.models import DocumentText

PAGE = 20
COUNTED = 10_000  # counts and breakdowns look at so many of the newest hits
REORDERED = 200  # the first hits, put in order by the accents of their titles
LOOKED_INTO = 60  # and of so many first texts
WINDOWS = (1, 2, 4, 8, 22)  # years asked at once, newest first; then everything older


class Filters(NamedTuple):
    year: int | None = None
    kind: str = ""
    body: int | None = None


@dataclass(frozen=True)
class Cursor:
    """Where the next page begins: behind a hit or, among the reordered first hits, so many places on."""

    tier: int
    issued_on: date
    pk: int
    place: int | None = None

    def __str__(self) -> str:
        place = "" if self.place is None else f"-{self.place}"
        return f"{self.tier}-{self.issued_on:%Y%m%d}-{self.pk}{place}"

    @classmethod
    def read(cls, text: str) -> Self:
        """ValueError where it is not one of ours."""
        tier, day, pk, *place = text.split("-")
        found = cls(
            tier=int(tier),
            issued_on=datetime.strptime(day, "%Y%m%d").date(),
            pk=int(pk),
            place=int(place[0]) if place else None,
        )
        if str(found) != text or found.tier > 9 or found.pk >= 2**63 or (found.place or 0) > REORDERED:
            raise ValueError(text)
        return found


class _Found(NamedTuple):
    tier: int
    issued_on: date
    pk: int


@dataclass(frozen=True)
class Hit:
    entry: SearchEntry
    number: tuple[Segment, ...]
    title: tuple[Segment, ...]
    snippet: Snippet


@dataclass(frozen=True)
class Page:
    query: Query  # as it was asked in the end
    hits: list[Hit] = field(default_factory=list)
    next: Cursor | None = None


@dataclass(frozen=True)
class Summary:
    """How many there are; and by year, kind and body, each under the other filters."""

    count: int
    is_capped: bool
    years: dict[int, int]
    kinds: dict[str, int]
    bodies: dict[int, int]


NO_FILTERS = Filters()


def search(query: Query, user: Any, filters: Filters = NO_FILTERS, after: Cursor | None = None) -> Page:
    """One page of what this person may read. Where nothing has the last word, it is taken for a beginning."""
    if not query:
        return Page(query)
    entries = _matching(user, filters)
    if query.accented and (after is None or after.place is not None):
        found, following = _reordered(query, entries, filters, after)
    else:
        found = _find(query, entries, filters, most=PAGE + 1, after=after)
        following = Cursor(*found[PAGE - 1]) if len(found) > PAGE else None
    if not found and after is None and query.runs and not query.begun:
        return search(query.as_begun(), user, filters)
    return Page(query, _read(query, found[:PAGE]), following)


def summarise(query: Query, user: Any, filters: Filters = NO_FILTERS) -> Summary:
    """Counts and breakdowns over the newest hits: much dearer than a page, so asked for on their own."""
    if not query:
        return Summary(0, False, {}, {}, {})
    cube, is_capped = _count(query, _matching(user, NO_FILTERS), NO_FILTERS)
    own, own_is_capped = cube, is_capped
    if is_capped and filters != NO_FILTERS:
        own, own_is_capped = _count(query, _matching(user, filters), filters)
    years, kinds, bodies = (_broken_down(cube, filters, place) for place in range(3))
    return Summary(
        count=sum(number for key, number in own.items() if _fits(key, filters)),
        is_capped=own_is_capped,
        years=dict(sorted(years.items(), reverse=True)),
        kinds=dict(kinds.most_common()),
        bodies=dict(bodies.most_common()),
    )


def _matching(user: Any, filters: Filters) -> SearchEntryQuerySet:
    entries = SearchEntry.objects.visible_to(user)
    if filters.kind:
        entries = entries.filter(kind=filters.kind)
    if filters.body:
        entries = entries.filter(body=filters.body)
    return entries.order_by("-issued_on", "-pk")


def _find(
    query: Query,
    entries: SearchEntryQuerySet,
    filters: Filters,
    *,
    most: int,
    after: Cursor | None = None,
    inclusive: bool = False,
) -> list[_Found]:
    """The first so many hits behind `after`: tier by tier, in each the newest years first."""
    found: list[_Found] = []
    with _by_terms_alone():
        for tier, terms in enumerate(query.tiers):
            if after and tier < after.tier:
                continue
            rows, newest = entries, clock.today().year
            if after and tier == after.tier:
                rows, newest = entries.filter(behind(after, inclusive)), after.issued_on.year
            wanted = " & ".join([f"({terms})", *(f"!({better})" for better in query.tiers[:tier])])
            windows = Windows(newest, filters.year)
            for window in windows:
                room = most - len(found)
                hits = window.of(rows, wanted).values_list("issued_on", "pk")[:room]
                count = len(found)
                found += (_Found(tier, *hit) for hit in hits)
                if len(found) >= most:
                    return found
                if len(found) == count:
                    windows.hurry()
    return found


class Window(NamedTuple):
    years: Sequence[int] = ()
    before: int | None = None  # the open end: everything older than this year

    def of(self, entries: SearchEntryQuerySet, terms: str) -> SearchEntryQuerySet:
        if self.before:
            return entries.holding(terms).filter(issued_on__lt=date(self.before, 1, 1))
        years = " | ".join(f"'y.{year}'" for year in self.years)
        return entries.holding(f"({terms}) & ({years})")


class Windows:
    """Years to ask at once, newest first, ever more of them."""

    def __init__(self, newest: int, only: int | None = None) -> None:
        self.newest, self.only = newest, only
        self.lengths = list(WINDOWS)

    def __iter__(self) -> Iterator[Window]:
        if self.only:
            yield Window([self.only])
            return
        while self.lengths:
            length = self.lengths.pop(0)
            yield Window(range(self.newest, self.newest - length, -1))
            self.newest -= length
        yield Window(before=self.newest + 1)

    def hurry(self) -> None:
        """Years without a hit: it is rare, and all that is older is quicker asked at once."""
        self.lengths.clear()


def behind(after: Cursor, inclusive: bool = False) -> Q:
    same_day = Q(issued_on=after.issued_on)
    same_day &= Q(pk__lte=after.pk) if inclusive else Q(pk__lt=after.pk)
    return Q(issued_on__lt=after.issued_on) | same_day


def _reordered(
    query: Query, entries: SearchEntryQuerySet, filters: Filters, after: Cursor | None
) -> tuple[list[_Found], Cursor | None]:
    """Accents were typed: among the first hits, those that have them exactly so come first."""
    head = _find(query, entries, filters, most=REORDERED + 1, after=after, inclusive=True)
    has_more, head = len(head) > REORDERED, head[:REORDERED]
    exact = _says_exactly(query, head) if len(head) > 1 else set()
    own_number = 0 if query.numbers else -1
    ordered = sorted(head, key=lambda hit: (hit.tier != own_number, hit.pk not in exact))

    place = (after.place if after else None) or 0
    following: Cursor | None = None
    if place + PAGE < len(ordered):
        following = Cursor(*head[0], place=place + PAGE)
    elif has_more:
        following = Cursor(*head[-1])
    return ordered[place : place + PAGE], following


def _says_exactly(query: Query, found: list[_Found]) -> set[int]:
    pks = [hit.pk for hit in found]
    titles = SearchEntry.objects.filter(pk__in=pks).values_list("pk", "title")
    exact = {pk for pk, title in titles if says_exactly(title, query)}
    texts = _texts([pk for pk in pks[:LOOKED_INTO] if pk not in exact])
    return exact | {pk for pk, pages in texts.items() if says_exactly("\n".join(pages), query)}


def _texts(pks: list[int]) -> dict[int, list[str]]:
    return dict(DocumentText.objects.filter(version__in=pks).values_list("version", "pages"))


def _read(query: Query, found: list[_Found]) -> list[Hit]:
    """The hits' rows, with what was looked for marked."""
    pks = [hit.pk for hit in found]
    related = SearchEntry.objects.select_related("resolution", "body", "version").defer("terms")
    entries = related.in_bulk(pks)
    texts = _texts(pks)
    return [_mark(entries[pk], texts.get(pk, []), query) for pk in pks if pk in entries]


def _mark(entry: SearchEntry, pages: list[str], query: Query) -> Hit:
    number, title = mark(entry.number, query), mark(entry.title, query)
    # Where the title says it, words scattered over the text would only distract.
    is_told = any(segment.is_hit for segment in (*number, *title))
    return Hit(entry=entry, number=number, title=title, snippet=cut(pages, query, scattered=not is_told))


# ---- counting

Key = tuple[int, str, int]  # year, kind, body: the filters in their order


def _count(query: Query, entries: SearchEntryQuerySet, filters: Filters) -> tuple[Counter[Key], bool]:
    """The newest hits by year, kind and body; and whether there are more than were counted."""
    cube: Counter[Key] = Counter()
    room = COUNTED
    with _by_terms_alone(), connection.cursor() as cursor:
        windows = Windows(clock.today().year, filters.year)
        for window in windows:
            hits = window.of(entries, query.everything).values_list("issued_on", "kind", "body")[: room + 1]
            sql, params = hits.query.sql_with_params()
            cursor.execute(
                "SELECT extract(year FROM issued_on)::int, kind, body_id, count(*) "
                f"FROM ({sql}) AS hits (issued_on, kind, body_id) GROUP BY 1, 2, 3",
                params,
            )
            rows = cursor.fetchall()
            for *key, number in rows:
                cube[tuple(key)] += number
            room = COUNTED - cube.total()
            if room < 0:
                return cube, True
            if not rows:
                windows.hurry()
    return cube, False


def _fits(key: Key, filters: Filters, but: int | None = None) -> bool:
    """The filters allow it; one of them, by its place, is left out of account."""
    wanted = enumerate(zip(key, filters, strict=True))
    return all(not value or place == but or value == part for place, (part, value) in wanted)


def _broken_down(cube: Counter[Key], filters: Filters, place: int) -> Counter[Any]:
    parts: Counter[Any] = Counter()
    for key, number in cube.items():
        if _fits(key, filters, but=place):
            parts[key[place]] += number
    return parts


@contextmanager
def _by_terms_alone() -> Iterator[None]:
    """Leave the planner the index on the terms and nothing else: its guesses for rare words cost seconds."""
    settings = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan", "jit")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL {name} = off" for name in settings))
        yield
        cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in settings))
