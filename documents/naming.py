"""What a paper probably is, by the name of its file: a proposal, for a person to correct."""

import re
import unicodedata

from documents.rules import DocumentKind
from people.names import fold

# Folded beginnings or words, the most telling first, with the words as they are spelt.
_BEGINNINGS = (
    (r"(bao cao|bang|ban)\b.*\b(tiep thu|giai trinh)", DocumentKind.ACCEPTANCE),
    (r"(bao cao|van ban|cong van|y kien|ho so)?\s*tham dinh", DocumentKind.APPRAISAL),
    (r"(ban |bao cao )?tom tat", DocumentKind.SUMMARY),
    (r"to trinh", DocumentKind.SUBMISSION),
    (r"bien ban", DocumentKind.MINUTES),
    (r"de an", DocumentKind.SCHEME),
    (r"du thao", DocumentKind.DRAFT),
    (
        r"(bang |bao cao )?tong hop y kien|(van ban |cong van )?(gop y|y kien|tham gia y kien)",
        DocumentKind.OPINION,
    ),
    (r"bao cao", DocumentKind.REPORT),
    (r"nghi quyet|nghi dinh|quyet dinh|chi thi|thong tu|luat", DocumentKind.DRAFT),
)
_SPELT = {
    "to trinh": "Tờ trình",
    "du thao": "Dự thảo",
    "nghi quyet": "Nghị quyết",
    "nghi dinh": "Nghị định",
    "quyet dinh": "Quyết định",
    "bao cao": "Báo cáo",
    "bang": "Bảng",
    "bien ban": "Biên bản",
    "de an": "Đề án",
    "tham dinh": "thẩm định",
    "tom tat": "tóm tắt",
    "tiep thu": "tiếp thu",
    "giai trinh": "giải trình",
    "tong hop": "tổng hợp",
    "y kien": "ý kiến",
    "gop y": "góp ý",
    "phu luc": "Phụ lục",
    "cong van": "Công văn",
    "danh gia tac dong": "đánh giá tác động",
}


def propose(file_name: str) -> tuple[str, str]:
    """Kind and title: "02_To trinh 12.pdf" is a submission with the title "Tờ trình 12"."""
    title = tidy_title(file_name)
    folded = fold(title)
    kind = next((kind for pattern, kind in _BEGINNINGS if re.match(pattern, folded)), None)
    if kind is None:
        kind = next((kind for pattern, kind in _BEGINNINGS if re.search(rf"\b({pattern})", folded)), None)
    return kind or DocumentKind.OTHER, title


def tidy_title(file_name: str) -> str:
    """The name without its ending, its number in the folder and its underlines; with accents where the words
    are sure."""
    stem = unicodedata.normalize("NFC", file_name).replace("\\", "/").rpartition("/")[2]
    stem = re.sub(r"\.\w{2,5}$", "", stem).replace("_", " ")
    stem = re.sub(r"^\d{1,2}\s*[.)\-]?\s+(?=\D)", "", re.sub(r"^(\d{1,2})[.)\-](?=\D)", r"\1 ", stem))
    if " " not in stem:  # words-are-joined-like-this
        stem = stem.replace("-", " ")
    title = re.sub(r"\s+", " ", stem).strip(" .-")
    if title.isascii():
        for plain, spelt in _SPELT.items():
            title = re.sub(rf"\b{plain}\b", spelt, title, flags=re.IGNORECASE)
    return title[:1].upper() + title[1:500]
