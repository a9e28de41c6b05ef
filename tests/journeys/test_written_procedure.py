"""The European written procedure: silence agrees, one objection is enough, any member may call for debate.

1. Nobody answers: adopted, though the rule set of the body counts silence for no side.
2. One objects: not adopted, though everyone else agrees.
3. One calls for a session: nothing is decided in writing; the matter lands on the next session's agenda.
"""

import pytest

from core.workflow import Conflict
from meetings.models import AgendaItem
from opinions import actions, rules
from opinions.rules import RequestStatus
from tests.journeys.kinds import SUBJECT, Traveller, close
from tests.opinions import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(client, cast):
    cast.rule_set.silence = "nothing"  # the kind says otherwise
    cast.rule_set.save()
    traveller = Traveller(client)
    kind = traveller.put_in_use(cast.administrator, cast.body, "european")
    opinion_request = traveller.open_request(
        kind, by=cast.secretary, approver=cast.vice_chair, agency=cast.finance, rule_set=cast.rule_set
    )
    return traveller, opinion_request


def test_silence_adopts_it(cast, opened):
    traveller, opinion_request = opened
    page = traveller.be(cast.minister).read(opinion_request.get_absolute_url())
    assert "no answer counts as agreement" in page and "(Thủ tục văn bản)" in page
    counted = close(opinion_request)
    result = counted.questions.get().result
    assert (result["silent"], result["silent_agree"], counted.branch) == (5, True, "b")
    assert steps.decide(cast, counted).status == RequestStatus.DECIDED


def test_one_objection_is_enough(cast, opened):
    traveller, opinion_request = opened
    traveller.answer(opinion_request, cast.minister, "object", "Trái với cam kết quốc tế.")
    counted = close(opinion_request)
    assert counted.branch == "a"
    assert counted.questions.get().result["in_favour"] == 4


def test_a_member_calls_for_a_session(cast, opened):
    traveller, opinion_request = opened
    traveller.answer(opinion_request, cast.minister, "session", "Cần thảo luận trực tiếp.")
    counted = close(opinion_request)
    assert not rules.REQUEST.allows("draft_decision", cast.secretary, counted)
    with pytest.raises(Conflict):
        steps.decide(cast, counted)
    referred = actions.refer_to_session(counted, by=cast.secretary, reason="Có thành viên đề nghị.")
    assert referred.status == RequestStatus.SESSION
    item = AgendaItem.objects.get(opinion_request=counted)
    assert (item.subject, item.lead_agency, item.dossier) == (SUBJECT, cast.finance, counted.dossier)
    assert "Cần thảo luận trực tiếp." in traveller.be(cast.minister).read(counted.get_absolute_url())
