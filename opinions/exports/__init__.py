"""The synthesis as files to take along: text, table, data. All from the same values."""

from collections.abc import Callable
from dataclasses import dataclass

from documents.word import write_docx
from opinions.exports.json import write_json
from opinions.exports.xlsx import write_xlsx
from opinions.models import OpinionRequest
from opinions.rendering import describe_synthesis
from opinions.synthesis import gather_synthesis

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Format:
    content_type: str
    write: Callable[[OpinionRequest], bytes]


FORMATS = {
    "docx": Format(
        f"{OFFICE}.wordprocessingml.document",
        lambda asked: write_docx(describe_synthesis(asked, gather_synthesis(asked))),
    ),
    "xlsx": Format(f"{OFFICE}.spreadsheetml.sheet", lambda asked: write_xlsx(gather_synthesis(asked))),
    "json": Format("application/json", lambda asked: write_json(gather_synthesis(asked))),
}


def name_file(opinion_request: OpinionRequest, form: str) -> str:
    return f"tong-hop-y-kien-{opinion_request.pk}.{form}"
