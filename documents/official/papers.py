"""Papers of any kind, and resolutions."""

from dataclasses import dataclass
from typing import ClassVar

from documents.official.base import OfficialDocument
from documents.official.blocks import Block
from documents.official.wording import BLANK, closed, dashed, ended

BY_VOTE_OF_MEMBERS = "Trên cơ sở kết quả biểu quyết của các Thành viên Chính phủ"


@dataclass(frozen=True, kw_only=True)
class Paper(OfficialDocument):
    """Tờ trình, báo cáo, thông báo …; a công văn when `kind` is empty."""

    template: ClassVar[str] = "pdf/papers/paper.html"

    body: tuple[Block, ...]
    addressees: tuple[str, ...] = ()  # "Kính gửi"
    grounds: tuple[str, ...] = ()  # căn cứ, in italics

    @property
    def ground_lines(self) -> tuple[str, ...]:
        return tuple(
            ended(line, ";" if n < len(self.grounds) else ".") for n, line in enumerate(self.grounds, 1)
        )

    @property
    def addressee_lines(self) -> tuple[str, ...]:
        return dashed(closed(self.addressees))


@dataclass(frozen=True, kw_only=True)
class Article:
    text: str = ""
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResolutionDocument(OfficialDocument):
    template: ClassVar[str] = "pdf/decisions/resolution.html"

    grounds: tuple[str, ...]  # "Căn cứ Luật …", "Theo đề nghị của …", in this order
    articles: tuple[Article, ...]
    kind: str = "NGHỊ QUYẾT"
    notation: str = "NQ-CP"
    clause: str = BY_VOTE_OF_MEMBERS
    enacts: str = "QUYẾT NGHỊ:"

    @property
    def ground_lines(self) -> tuple[str, ...]:
        return closed((*self.grounds, self.clause))

    @property
    def numbered_articles(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """('Điều 1.', text, paragraphs); the last words of the last article close with './.'."""
        articles = [(f"Điều{BLANK}{n}.", a.text, a.paragraphs) for n, a in enumerate(self.articles, 1)]
        if articles:
            lead, text, paragraphs = articles[-1]
            if paragraphs:
                paragraphs = (*paragraphs[:-1], ended(paragraphs[-1], "./."))
            else:
                text = ended(text, "./.")
            articles[-1] = (lead, text, paragraphs)
        return articles
