"""The manifest: canonical, whole, and another one as soon as anything in it is."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from documents.manifest import Line, Manifest, digest, excerpt, number_pages

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
lines = st.builds(
    Line,
    place=st.integers(1, 99),
    section=text,
    title=text,
    kind=text,
    number=text,
    version=st.integers(1, 9),
    file_name=text,
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    size=st.integers(0, 2**40),
    first_page=st.none() | st.integers(1, 9999),
    pages=st.integers(0, 3000),
    restricted=st.booleans(),
)
manifests = st.builds(
    Manifest,
    dossier=st.integers(1, 2**40),
    title=text,
    body=text,
    issue=st.integers(1, 99),
    sealed_at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    sealed_by=text,
    reason=text,
    previous=text,
    papers=st.lists(lines, max_size=4).map(tuple),
)
OTHER = {str: lambda v: v + "x", int: lambda v: v + 1, bool: lambda v: not v, type(None): lambda v: 1}


@given(manifests)
def test_it_is_canonical_json_of_all_it_says(manifest):
    written = manifest.write()
    told = json.loads(written)
    assert written == json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert [line["sha256"] for line in told["papers"]] == [line.sha256 for line in manifest.papers]
    assert datetime.fromisoformat(told["sealed_at"]) == manifest.sealed_at


@given(manifests, st.data())
def test_any_change_of_anything_changes_the_hash(manifest, data):
    field = data.draw(
        st.sampled_from(["title", "body", "issue", "sealed_by", "reason", "previous", "dossier"])
    )
    value = getattr(manifest, field)
    changed = [replace(manifest, **{field: OTHER[type(value)](value)})]
    changed.append(replace(manifest, sealed_at=manifest.sealed_at.replace(year=2101)))
    if manifest.papers:
        at = data.draw(st.integers(0, len(manifest.papers) - 1))
        line = manifest.papers[at]
        part = data.draw(st.sampled_from(sorted(vars(line))))
        other = replace(line, **{part: OTHER[type(getattr(line, part))](getattr(line, part))})
        changed.append(replace(manifest, papers=(*manifest.papers[:at], other, *manifest.papers[at + 1 :])))
        changed.append(replace(manifest, papers=manifest.papers[:at] + manifest.papers[at + 1 :]))
    seal = digest(manifest.write())
    assert all(digest(other.write()) != seal for other in changed)


@given(st.lists(st.none() | st.integers(0, 3000)))
def test_pages_run_on_without_a_gap(counts):
    first_pages = number_pages(counts)
    covered = [
        page
        for first, count in zip(first_pages, counts, strict=True)
        if first is not None
        for page in range(first, first + count)
    ]
    assert covered == list(range(1, sum(count or 0 for count in counts) + 1))
    assert [first is None for first in first_pages] == [not count for count in counts]


@given(manifests)
def test_an_excerpt_tells_of_the_others_their_place_only(manifest):
    written = manifest.write()
    shown = {line.place for line in manifest.papers[::2]}
    papers = json.loads(excerpt(written, shown))["papers"]
    assert json.loads(excerpt(written, shown))["excerpt_of"] == digest(written)
    for line, told in zip(manifest.papers, papers, strict=True):
        kept = vars(line) if line.place in shown else {"place", "first_page", "pages", "restricted"}
        assert set(told) == set(kept)
