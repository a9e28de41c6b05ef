"""The pages of rules and resolutions, as each role meets them."""

import pytest
from django.urls import reverse

from decisions import actions
from decisions.models import DayOff, NumberRegister, RuleSet
from decisions.rules import ResolutionStatus
from people.models import User
from tests import factories
from tests.decisions.conftest import hand_in_pdf

RULES = {
    "name": "Quy chế làm việc mới",
    "source": "Nghị định 1/2027/NĐ-CP",
    "valid_from": "2027-01-01",
    "majority_basis": "members",
    "majority_numerator": "2",
    "majority_denominator": "3",
    "quorum_numerator": "2",
    "quorum_denominator": "3",
    "tie": "chair",
    "silence": "nothing",
    "abstention": "stays",
    "answer_days_min": "2",
    "answer_days_max": "5",
    "processing_days": "2",
    "report_days": "5",
    "publish_days": "1",
    "paper_lead_days": "3",
    "notes_kept_days": "60",
}


def url(name, *args):
    return reverse(f"decisions:{name}", args=args)


class TestRuleSets:
    def test_all_who_work_for_the_body_read_its_rules(self, cast, sign_in):
        page = sign_in(cast.minister).get(url("list_rule_sets")).content.decode()
        assert "Nghị định 191/2026/NĐ-CP" in page
        assert url("confirm_rule_set", cast.body.pk) not in page

    def test_strangers_read_none_of_them(self, cast, sign_in):
        assert "191/2026" not in sign_in(cast.outside_member).get(url("list_rule_sets")).content.decode()

    def test_the_administrator_looks_once_more_before_rules_come_into_force(self, cast, sign_in):
        client, address = sign_in(cast.administrator), url("confirm_rule_set", cast.body.pk)
        assert client.get(address).status_code == 200
        page = client.post(address, RULES)
        assert page.status_code == 200
        assert RuleSet.objects.count() == 1
        assert client.post(address, {**RULES, "confirm": "yes"}).status_code == 302
        assert RuleSet.objects.latest("pk").majority_denominator == 3

    def test_a_share_above_the_whole_is_named_at_its_field(self, cast, sign_in):
        bad = {**RULES, "majority_numerator": "4"}
        page = sign_in(cast.administrator).post(url("confirm_rule_set", cast.body.pk), bad)
        assert page.status_code == 422
        assert page.context["form"].errors

    @pytest.mark.parametrize(
        "name, status", [("secretary", 403), ("minister", 403), ("outside_secretary", 404)]
    )
    def test_others_enter_no_rules(self, cast, sign_in, name, status):
        client = sign_in(getattr(cast, name))
        assert (
            client.post(url("confirm_rule_set", cast.body.pk), {**RULES, "confirm": "yes"}).status_code
            == status
        )
        assert RuleSet.objects.count() == 1

    def test_days_off_are_added_once(self, cast, sign_in):
        client, address = sign_in(cast.administrator), url("add_day_off", cast.body.pk)
        day = {"day": "2027-01-01", "name": "Tết Dương lịch"}
        assert client.post(address, day).status_code == 302
        assert client.post(address, day).status_code == 422
        assert DayOff.objects.count() == 1


class TestResolutions:
    def test_the_way_from_the_draft_to_the_number(self, cast, client, laid_out):
        """The secretary edits, a deputy approves, the secretary registers."""
        client.force_login(cast.secretary)
        text = {"subject": "về vốn", "bases": "Căn cứ Luật", "articles": "Một.\n\nHai.\nKhoản a."}
        client.post(url("edit_resolution", laid_out.pk), text)
        laid_out.refresh_from_db()
        assert laid_out.articles == ["Một.", "Hai.\nKhoản a."]
        hand_in_pdf(laid_out, b"%PDF-1.7 edited")
        client.force_login(cast.vice_chair)
        assert client.get(laid_out.get_absolute_url()).context["allowed"] == ["approve_resolution"]
        assert client.post(url("approve_resolution", laid_out.pk)).status_code == 302
        client.force_login(cast.secretary)
        assert (
            client.post(url("issue_resolution", laid_out.pk), {"issued_on": "2026-11-20"}).status_code == 302
        )
        laid_out.refresh_from_db()
        assert (laid_out.status, laid_out.full_number) == (ResolutionStatus.ISSUED, "01/NQ-CP")

    def test_a_date_in_the_future_gives_no_number(self, cast, sign_in, approved):
        answer = sign_in(cast.secretary).post(
            url("issue_resolution", approved.pk), {"issued_on": "2999-01-01"}
        )
        assert answer.status_code == 422
        assert not NumberRegister.objects.exists()

    def test_a_text_without_articles_is_not_saved(self, cast, sign_in, laid_out):
        bad = {"subject": "về vốn", "bases": "Căn cứ Luật", "articles": "  \n "}
        assert sign_in(cast.secretary).post(url("edit_resolution", laid_out.pk), bad).status_code == 422

    @pytest.mark.parametrize(
        "name, status", [("minister", 404), ("archivist", 404), ("outside_secretary", 404), ("chair", 200)]
    )
    def test_who_opens_a_draft(self, cast, sign_in, laid_out, name, status):
        assert sign_in(getattr(cast, name)).get(laid_out.get_absolute_url()).status_code == status

    def test_nobody_approves_a_text_that_was_worded_anew_after_she_opened_it(self, cast, sign_in, laid_out):
        browser = sign_in(cast.chair)
        page = browser.get(laid_out.get_absolute_url()).content.decode()
        seen = {"text_sha256": laid_out.newest_rendering.version.sha256}
        assert f'value="{seen["text_sha256"]}"' in page
        wording = {"subject": "về vốn", "bases": ["Căn cứ Luật"], "articles": ["Khác."], "recipients": []}
        actions.edit_resolution(laid_out, by=cast.secretary, **wording)
        hand_in_pdf(laid_out, b"%PDF-1.7 worded anew")
        assert browser.post(url("approve_resolution", laid_out.pk), seen).status_code == 409
        seen = {"text_sha256": laid_out.newest_rendering.version.sha256}
        assert browser.post(url("approve_resolution", laid_out.pk), seen).status_code == 302

    def test_a_forged_approval_is_refused(self, cast, sign_in, laid_out):
        assert sign_in(cast.secretary).post(url("approve_resolution", laid_out.pk)).status_code == 403
        laid_out.refresh_from_db()
        assert laid_out.status == ResolutionStatus.DRAFT

    def test_too_early_an_approval_is_answered_with_the_reason(self, cast, sign_in, draft):
        answer = sign_in(cast.chair).post(url("approve_resolution", draft.pk))
        assert answer.status_code == 409
        assert "bản dự thảo" in answer.content.decode().lower()

    def test_the_state_of_the_pdf_is_asked_for_until_it_is_there(self, cast, sign_in, draft):
        client = sign_in(cast.secretary)
        assert "hx-get" in client.get(url("show_rendering", draft.pk)).content.decode()
        hand_in_pdf(draft)
        assert "hx-get" not in client.get(url("show_rendering", draft.pk)).content.decode()

    def test_english_is_complete(self, cast, client, laid_out):
        User.objects.filter(pk=cast.secretary.pk).update(language="en")
        client.force_login(User.objects.get(pk=cast.secretary.pk))
        page = client.get(laid_out.get_absolute_url()).content.decode()
        assert "Edit the draft" in page and "Lead agency" in page


def test_the_number_of_queries_does_not_grow_with_the_rules(cast, sign_in, django_assert_max_num_queries):
    for year in range(2027, 2047):
        factories.make_rule_set(cast.body, valid_from=f"{year}-01-01")
    client = sign_in(cast.administrator)
    with django_assert_max_num_queries(12):
        client.get(url("list_rule_sets"))
