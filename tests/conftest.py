"""The cast: a small government with its office, and people who must see nothing of it."""

from types import SimpleNamespace

import pytest
from hypothesis import settings as hypothesis_settings

from people.models import Body
from people.rules import Role
from tests import factories

hypothesis_settings.register_profile("house", deadline=None)  # a busy machine is no counterexample
hypothesis_settings.load_profile("house")

pytest_plugins = ["tests.database", "tests.corpus", "tests.workers", "tests.authority", "tests.tokens"]


@pytest.fixture(autouse=True)
def keep_files_apart(settings, tmp_path):
    """Each test stores its files in a folder of its own, and shares no cache with a running system."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "storage")},
        },
    }
    settings.UPLOAD_DIR = str(tmp_path / "uploads")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def cast(db):
    """Prime Minister, a deputy, three ministers, their assistant, the office; and strangers."""
    body = factories.make_body()
    finance = factories.make_organisation("Bộ Tài chính")
    health = factories.make_organisation("Bộ Y tế")
    home = factories.make_organisation("Bộ Nội vụ")
    office = body.office
    people = SimpleNamespace(body=body, finance=finance, health=health, home=home, office=office)
    officer = factories.make_officer
    people.chair = officer("Phạm Quang Minh", Role.CHAIR, body, title="Thủ tướng Chính phủ", protocol_order=1)
    people.vice_chair = officer(
        "Lê Thị Thanh Hà", Role.VICE_CHAIR, body, title="Phó Thủ tướng Chính phủ", protocol_order=2
    )
    people.minister = officer(
        "Nguyễn Hữu Đức",
        Role.MEMBER,
        body,
        title="Bộ trưởng Bộ Tài chính",
        organisation=finance,
        protocol_order=3,
    )
    people.other_minister = officer(
        "Trần Ngọc Ánh", Role.MEMBER, body, title="Bộ trưởng Bộ Y tế", organisation=health, protocol_order=4
    )
    people.third_minister = officer(
        "Đặng Văn Ước", Role.MEMBER, body, title="Bộ trưởng Bộ Nội vụ", organisation=home, protocol_order=5
    )
    people.assistant = officer(
        "Vũ Thu Trang",
        Role.ASSISTANT,
        body,
        title="Thư ký Bộ trưởng",
        organisation=finance,
        assists=people.minister.appointments.get(),
    )
    people.secretary = officer("Hoàng Minh Khôi", Role.SECRETARY, body, title="Chuyên viên Vụ Tổng hợp")
    people.archivist = officer("Bùi Thị Sen", Role.ARCHIVIST, body, title="Lưu trữ viên")
    people.administrator = officer("Phan Đình Lâm", Role.ADMINISTRATOR, body, title="Quản trị hệ thống")
    people.auditor = officer("Ngô Bảo Châu Anh", Role.AUDITOR, body, title="Kiểm tra viên")
    people.submitter = officer(
        "Đào Thị Lụa", Role.SUBMITTER, body, title="Chuyên viên Vụ Pháp chế", organisation=finance
    )
    people.other_submitter = officer(
        "Kha Văn Tới", Role.SUBMITTER, body, title="Chuyên viên Vụ Pháp chế", organisation=health
    )
    province = factories.make_body(
        "Ủy ban nhân dân tỉnh Lâm Đồng",
        Body.Kind.PROVINCE,
        notation="UBND",
        office=factories.make_organisation("Văn phòng UBND tỉnh Lâm Đồng"),
    )
    people.province = province
    people.outside_secretary = officer("Tạ Quốc Việt", Role.SECRETARY, province)
    people.outside_member = officer("Mai Phương Thúy", Role.MEMBER, province)
    people.outside_auditor = officer("Lý Hải Yến", Role.AUDITOR, province)
    people.nobody = factories.make_user("Người không có chức vụ")
    people.rule_set = factories.make_rule_set(body)
    people.kind = factories.make_kind(body)
    return people


CAST = (
    "chair vice_chair minister other_minister third_minister assistant secretary archivist administrator "
    "auditor submitter other_submitter outside_secretary outside_member outside_auditor nobody"
).split()


@pytest.fixture
def sign_in(client):
    """`sign_in(person)` gives a browser in which that person is signed in."""

    def sign_in_as(person):
        client.force_login(person)
        return client

    return sign_in_as


@pytest.fixture
def no_workers(monkeypatch):
    """Work for later stays a stored row, as when every worker is busy elsewhere."""
    monkeypatch.setattr("core.queue._send", lambda task, ids: None)
