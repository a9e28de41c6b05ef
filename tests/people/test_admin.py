"""The technical pages: for support, behind the same door, and nothing can be changed there."""

import pytest
from django.contrib import admin
from django.urls import reverse

from audit import trail
from core import clock
from notifications import outbox
from people.models import Delegation, Invitation
from tests import factories

pytestmark = pytest.mark.django_db

LOOKED_AT = ("audit_auditevent", "people_user", "people_appointment", "people_body", "people_organisation")
LOOKED_AT += ("people_invitation", "people_delegation")
LOOKED_AT += ("notifications_notification", "notifications_delivery")


@pytest.fixture
def operator(cast, sign_in):
    trail.record("people.correct_user", by=cast.administrator, on=cast.minister)
    Invitation.objects.create(user=cast.minister)
    Delegation.objects.create(
        appointment=cast.minister.appointments.get(),
        delegate=cast.other_minister.appointments.get(),
        valid_from=clock.today(),
        valid_until=clock.today(),
        order_date=clock.today(),
    )
    outbox.tell([cast.minister], "documents/paper_refused", url="/", because="secret", added_by="x")
    return sign_in(factories.make_user("Kỹ thuật viên", is_staff=True, is_superuser=True))


@pytest.mark.parametrize("table", LOOKED_AT)
def test_support_looks_and_changes_nothing(operator, table):
    listing = reverse(f"admin:{table}_changelist")
    assert operator.get(listing).status_code == 200
    model = next(model for model in admin.site._registry if model._meta.db_table == table)
    row = model.objects.first()
    page = operator.get(reverse(f"admin:{table}_change", args=[row.pk]))
    assert page.status_code == 200
    assert "argon2" not in page.content.decode() and "md5$" not in page.content.decode()

    assert operator.get(reverse(f"admin:{table}_add")).status_code == 403
    assert operator.post(reverse(f"admin:{table}_change", args=[row.pk]), {"x": "y"}).status_code == 403
    assert operator.post(reverse(f"admin:{table}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    operator.post(listing, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("who", ["administrator", "chair", "auditor"])
def test_offices_open_no_technical_page(cast, sign_in, who):
    answer = sign_in(getattr(cast, who)).get(reverse("admin:people_user_changelist"))

    assert answer.status_code in (302, 403)
