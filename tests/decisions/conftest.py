"""A resolution in each of its states, reached by the actions."""

import pytest

from core.actors import WORKER
from decisions import actions
from decisions.models import Resolution
from documents.actions import add_rendered_version


def hand_in_pdf(resolution, content=b"%PDF-1.7 the text as laid out"):
    """What the worker does, without laying anything out."""
    return add_rendered_version(
        resolution.newest_rendering, by=WORKER, pdf=content, file_name="nghi-quyet.pdf"
    )


@pytest.fixture
def draft(cast):
    resolution = Resolution(
        body=cast.body,
        rule_set=cast.rule_set,
        lead_agency=cast.finance,
        subject="về điều chuyển vốn đầu tư công",
        signer=cast.vice_chair.appointments.get(),
    )
    return actions.draft_resolution(
        resolution, by=cast.secretary, bases=["Căn cứ Luật Tổ chức Chính phủ"], articles=["Điều chuyển vốn."]
    )


@pytest.fixture
def laid_out(draft):
    hand_in_pdf(draft)
    return draft


@pytest.fixture
def approved(laid_out, cast):
    return actions.approve_resolution(laid_out, by=cast.vice_chair)


@pytest.fixture
def issued(approved, cast):
    return actions.issue_resolution(approved, by=cast.secretary)
