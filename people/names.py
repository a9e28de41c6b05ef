"""Vietnamese alphabetical order: by given name, then the rest; letters before tones."""

import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_PLACE = {letter: chr(ord("A") + place) for place, letter in enumerate(ALPHABET)}


def make_sort_key(full_name: str) -> str:
    """A text whose plain byte order is the order of a Vietnamese name list.

    The database needs no collation of its own for it (the embedded PostgreSQL has no ICU).
    """
    *rest, given = full_name.split() or [""]
    return " ".join(_weigh(word) for word in [given, *rest])[:200]


def _weigh(word: str) -> str:
    letters, tones = [], []
    for letter in unicodedata.normalize("NFC", word.lower()):
        base, tone = _split_tone(letter)
        letters.append(_PLACE.get(base, base))
        tones.append(str(TONES.find(tone) + 1) if tone else "0")
    return "".join(letters) + "!" + "".join(tones)


def _split_tone(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in parts if mark in TONES), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else letter, tone


def fold(text: str) -> str:
    """Lower case without accents: `Đặng Thị Hằng` is found by `dang thi hang`."""
    plain = "".join(mark for mark in unicodedata.normalize("NFD", text) if not unicodedata.combining(mark))
    return " ".join(plain.replace("đ", "d").replace("Đ", "d").lower().split())
