"""The synthesis on screen and as files: the same facts in each, for those who may read them."""

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from jsonschema import Draft202012Validator, FormatChecker

from audit.models import AuditEvent
from core.work import WorkState
from core.workflow import Conflict
from documents.models import Rendering
from opinions import actions
from opinions.actions._questions import AskedQuestion, OfferedOption
from opinions.exports import FORMATS
from opinions.exports.json import spell
from opinions.exports.xlsx import write_xlsx
from opinions.models import OpinionRequest
from opinions.rendering import write_synthesis
from opinions.synthesis import gather_synthesis
from people.rules import Role
from tests import factories
from tests.opinions import steps

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(settings.BASE_DIR) / "docs/reference/synthesis.schema.json").read_text())
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REASON = "=1+1: cần quy định rõ mức hỗ trợ."


def read_sheets(content):
    """The cells of each sheet as rows of text, as a spreadsheet program stores them."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        shared = [
            "".join(node.text or "" for node in item.iter(f"{SPREADSHEET}t"))
            for item in ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
        ]
        names = [
            sheet.get("name")
            for sheet in ElementTree.fromstring(file.read("xl/workbook.xml")).iter(f"{SPREADSHEET}sheet")
        ]
        sheets = {}
        for number, name in enumerate(names, 1):
            root = ElementTree.fromstring(file.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(root.iter(f"{SPREADSHEET}f")), "no formula"
            sheets[name] = [
                [_read_cell(cell, shared) for cell in row.iter(f"{SPREADSHEET}c")]
                for row in root.iter(f"{SPREADSHEET}row")
            ]
    return sheets


def _read_cell(cell, shared):
    value = cell.find(f"{SPREADSHEET}v")
    if value is None:
        return ""
    return shared[int(value.text)] if cell.get("t") == "s" else value.text


def close_mixed(cast):
    """Two questions, one with options; one agrees, one objects, three are silent."""
    options = (OfferedOption("Từ 2027", is_proposed=True), OfferedOption("Từ 2028"))
    asked = AskedQuestion("Áp dụng từ khi nào?", "options", 1, options)
    opinion_request = steps.send(cast, questions=[steps.QUESTION, asked])
    first, second = opinion_request.questions.all()
    early, late = second.options.all()
    for person, answers in (
        (cast.minister, {first.pk: {"position": "agree", "reason": ""}, second.pk: _choose(early)}),
        (cast.other_minister, {first.pk: {"position": "other", "reason": REASON}, second.pk: _choose(late)}),
    ):
        actions.answer_slip(steps.slip_of(opinion_request, person), by=person, answers=answers)
    return OpinionRequest.objects.get(pk=steps.close(opinion_request).pk)


def _choose(option):
    return {"options": [option.pk], "reason": ""}


def test_the_data_follow_the_published_schema(cast):
    Draft202012Validator.check_schema(SCHEMA)
    values = json.loads(FORMATS["json"].write(close_mixed(cast)))
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(values)
    assert values["questions"][0]["classes"] == {"agree": 1, "disagree": 0, "other": 1}
    assert [option["count"] for option in values["questions"][1]["options"]] == [1, 1]
    assert values["members"][3]["answers"][0] == {
        "question": 1,
        "position": "other",
        "options": [],
        "words": "Ý kiến khác",
        "reason": REASON,
        "differs": True,
    }
    del values["outcome"]["branch"]
    assert not Draft202012Validator(SCHEMA).is_valid(values)


def test_the_workbook_has_a_sheet_by_question_by_member_and_by_class(cast):
    sheets = read_sheets(FORMATS["xlsx"].write(close_mixed(cast)))
    assert list(sheets) == [
        "Thông tin",
        "Theo câu hỏi",
        "Theo thành viên",
        "Theo loại ý kiến",
        "Tiếp thu, giải trình",
    ]
    assert sheets["Tiếp thu, giải trình"][2][3:6] == ["Ý kiến khác", REASON, "Chưa giải trình"]
    head, first, early, _ = sheets["Theo câu hỏi"][1:5]
    assert head[2:6] == ["Đồng ý", "Không đồng ý", "Ý kiến khác", "Không trả lời"]
    assert first[:8] == ["1", steps.QUESTION, "1", "0", "1", "3", "5", "5"]
    assert early[1].startswith("Áp dụng từ khi nào?\nTừ 2027")
    rows = {row[1]: row for row in sheets["Theo thành viên"][2:]}
    assert rows["Trần Ngọc Ánh"][5:8] == ["Ý kiến khác", REASON, "Từ 2028"]
    assert rows["Đặng Văn Ước"][3] == "Không trả lời"
    silent = next(row for row in sheets["Theo loại ý kiến"] if row[1:2] == ["Không trả lời"])
    assert silent[4] == "Phạm Quang Minh; Lê Thị Thanh Hà; Đặng Văn Ước"


def test_the_text_file_says_what_the_report_says(cast):
    opinion_request = close_mixed(cast)
    file = Document(io.BytesIO(FORMATS["docx"].write(opinion_request)))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert write_synthesis(opinion_request).outcome.finding in text
    cells = {cell.text for table in file.tables for row in table.rows for cell in row.cells}
    assert f"Câu 1: {REASON}" in cells
    assert "Từ 2027 (cơ quan chủ trì đề xuất)" in cells


def enter_by_telephone(cast, opinion_request, person, reason="Đi công tác."):
    actions.enter_answer(
        steps.slip_of(opinion_request, person),
        by=cast.secretary,
        answers=steps.give(opinion_request, ("other", "Cần lộ trình.")),
        way="telephone",
        reason=reason,
    )


def test_answers_of_another_hand_are_marked_as_such(cast):
    opinion_request = steps.send(cast)
    enter_by_telephone(cast, opinion_request, cast.minister)
    opinion_request = steps.close(opinion_request)
    opinion_request.slips.filter(member=cast.minister).update(dissent="Tôi bảo lưu.")
    paper = write_synthesis(opinion_request)
    minister = next(opinion for opinion in paper.opinions if opinion.answers)
    assert minister.notes == ("ý kiến qua điện thoại; Hoàng Minh Khôi nhập thay, lý do: Đi công tác.",)
    assert [block.text for block in paper.body if "BẢO LƯU" in getattr(block, "text", "")] == [
        "V. Ý KIẾN BẢO LƯU"
    ]


def test_remarks_stand_with_what_became_of_them(cast):
    opinion_request = actions.refer_request(steps.close_with_opinions(cast), by=cast.secretary)
    remark = opinion_request.remarks.get()
    actions.explain_remark(remark, by=cast.submitter, verdict="accepted", explanation="Đã bổ sung Điều 4.")
    paper = write_synthesis(OpinionRequest.objects.get())
    row = paper.annexes[1].table.rows[0]
    assert row[1].startswith("Nguyễn Hữu Đức")
    assert row[3:] == ("Đã bổ sung Điều 4.", "Tiếp thu")
    values = spell(gather_synthesis(OpinionRequest.objects.get()))
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()).validate(values)


def test_in_a_secret_ballot_nobodys_answer_leaves_the_system(cast):
    opinion_request = steps.close_with_opinions(cast)
    OpinionRequest.objects.update(is_secret=True)
    opinion_request = OpinionRequest.objects.get()
    facts = gather_synthesis(opinion_request)
    assert not any(member.answers or member.receipt for member in facts.members)
    assert [member.status for member in facts.members].count("answered") == 1
    words = json.dumps(spell(facts)) + str(read_sheets(write_xlsx(facts)))
    words += str(write_synthesis(opinion_request).body) + str(write_synthesis(opinion_request).annexes)
    assert "mức hỗ trợ" not in words
    assert "Đã bỏ phiếu" in words


def test_a_member_who_left_is_named_and_not_counted(cast):
    opinion_request = steps.send(cast)
    cast.third_minister.appointments.update(valid_until=factories.LONG_AGO)
    paper = write_synthesis(steps.close(opinion_request))
    assert [opinion.name for opinion in paper.left] == ["Đặng Văn Ước"]
    assert len(paper.silent) == 4
    assert paper.results[0].members == 4


def test_figures_of_earlier_versions_are_told_by_the_sides(cast):
    opinion_request = steps.close_with_opinions(cast)
    question = opinion_request.questions.get()
    del question.result["classes"]
    question.save()
    assert gather_synthesis(opinion_request).questions[0].classes == {"agree": 0, "disagree": 0, "other": 1}


def test_as_many_queries_for_many_members_as_for_few(cast):
    few = steps.close_with_opinions(cast)
    for number in range(20):
        factories.make_officer(f"Ủy viên {number}", Role.MEMBER, cast.body, protocol_order=10 + number)
    many = steps.send(cast)
    for slip in many.slips.select_related("member"):
        enter_by_telephone(cast, many, slip.member)
    many = steps.close(many)
    counts = []
    for opinion_request in (few, many):
        fresh = OpinionRequest.objects.get(pk=opinion_request.pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            write_synthesis(fresh)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Who


@pytest.mark.parametrize(
    ("name", "is_allowed"),
    [
        ("chair", True),
        ("minister", True),
        ("assistant", True),
        ("secretary", True),
        ("auditor", True),
        ("submitter", False),
        ("archivist", False),
        ("outside_secretary", False),
    ],
)
def test_who_takes_the_synthesis_along(cast, name, is_allowed):
    opinion_request, person = steps.close_agreed(cast), getattr(cast, name)
    if not is_allowed:
        with pytest.raises(PermissionDenied):
            actions.export_synthesis(opinion_request, by=person, form="docx")
        return
    actions.export_synthesis(opinion_request, by=person, form="docx")
    event = AuditEvent.objects.get(action="opinions.export_synthesis")
    assert (event.actor_id, event.details) == (person.pk, {"form": "docx"})


def test_the_lead_agency_takes_it_along_once_it_was_passed_on(cast):
    opinion_request = actions.refer_request(steps.close_with_opinions(cast), by=cast.secretary)
    actions.export_synthesis(opinion_request, by=cast.submitter, form="xlsx")
    with pytest.raises(PermissionDenied):
        actions.export_synthesis(opinion_request, by=cast.other_submitter, form="xlsx")


def test_nothing_leaves_before_the_count(cast):
    opinion_request = steps.send(cast)
    with pytest.raises(Conflict):
        actions.export_synthesis(opinion_request, by=cast.secretary, form="json")


def test_the_synthesis_is_made_anew_by_those_who_follow_it_and_one_at_a_time(cast):
    opinion_request = steps.close_with_opinions(cast)
    with pytest.raises(Conflict, match="being made already"):
        actions.renew_synthesis(opinion_request, by=cast.secretary)
    Rendering.objects.update(work_state=WorkState.DONE)
    with pytest.raises(PermissionDenied):
        actions.renew_synthesis(opinion_request, by=cast.minister)
    actions.renew_synthesis(opinion_request, by=cast.secretary)
    assert opinion_request.synthesis.renderings.count() == 2


# On screen


@pytest.mark.parametrize("form", ["docx", "xlsx", "json"])
def test_a_file_comes_from_its_address(client, cast, form):
    opinion_request = steps.close_with_opinions(cast)
    client.force_login(cast.minister)
    answer = client.post(reverse("opinions:export_synthesis", args=[opinion_request.pk]), {"as": form})
    assert answer["Content-Type"] == FORMATS[form].content_type
    assert f"tong-hop-y-kien-{opinion_request.pk}.{form}" in answer["Content-Disposition"]
    assert len(answer.content) > 1000


def test_a_format_that_there_is_not_is_not_found(client, cast):
    opinion_request = steps.close_agreed(cast)
    client.force_login(cast.secretary)
    assert (
        client.post(
            reverse("opinions:export_synthesis", args=[opinion_request.pk]), {"as": "exe"}
        ).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("view", "words"),
    [("question", 'aria-label="Đồng chí có đồng ý'), ("member", REASON), ("class", "Phạm Quang Minh")],
)
def test_the_page_shows_question_member_and_class(client, cast, view, words):
    opinion_request = close_mixed(cast)
    client.force_login(cast.minister)
    page = client.get(reverse("opinions:read_answers", args=[opinion_request.pk]), {"by": view})
    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    drawn = text.count('class="part ')
    assert drawn == (3 if view == "question" else 0), "agree, other, silent; nobody disagrees"


def test_the_page_of_a_secret_ballot_shows_no_answers(client, cast):
    opinion_request = steps.close_with_opinions(cast)
    OpinionRequest.objects.update(is_secret=True)
    client.force_login(cast.secretary)
    for view in ("question", "member", "class"):
        page = client.get(reverse("opinions:read_answers", args=[opinion_request.pk]), {"by": view})
        assert "mức hỗ trợ" not in page.content.decode()
        assert 'href="?by=class"' not in page.content.decode()


def test_who_may_not_see_the_request_finds_no_page(client, cast):
    opinion_request = steps.close_agreed(cast)
    client.force_login(cast.outside_secretary)
    assert client.get(reverse("opinions:read_answers", args=[opinion_request.pk])).status_code == 404


def test_the_api_gives_data_files_and_a_new_synthesis(client, cast):
    opinion_request = steps.close_with_opinions(cast)
    client.force_login(cast.secretary)
    address = f"/api/opinion-requests/{opinion_request.pk}"
    assert client.get(f"{address}/synthesis/").json()["format"] == "ecabinet/synthesis/1"
    file = client.post(f"{address}/export/", {"format": "docx"}, content_type="application/json")
    assert file.content[:2] == b"PK"
    assert client.post(f"{address}/synthesis/renew/").status_code == 409, "it is being made"
