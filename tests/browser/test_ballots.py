"""A secret ballot in real browsers: keys are made, a vote is sealed, and the counters open the sums."""

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from opinions import actions, ballots
from opinions.models import OpinionRequest, SealedBallot
from opinions.rules import RequestStatus
from tests import factories
from tests.browser.conftest import PHONE, TABLET
from tests.opinions import steps, voting
from verifier.ballots.published import check_published

pytestmark = pytest.mark.django_db(transaction=True)


def make_key(page, drafted):
    """The counter's browser makes the key; she keeps the code."""
    page.goto(reverse("opinions:read_box", args=[drafted.pk]))
    page.get_by_role("button", name="Make my key").click()
    code = page.locator("[data-code]").text_content()
    page.get_by_role("button", name="I have kept the code").click()
    page.get_by_label("The last five characters of the code").fill("00000")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("alert").filter(has_text="not the last five")).to_be_visible()
    page.get_by_label("The last five characters of the code").fill(code[-5:].lower())
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("You have a key")).to_be_visible()
    return code


def open_box(page, closed, code):
    page.goto(reverse("opinions:read_box", args=[closed.pk]))
    page.get_by_label("Code of your key").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Check the ballots and open").click()


def test_a_vote_is_sealed_counted_and_checked_without_being_read(cast, page_for, check_axe, check_fit):
    """One counter and one voter in browsers, the others played by verifier/ballots."""
    kind = factories.make_kind(cast.body, secrecy="either")
    drafted = voting.name_counters(cast, steps.draft(cast, is_secret=True, kind=kind))
    counting = page_for(cast.minister, language="en", size=TABLET)
    code = make_key(counting, drafted)
    voting.make_key(drafted.ballot_box.counters.get(user=cast.other_minister))
    actions.submit_request(drafted, by=cast.secretary)
    sent = actions.approve_request(drafted, by=cast.chair)

    page = page_for(cast.third_minister, language="en", size=PHONE)
    posted = []
    page.on("request", lambda request: posted.append(request.post_data or ""))
    page.goto(sent.get_absolute_url())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Choose one of the options.")).to_be_visible()
    page.get_by_label("Disagree").check()
    check_axe(page)
    check_fit(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Seal and put into the box").click()
    expect(page.get_by_text("Your sealed ballot is in the box")).to_be_visible()
    ballot = SealedBallot.objects.get()
    expect(page.get_by_text(ballot.tracker)).to_be_visible()
    assert not [words for words in posted if "disagree" in words]
    voting.vote(sent, cast.chair, "agree")

    closed = voting.close(sent)
    page.goto(reverse("opinions:read_box", args=[closed.pk]))
    expect(page.get_by_role("row").filter(has_text=ballot.tracker)).to_contain_text("your ballot")
    check_fit(page)
    open_box(counting, closed, code[::-1])
    expect(counting.get_by_role("alert").filter(has_text="not the code of your key")).to_be_visible()
    check_axe(counting)
    open_box(counting, closed, code)
    expect(counting.get_by_label("Code of your key")).to_have_count(0)
    voting.open_with(closed.ballot_box.counters.get(user=cast.other_minister))
    counted = OpinionRequest.objects.get(pk=closed.pk)
    assert counted.status == RequestStatus.CLOSED
    assert counted.questions.get().result["classes"] == {"agree": 1, "disagree": 1}
    published = json.loads(json.dumps(ballots.publish(counted.ballot_box)))
    assert check_published(published).holds
