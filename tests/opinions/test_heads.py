"""Papers name the member who heads an agency, never another person who merely works there."""

from opinions.rendering import write_synthesis
from opinions.wording import word_decision
from people.rules import Role
from tests import factories
from tests.opinions import steps


def test_the_head_of_the_office_signs_the_synthesis_and_not_the_chair(cast):
    head = factories.make_officer("Thái Thanh Tùng", Role.MEMBER, cast.body, protocol_order=9)
    assert cast.chair.appointments.get().organisation == cast.office  # and comes before the head
    closed = steps.close_agreed(cast)
    assert write_synthesis(closed).signature.name == head.full_name


def test_the_minister_of_the_lead_agency_proposes(cast):
    closed = steps.close_agreed(cast)
    title = cast.minister.appointments.get().title
    assert f"Theo đề nghị của {title}" in word_decision(closed).bases
