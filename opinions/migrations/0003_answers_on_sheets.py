"""Each body gets its usual kind of request, each request its kind, each answer its sheet."""

from datetime import time

from django.db import migrations
from django.utils import timezone

TITLES = {
    "government": "PHIẾU LẤY Ý KIẾN THÀNH VIÊN CHÍNH PHỦ",
    "province": "PHIẾU GHI Ý KIẾN THÀNH VIÊN ỦY BAN NHÂN DÂN TỈNH",
    "commune": "PHIẾU GHI Ý KIẾN THÀNH VIÊN ỦY BAN NHÂN DÂN XÃ",
}
CLASSES = (
    ("agree", "Đồng ý", "Agree", "agree", "optional", False),
    ("disagree", "Không đồng ý", "Disagree", "disagree", "required", True),
    ("other", "Ý kiến khác", "Other opinion", "other", "required", True),
)


def give_kinds(apps, editor):
    Body = apps.get_model("people", "Body")
    RequestKind = apps.get_model("opinions", "RequestKind")
    AnswerClass = apps.get_model("opinions", "AnswerClass")
    OpinionRequest = apps.get_model("opinions", "OpinionRequest")
    for body in Body.objects.all():
        kind = RequestKind.objects.create(
            body=body,
            name="Phiếu lấy ý kiến",
            title=TITLES.get(body.kind, "PHIẾU LẤY Ý KIẾN"),
            remind_before=[48, 24, 4],
            quiet_from=time(21),
            quiet_until=time(7),
            confirmed_at=timezone.now(),
            confirmed_by_name="e-Cabinet",
        )
        AnswerClass.objects.bulk_create(
            AnswerClass(
                kind=kind,
                place=place,
                code=code,
                label=label,
                label_en=label_en,
                counts_as=counts_as,
                reason=reason,
                raises_remark=raises_remark,
            )
            for place, (code, label, label_en, counts_as, reason, raises_remark) in enumerate(CLASSES, 1)
        )
        OpinionRequest.objects.filter(body=body).update(kind=kind)


def give_sheets(apps, editor):
    OpinionSlip = apps.get_model("opinions", "OpinionSlip")
    AnswerSheet = apps.get_model("opinions", "AnswerSheet")
    Answer = apps.get_model("opinions", "Answer")
    AnswerClass = apps.get_model("opinions", "AnswerClass")
    taken = {(c.kind_id, c.code): c for c in AnswerClass.objects.all()}
    for slip in OpinionSlip.objects.filter(status="answered").select_related("request").iterator():
        sheet = AnswerSheet.objects.create(
            slip=slip,
            number=1,
            issue=1,
            standing="counts",
            given_at=slip.answered_at,
            given_by_id=slip.answered_by_id,
            receipt=slip.receipt,
        )
        for answer in Answer.objects.filter(slip=slip):
            answer.sheet, answer.taken = sheet, taken[slip.request.kind_id, answer.position]
            answer.save(update_fields=["sheet", "taken"])


def give_issues(apps, editor):
    OpinionRequest = apps.get_model("opinions", "OpinionRequest")
    RequestIssue = apps.get_model("opinions", "RequestIssue")
    for request in OpinionRequest.objects.filter(opened_at__isnull=False).iterator():
        first = request.dossier.issues.order_by("number").first()
        if first is not None:
            RequestIssue.objects.create(
                request=request,
                number=1,
                dossier_issue=first,
                issued_at=request.opened_at,
                issued_by_name=first.sealed_by_name,
            )


class Migration(migrations.Migration):
    dependencies = [("opinions", "0002_kinds_and_sheets")]

    operations = [
        migrations.RunPython(give_kinds, migrations.RunPython.noop),
        migrations.RunPython(give_sheets, migrations.RunPython.noop),
        migrations.RunPython(give_issues, migrations.RunPython.noop),
    ]
