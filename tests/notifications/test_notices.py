"""A notice reaches its one reader, though brokers are lost and mail servers deaf."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from audit.models import AuditEvent
from core import clock
from core.work import WorkState
from notifications import actions, outbox, rules, tasks
from notifications.models import Delivery, Notification
from tests import factories
from tests.conftest import CAST

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def words(settings, tmp_path):
    """A kind of notice that belongs to these tests alone."""
    folder = tmp_path / "templates" / "mail" / "tests"
    folder.mkdir(parents=True)
    (folder / "papers_came.subject.txt").write_text(
        "{% load i18n %}{% translate 'Notices' %}:\n {{ subject }}\n", "utf-8"
    )
    (folder / "papers_came.txt").write_text(
        "{% extends 'mail/base.txt' %}{% block body %}{{ subject }}{% endblock %}", "utf-8"
    )
    (folder / "papers_came.html").write_text(
        "{% extends 'mail/base.html' %}{% block body %}<p>{{ subject }}</p>{% endblock %}", "utf-8"
    )
    engine = {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path / "templates"]}
    settings.TEMPLATES = [engine]


def tell(*people, subject="Luật <Bảo hiểm y tế>"):
    outbox.tell(people, "tests/papers_came", url="/people/", subject=subject)


@pytest.mark.parametrize("who", CAST)
def test_a_notice_is_for_its_reader_alone(cast, who):
    tell(cast.minister)
    notice, person = Notification.objects.get(), getattr(cast, who)

    assert rules.NOTIFICATION.allows("mark_notification_read", person, notice) == (who == "minister")
    assert Notification.objects.visible_to(person).exists() == (who == "minister")


def test_reading_is_noted_once(cast):
    tell(cast.minister)
    notice = Notification.objects.get()

    first = actions.mark_notification_read(notice, by=cast.minister).read_at
    assert actions.mark_notification_read(notice, by=cast.minister).read_at == first

    trace = AuditEvent.objects.get(action="notifications.mark_notification_read")
    assert trace.body_id == cast.body.pk, "auditors of other bodies read nothing of it"
    assert trace.target_name == str(cast.minister), "what the notice says is no matter of the trail"
    with pytest.raises(PermissionDenied):
        actions.mark_notification_read(notice, by=cast.secretary)


def test_a_mail_follows_in_the_language_of_its_reader(cast, django_capture_on_commit_callbacks):
    cast.other_minister.language = "en"
    cast.other_minister.save()
    with django_capture_on_commit_callbacks(execute=True):
        tell(cast.minister, cast.other_minister)

    vietnamese, english = mail.outbox
    assert vietnamese.to == [cast.minister.email]
    assert vietnamese.subject == "e-Cabinet: Thông báo: Luật <Bảo hiểm y tế>"
    assert "Kính gửi đồng chí Nguyễn Hữu Đức," in vietnamese.body
    assert "Dear Trần Ngọc Ánh," in english.body
    assert "http://localhost:8000/people/" in vietnamese.body
    (page, kind) = vietnamese.alternatives[0]
    assert kind == "text/html" and 'href="http://localhost:8000/people/"' in page and 'lang="vi"' in page
    assert set(Delivery.objects.values_list("work_state", flat=True)) == {WorkState.DONE}


def test_a_delivery_that_ran_does_not_run_again(cast):
    tell(cast.minister)
    delivery = Delivery.objects.get()

    tasks.deliver(delivery.pk)
    tasks.deliver(delivery.pk)

    assert len(mail.outbox) == 1


def test_a_closed_account_gets_no_mail(cast):
    tell(cast.minister)
    cast.minister.is_active = False
    cast.minister.save()

    tasks.deliver(Delivery.objects.get().pk)

    assert mail.outbox == []
    assert Delivery.objects.get().work_error == "account_closed"


def test_a_mail_server_that_is_down_is_asked_again_less_and_less_often(cast, monkeypatch):
    def refuse(notice):
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks, "send", refuse)
    tell(cast.minister)
    delivery = Delivery.objects.get()
    begin, waits = clock.now(), []
    for attempt in range(Delivery.attempts_allowed):
        tasks.deliver(delivery.pk)
        delivery.refresh_from_db()
        assert delivery.work_attempts == attempt + 1
        if delivery.work_state == WorkState.FAILED:
            break
        minutes = next(m for m in range(1, 500) if is_due(delivery, begin, m))
        waits.append(minutes)

    assert waits == [2, 4, 8, 16, 32, 64, 128]
    assert delivery.work_state == WorkState.FAILED
    assert delivery.work_error == "ConnectionRefusedError"


def test_a_mail_server_that_hangs_is_not_waited_for_long():
    """The queue of mails closes requests at their deadline too."""
    assert mail.get_connection("django.core.mail.backends.smtp.EmailBackend").timeout <= 10


def is_due(delivery, begin, minutes):
    with clock.at(begin + factories.timedelta(minutes=minutes, seconds=5)):
        return Delivery.objects.due().filter(pk=delivery.pk).exists()


def test_what_the_broker_lost_is_handed_in_again(cast, django_capture_on_commit_callbacks):
    tell(cast.minister)  # the commit hook never ran
    with (
        clock.at(clock.now() + factories.timedelta(minutes=1)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        tasks.hand_in_deliveries()
    assert mail.outbox == []

    with (
        clock.at(clock.now() + factories.timedelta(minutes=3)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        tasks.hand_in_deliveries()
    assert len(mail.outbox) == 1


def test_a_delivery_whose_worker_died_is_taken_up_again(cast):
    tell(cast.minister)
    Delivery.objects.update(work_state=WorkState.RUNNING, work_attempts=1, started_at=clock.now())

    assert not Delivery.objects.due().exists()
    with clock.at(clock.now() + factories.timedelta(minutes=6)):
        assert Delivery.objects.due().exists()
        tasks.deliver(Delivery.objects.get().pk)
    assert len(mail.outbox) == 1


# The page


def test_the_inbox_shows_the_newest_first_and_leads_on(cast, sign_in):
    tell(cast.minister, subject="việc cũ")
    tell(cast.minister, subject="việc mới")
    tell(cast.other_minister, subject="việc của người khác")
    client = sign_in(cast.minister)

    page = client.get(reverse("notifications:inbox")).content.decode()
    assert page.index("việc mới") < page.index("việc cũ")
    assert "việc của người khác" not in page
    assert "2 thông báo chưa đọc" in page or ">2<" in page

    notice = Notification.objects.filter(recipient=cast.minister).first()
    answer = client.post(reverse("notifications:mark_notification_read", args=[notice.pk]))
    assert answer.url == "/people/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_all_are_marked_at_once(cast, sign_in):
    tell(cast.minister)
    tell(cast.minister)
    client = sign_in(cast.minister)

    page = client.post(reverse("notifications:mark_all_read"), follow=True).content.decode()

    assert "Đã đánh dấu đọc tất cả" in page
    assert not Notification.objects.unread().exists()


def test_another_ones_notice_does_not_exist(cast, sign_in):
    tell(cast.minister)
    address = reverse("notifications:mark_notification_read", args=[Notification.objects.get().pk])

    assert sign_in(cast.secretary).post(address).status_code == 404
    assert sign_in(cast.minister).get(address).status_code == 405


def test_a_long_inbox_has_pages_and_costs_the_same(
    cast, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(cast.minister)
    tell(cast.minister)
    with django_assert_max_num_queries(15) as few:
        client.get(reverse("notifications:inbox"))
    for number in range(40):
        tell(cast.minister, subject=f"việc {number}")

    with django_assert_num_queries(len(few.captured_queries)):
        page = client.get(reverse("notifications:inbox")).content.decode()
    assert "Thông báo cũ hơn" in page
    before = Notification.objects.order_by("-pk")[29].pk
    older = client.get(reverse("notifications:inbox"), {"before": before}).content.decode()
    assert "việc 9<" in older.replace("\n", "") or "việc 9" in older
    assert "Về mới nhất" in older


def test_an_empty_inbox_says_what_will_come(cast, sign_in):
    assert (
        "Không có thông báo nào."
        in sign_in(cast.minister).get(reverse("notifications:inbox")).content.decode()
    )
