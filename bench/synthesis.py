"""The synthesis of 27 and of 500 answers: each file from the stored facts, against bare WeasyPrint.

    ./run bench synthesis [RUNS]

Processor time, so that other work on the machine counts little, and the time that passed; each the median of
the runs after one to warm up. The files for work (text, tables, data) are made while the reader waits: 100 ms
is the measure. The PDF is made by a worker; its limit is a bare call of WeasyPrint on the same HTML, with the
fonts of the system and without tags.
"""

import logging
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
from django.conf import settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
REASON = (
    "Đề nghị cơ quan chủ trì làm rõ nguồn kinh phí thực hiện, bổ sung đánh giá tác động đối với người dân và "
    "doanh nghiệp; quy định lộ trình áp dụng phù hợp với năng lực của địa phương. "
)


def measure(make: Callable[[], Any], runs: int) -> tuple[float, float]:
    """Milliseconds of the processor, and as they passed."""
    make()
    worked, passed = [], []
    for _ in range(runs):
        begin, moment = time.process_time(), time.perf_counter()
        make()
        worked.append((time.process_time() - begin) * 1000)
        passed.append((time.perf_counter() - moment) * 1000)
    return statistics.median(worked), statistics.median(passed)


def close_with(members: int) -> Any:
    """A request with an answer of each member, every third with a reason, counted by the clock."""
    from core import clock
    from core.actors import CLOCK
    from opinions import actions
    from people.rules import Role
    from tests import factories
    from tests.opinions import steps

    body = factories.make_body(f"Chính phủ {members}", notation=f"CP{members}")
    rule_set = factories.make_rule_set(body, valid_from=date(2026, 1, 1))
    agency = factories.make_organisation("Bộ Tài chính")
    chair = factories.make_officer("Phạm Quang Minh", Role.CHAIR, body, title="Thủ tướng Chính phủ")
    secretary = factories.make_officer("Hoàng Minh Khôi", Role.SECRETARY, body)
    for number in range(2, members + 1):
        title = f"Bộ trưởng phụ trách công việc số {number}"
        factories.make_officer(f"Nguyễn Thị Thành Viên {number}", Role.MEMBER, body, title=title)
    cast = SimpleNamespace(
        body=body,
        rule_set=rule_set,
        finance=agency,
        secretary=secretary,
        vice_chair=chair,
        kind=factories.make_kind(body),
    )
    opinion_request = steps.send(cast, papers=3, kind=cast.kind)
    for number, slip in enumerate(opinion_request.slips.select_related("member")):
        way = ("agree", "") if number % 3 else ("other", REASON)
        steps.answer(opinion_request, slip.member, *way)
    with clock.at(opinion_request.deadline + timedelta(seconds=1)):
        actions.close_request(opinion_request, by=CLOCK)
    return opinion_request


def ways_of(opinion_request: Any) -> dict[str, Callable[[], Any]]:
    from django.template.loader import render_to_string
    from weasyprint import CSS, HTML

    from documents.rendering import render_official
    from documents.typesetting import STYLE_SHEET
    from opinions.exports import FORMATS
    from opinions.models import OpinionRequest
    from opinions.rendering import write_synthesis
    from opinions.synthesis import gather_synthesis

    def fresh() -> Any:
        return OpinionRequest.objects.get(pk=opinion_request.pk)

    document = write_synthesis(fresh())
    html = render_to_string(document.template, {"document": document})
    sheet = re.sub(r"@font-face \{.*?\}\n", "", render_to_string(STYLE_SHEET))
    return {
        "facts from the database": lambda: gather_synthesis(fresh()),
        "DOCX": lambda: FORMATS["docx"].write(fresh()),
        "XLSX": lambda: FORMATS["xlsx"].write(fresh()),
        "JSON": lambda: FORMATS["json"].write(fresh()),
        "PDF, from the database": lambda: render_official(write_synthesis(fresh())),
        "PDF, bare WeasyPrint on the same HTML": lambda: HTML(string=html).write_pdf(
            stylesheets=[CSS(string=sheet)]
        ),
    }


def main(runs: int = 5) -> None:
    django.setup()
    from django.db import transaction

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in here

    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    print(f"{'members':>7}  {'what':<42}{'processor ms':>14}{'passed ms':>11}")
    for members in (27, 500):
        with transaction.atomic():  # nothing of this stays
            for name, make in ways_of(close_with(members)).items():
                worked, passed = measure(make, runs)
                print(f"{members:>7}  {name:<42}{worked:>14.0f}{passed:>11.0f}", flush=True)
            transaction.set_rollback(True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
