"""The pages of people and accounts, through HTTP."""

import re

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from core import clock
from people.models import Invitation, User
from people.rules import Role
from tests import factories

pytestmark = pytest.mark.django_db


def words(response):
    return re.sub(r"\s+", " ", response.content.decode())


# The directory


def test_the_directory_stands_in_protocol_order_then_by_given_name(cast, sign_in):
    page = words(sign_in(cast.secretary).get("/people/"))

    places = [
        page.index(name) for name in ("Phạm Quang Minh", "Lê Thị Thanh Hà", "Nguyễn Hữu Đức", "Bùi Thị Sen")
    ]
    assert places == sorted(places)
    assert "Mai Phương Thúy" not in page


@pytest.mark.parametrize("typed", ["ngoc anh", "Ngọc Ánh", "ANH tran", "Bộ Y tế", "tran ngoc y tế"])
def test_people_are_found_without_accents_and_by_title(cast, sign_in, typed):
    page = words(sign_in(cast.secretary).get("/people/", {"q": typed}))

    assert "Trần Ngọc Ánh" in page
    assert "Đặng Văn Ước" not in page


def test_past_and_present_offices_are_told_apart(cast, sign_in):
    office = cast.archivist.appointments.get()
    office.valid_until = clock.today() - factories.days(1)
    office.save()
    client = sign_in(cast.secretary)

    assert "Bùi Thị Sen" not in words(client.get("/people/"))
    assert "Bùi Thị Sen" in words(client.get("/people/?show=past"))
    assert "Phạm Quang Minh" not in words(client.get("/people/?show=past"))
    assert "Bùi Thị Sen" in words(client.get("/people/?show=all"))


def test_a_person_of_two_bodies_chooses_between_them(cast, sign_in):
    factories.appoint(cast.minister, Role.MEMBER, cast.province, title="Đặc phái viên")
    client = sign_in(cast.minister)

    assert "Mai Phương Thúy" not in words(client.get("/people/"))
    assert "Mai Phương Thúy" in words(client.get("/people/", {"body": cast.province.pk}))


def test_somebody_without_office_sees_an_empty_directory(cast, sign_in):
    assert "Không tìm thấy ai." in words(sign_in(cast.nobody).get("/people/"))


def test_the_directory_asks_the_same_number_of_questions_for_1_and_for_21(
    cast, sign_in, django_assert_max_num_queries, django_assert_num_queries
):
    client = sign_in(cast.secretary)
    with django_assert_max_num_queries(20) as few:
        client.get("/people/?q=anh")
    for number in range(21):
        factories.make_officer(f"Lê Văn Anh {number}", Role.SECRETARY, cast.body)

    with django_assert_num_queries(len(few.captured_queries)):
        client.get("/people/?q=anh")


def test_the_shell_costs_two_queries(cast, rf, django_assert_num_queries):
    from ecabinet.context import shell

    request = rf.get("/people/")
    request.user = User.objects.get(pk=cast.minister.pk)
    with django_assert_num_queries(2):
        context = shell(request)
    assert context["body_name"] == "Chính phủ"
    assert context["office_title"] == "Bộ trưởng Bộ Tài chính"
    assert [page["label"] for page in context["navigation"] if page["active"]] == ["Danh bạ"]


def test_a_long_directory_has_pages(cast, sign_in, monkeypatch):
    monkeypatch.setattr("people.views.PEOPLE_A_PAGE", 3)
    client = sign_in(cast.secretary)

    assert "Trang sau" in words(client.get("/people/"))
    assert "Trang trước" in words(client.get("/people/?page=2"))


# A person


def test_colleagues_read_offices_and_administrators_the_account(cast, sign_in):
    address = reverse("people:read_person", args=[cast.minister.pk])

    page = words(sign_in(cast.secretary).get(address))
    assert "Bộ trưởng Bộ Tài chính" in page and "đương chức" in page
    assert "Tên đăng nhập" not in page and "Đóng tài khoản" not in page

    page = words(sign_in(cast.administrator).get(address))
    assert "Tên đăng nhập" in page and "Đóng tài khoản" in page and "Nhập bổ nhiệm" in page


@pytest.mark.parametrize("who", ["outside_member", "nobody"])
def test_strangers_find_no_such_page(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(cast.minister.get_absolute_url()).status_code == 404


def test_an_administrator_opens_an_account_and_appoints(cast, sign_in):
    client = sign_in(cast.administrator)
    address = reverse("people:register_user", args=[cast.body.pk])
    assert client.get(address).status_code == 200

    fields = {"full_name": "  Cao   Thị Mới ", "username": "cao.moi", "email": "Cao.Moi@Example.vn"}
    answer = client.post(address, fields)
    person = User.objects.get(username="cao.moi")
    assert (person.full_name, person.email) == ("Cao Thị Mới", "cao.moi@example.vn")
    assert answer.url == reverse("people:appoint_officer", args=[person.pk, cast.body.pk])
    assert "Thư mời" in words(client.get(person.get_absolute_url()))

    assert client.get(answer.url).status_code == 200
    office = {
        "role": Role.MEMBER,
        "title": "Bộ trưởng Bộ Y tế",
        "organisation": cast.health.pk,
        "valid_from": "2026-01-01",
        "protocol_order": "9",
    }
    assert client.post(answer.url, office).url == person.get_absolute_url()
    assert User.objects.get(pk=person.pk).holds(Role.MEMBER, cast.body.pk)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"username": "Cao Mới"}, "chữ thường không dấu"),
        ({"username": "taken"}, "đã có người dùng"),
        ({"email": "taken@example.vn"}, "Đã có tài khoản"),
        ({"full_name": ""}, "Họ và tên"),
    ],
)
def test_a_faulty_registration_is_told_and_keeps_what_was_typed(cast, sign_in, fields, complaint):
    factories.make_user("Ai đó", username="taken", email="taken@example.vn")
    client = sign_in(cast.administrator)
    good = {"full_name": "Cao Thị Mới", "username": "cao.moi", "email": "cao.moi@example.vn"}

    answer = client.post(reverse("people:register_user", args=[cast.body.pk]), {**good, **fields})

    assert answer.status_code == 422
    assert complaint in words(answer)
    assert not Invitation.objects.exists()


def test_an_account_is_corrected_invited_closed_and_opened(cast, sign_in):
    client = sign_in(cast.administrator)
    person = cast.archivist

    def post(name, **fields):
        return client.post(reverse(f"people:{name}", args=[person.pk]), fields, follow=True)

    assert "Bùi Thị Sen" in words(client.get(reverse("people:correct_user", args=[person.pk])))
    assert "Bùi Thị Sen Vàng" in words(post("correct_user", full_name="Bùi Thị Sen Vàng", email=person.email))
    assert post("correct_user", full_name="Bùi", email="nobody").status_code == 422
    assert "Thư mời mới đang được gửi" in words(post("invite_user"))
    assert "Đóng tài khoản của" in words(client.get(reverse("people:deactivate_user", args=[person.pk])))
    assert "Đã đóng tài khoản" in words(post("deactivate_user"))
    assert post("deactivate_user").status_code == 409
    assert "Đã mở lại tài khoản" in words(post("activate_user"))


def test_the_end_of_an_appointment_is_entered(cast, sign_in):
    client = sign_in(cast.administrator)
    address = reverse("people:end_appointment", args=[cast.minister.appointments.get().pk])

    assert "Vũ Thu Trang" in words(client.get(address))  # who assists leaves as well
    assert client.post(address, {"last_day": "mai"}).status_code == 422
    assert client.post(address, {"last_day": "2026-01-31"}).url == cast.minister.get_absolute_url()
    assert cast.minister.appointments.get().valid_until.isoformat() == "2026-01-31"


def test_forms_of_administrators_are_refused_to_others(cast, sign_in):
    client = sign_in(cast.secretary)
    person, office = cast.minister.pk, cast.minister.appointments.get().pk
    for address in (
        reverse("people:register_user", args=[cast.body.pk]),
        reverse("people:correct_user", args=[person]),
        reverse("people:deactivate_user", args=[person]),
        reverse("people:appoint_officer", args=[person, cast.body.pk]),
        reverse("people:end_appointment", args=[office]),
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"last_day": "2026-01-31"}).status_code == 403
    for name in ("invite_user", "activate_user"):
        assert client.post(reverse(f"people:{name}", args=[person])).status_code == 403


# One's own account


def test_the_language_is_kept_with_the_person_and_in_a_cookie(cast, sign_in):
    client = sign_in(cast.minister)

    answer = client.post("/accounts/language/", {"language": "en", "next": "/people/"})

    assert answer.url == "/people/"
    assert "People" in words(client.get("/people/"))
    cast.minister.refresh_from_db()
    assert cast.minister.language == "en"
    client.post("/accounts/logout/")
    assert "Sign in" in words(client.get("/accounts/login/"))


def test_a_stranger_chooses_language_and_text_size(client, db):
    assert "Đăng nhập" in words(client.get("/accounts/login/", headers={"accept-language": "en"}))
    client.post("/accounts/language/", {"language": "en"})
    client.post("/accounts/text-size/", {"size": "xl"})

    page = words(client.get("/accounts/login/"))
    assert "Sign in" in page and 'data-text-size="xl"' in page


def test_unknown_wishes_and_foreign_addresses_are_ignored(cast, sign_in):
    client = sign_in(cast.minister)

    answer = client.post("/accounts/language/", {"language": "xx", "next": "https://evil.example/"})
    assert answer.url == "/"
    client.post("/accounts/text-size/", {"size": "l"})
    cast.minister.refresh_from_db()
    assert (cast.minister.language, cast.minister.text_size) == ("vi", "l")


def test_signing_in_keeps_the_list_of_devices_and_looking_around_writes_nothing(cast, client):
    client.post(
        "/accounts/login/",
        {"login": cast.minister.username, "password": factories.PASSWORD},
        headers={"user-agent": "Mozilla/5.0 (iPad; CPU OS 18) AppleWebKit Safari/605"},
    )

    page = words(client.get("/accounts/sessions/"))
    assert "Safari, iPad" in page and "thiết bị này" in page


def test_a_device_seen_long_ago_is_noted_again(cast, client):
    from allauth.usersessions.models import UserSession

    client.post("/accounts/login/", {"login": cast.minister.username, "password": factories.PASSWORD})
    UserSession.objects.update(last_seen_at=clock.now() - factories.days(1))
    session = client.session
    session["seen_at"] = 0
    session.save()

    client.get("/accounts/")

    assert UserSession.objects.get().last_seen_at > clock.now() - factories.days(0.5)


def test_a_session_ends_half_a_day_after_it_began_however_busy(cast, client):
    client.post("/accounts/login/", {"login": cast.minister.username, "password": factories.PASSWORD})
    session = client.session
    session["began_at"] -= 12 * 3600 - 60
    session.save()
    assert client.get("/accounts/").status_code == 200

    session = client.session
    session["began_at"] -= 120
    session.save()
    answer = client.get("/people/")
    assert answer.url == "/accounts/login/?next=/people/"
    assert AuditEvent.objects.filter(action="people.sign_out").count() == 1


def test_an_unknown_device_has_a_name_too():
    from people.templatetags.people import device

    assert device("curl/8") == "Thiết bị không rõ"


# The demonstration


@pytest.fixture
def demo(settings):
    settings.ROOT_URLCONF = "tests.people.demo_urls"


def test_one_click_is_a_real_session(cast, client, demo):
    page = words(client.get("/demo/"))
    assert "Nguyễn Hữu Đức" in page and "Văn phòng" in page

    assert client.post("/demo/", {"person": cast.minister.username}).url == "/"
    assert "Nguyễn Hữu Đức" in words(client.get("/accounts/"))
    assert "thiết bị này" in words(client.get("/accounts/sessions/"))
    assert AuditEvent.objects.filter(action="people.sign_in", actor_id=cast.minister.pk).count() == 1

    client.post("/demo/", {"person": cast.chair.username})  # straight to the next person
    assert "Phạm Quang Minh" in words(client.get("/accounts/"))
    assert AuditEvent.objects.filter(action="people.sign_out", actor_id=cast.minister.pk).count() == 1


def test_technical_administrators_are_not_part_of_the_demonstration(cast, client, demo):
    operator = factories.make_user("Kỹ thuật viên", is_staff=True)

    assert client.post("/demo/", {"person": operator.username}).status_code == 404
    assert client.post("/demo/", {"person": "mọi người"}).status_code == 404


def test_there_is_no_such_door_elsewhere(cast, client):
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"person": cast.minister.username}).status_code == 404


def test_nothing_of_a_person_stays_in_a_shared_browser(cast, sign_in):
    assert sign_in(cast.minister).get("/")["Cache-Control"] == "private, no-store"
