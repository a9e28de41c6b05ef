"""Finds the secrecy marking of an official document in its text: Mật, Tối mật, Tuyệt mật.

The marking is a stamp: a line of its own in capitals (Nghị định 30/2020/NĐ-CP, annex I, box 10b). Prose
that speaks of secrets, or of density ("mật độ"), is no marking. A stamp that is only a picture is not seen.
"""

import re
import unicodedata
from itertools import pairwise

LEVELS = ("Mật", "Tối mật", "Tuyệt mật")

UPPER_LINES = 40  # The letterhead and the subject; a stamp stands among them.
LAST_LINES = 4  # A stamp laid over a finished page is the last text in the file's order.

# What can share the stamp's base line: the other column of the letterhead, or the number.
_NEIGHBOURS = ("CỘNG HÒA", "CỘNG HOÀ", "Độc lập", "Số:", "Số :", "V/v", "Kính gửi", "Bản số")
_PLACE_AND_DATE = re.compile(r"(\S+(?: \S+){0,4}) ?, ?ngày\b")
_STAMP = r"(?P<stamp>(?:T ?Ố ?I |T ?U ?Y ?Ệ ?T )?M ?Ậ ?T)"
_BEFORE_NEIGHBOUR = re.compile(rf"{_STAMP} (?P<rest>.+)")
_BEHIND_NUMBER = re.compile(rf"Số ?: ?\S+ {_STAMP}")
_STATEMENT = re.compile(
    r"(?:dấu chỉ )?(?:độ|mức độ) mật ?[:\-–] ?(mật|tối mật|tuyệt mật)[ .;]*", re.IGNORECASE
)

# Any of the spellings below, however spaced: almost every page has none, and is done with.
_HINT = re.compile(r"M\W*(?:Ậ|Ë|AÄ)\W*T", re.IGNORECASE)

_SPACED = {"Mật": "MẬT", "Tối mật": "TỐIMẬT", "Tuyệt mật": "TUYỆTMẬT"}
# The same words under the old TCVN3 and VNI fonts, whose text layer is not Unicode.
_LEGACY = {
    "Mật": ("MËT", "mËt", "MAÄT"),
    "Tối mật": ("TèIMËT", "tèimËt", "TOÁIMAÄT"),
    "Tuyệt mật": ("TUYÖTMËT", "tuyÖtmËt", "TUYEÄTMAÄT"),
}
_FRAME = " \t\"'“”‘’()[]{}<>|*•·.,:;_-–—=~/\\"


# How a stamp in red, on paper that was not quite clean, is read off a picture.
_MISREAD = (
    (re.compile(r"(?<![^\W\d_])M ?[AÂẠẬ] ?T(?![^\W\d_])"), "MẬT"),
    (re.compile(r"(?<![^\W\d_])T ?[OÔỐÓ] ?[IÍ1](?= ?MẬT)"), "TỐI"),
    (re.compile(r"(?<![^\W\d_])T ?U ?Y ?[EÊẸỆ] ?T(?= ?MẬT)"), "TUYỆT"),
)


def recognised_marking(text: str) -> str | None:
    """The marking on a page that was read off a picture, where accents are easily lost."""
    text = unicodedata.normalize("NFC", text)
    for misread, meant in _MISREAD:
        text = misread.sub(meant, text)
    return secrecy_marking(text)


def secrecy_marking(text: str) -> str | None:
    """The highest marking on the page whose text this is, or None."""
    text = unicodedata.normalize("NFC", text)
    if not _HINT.search(text):
        return None
    lines = _outer_lines([line for line in text.splitlines() if line.strip()])
    lines = [_tidy_line(line) for line in lines]
    found = {_level_of_line(line) for line in lines if _HINT.search(line)} | {_split_level(lines)}
    return max((level for level in found if level), key=LEVELS.index, default=None)


def _outer_lines(lines: list[str]) -> list[str]:
    if len(lines) <= UPPER_LINES + LAST_LINES:
        return lines
    return lines[:UPPER_LINES] + lines[-LAST_LINES:]


def _tidy_line(line: str) -> str:
    visible = "".join(c for c in line if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", visible).strip()


def _level_of_line(line: str) -> str | None:
    return _level_of_stamp(line) or _level_beside_letterhead(line) or _level_of_statement(line)


def _level_of_stamp(line: str) -> str | None:
    """The line holds the stamp's capitals and nothing else, whatever the spacing and the frame around it."""
    letters = line.strip(_FRAME).replace(" ", "")
    for level in LEVELS:
        if letters == _SPACED[level] or letters in _LEGACY[level]:
            return level
    return None


def _level_beside_letterhead(line: str) -> str | None:
    if match := _BEHIND_NUMBER.fullmatch(line):
        return _level_of_stamp(match["stamp"])
    match = _BEFORE_NEIGHBOUR.match(line)
    if match and (match["rest"].startswith(_NEIGHBOURS) or _is_place_and_date(match["rest"])):
        return _level_of_stamp(match["stamp"])
    return None


def _is_place_and_date(text: str) -> bool:
    match = _PLACE_AND_DATE.match(text)
    return match is not None and all(word.istitle() or word == "TP." for word in match[1].split())


def _level_of_statement(line: str) -> str | None:
    match = _STATEMENT.fullmatch(line)
    return match[1].capitalize() if match else None


def _split_level(lines: list[str]) -> str | None:
    """A stamp set on two lines."""
    for first, second in pairwise(lines):
        if _level_of_stamp(second) == "Mật" and (level := _level_of_stamp(f"{first} {second}")):
            return level
    return None
