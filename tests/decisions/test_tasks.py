"""The worker lays out resolutions, and the newest wording wins."""

import pytest

from core.work import WorkState
from decisions import actions, tasks
from documents.models import DocumentVersion

pytestmark = pytest.mark.django_db


def test_a_slow_layout_of_an_older_wording_does_not_follow_the_newer_one(
    cast, laid_out, no_workers, monkeypatch
):
    """A worker that was taken for dead comes back when the resolution is issued already."""
    old = laid_out.newest_rendering
    type(old).objects.filter(pk=old.pk).update(work_state=WorkState.QUEUED, version=None, work_attempts=0)
    wording = {"subject": "về vốn", "bases": ["Căn cứ Luật"], "articles": ["Một."], "recipients": []}
    actions.edit_resolution(laid_out, by=cast.secretary, **wording)
    monkeypatch.setattr(tasks, "render_official", lambda document: b"%PDF-1.7 an older wording")
    kept = DocumentVersion.objects.filter(document=laid_out.document).count()

    tasks.render_resolution(old.pk)

    old.refresh_from_db()
    assert (old.work_state, old.version) == (WorkState.DONE, None)
    assert DocumentVersion.objects.filter(document=laid_out.document).count() == kept

    newest = laid_out.newest_rendering
    tasks.render_resolution(newest.pk)
    assert laid_out.newest_rendering.version.number == kept + 1
