"""Text as it is stored."""

import unicodedata

HYPHEN_AT_LINE_END = "\x02"  # what pdfium gives for it; the two lines are joined without a break


def clean_text(text: str) -> str:
    """NFC, without what PostgreSQL or a reader cannot take: NUL, lone surrogates, non-characters."""
    text = text.replace("\r\n", "\n").replace(HYPHEN_AT_LINE_END, "-")
    kept = "".join(c for c in text if c in "\n\t" or _is_storable(c))
    return unicodedata.normalize("NFC", kept)


def _is_storable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and (ord(character) & 0xFFFE) != 0xFFFE
