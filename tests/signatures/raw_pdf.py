"""A PDF file and its incremental updates as bytes: right in form, with any content."""

import re
from collections.abc import Iterable

Objects = dict[int, bytes]

DANGLING = 900  # a number that the signed file refers to and does not define


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 500 500]"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = b"BT /F1 12 Tf 72 700 Td (Pay 100 to A) Tj ET"
OTHER_TEXT = b"BT /F1 12 Tf 72 700 Td (Pay 999 to B) Tj ET"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 800] /Contents [%s] /Annots [11 0 R]"
    b" /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>"
)
CATALOG = b"<< /Type /Catalog /Pages %d 0 R /AcroForm 10 0 R /Lang (vi) %s >>"
FORM_DICTIONARY = b"<< /Fields [11 0 R] /DA (/F1 0 Tf) /DR << /Font << /F1 5 0 R >> >> %s >>"
FIELD = (
    b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (sum) /V (%s) /DA (/F1 12 Tf) /P 3 0 R"
    b" /Rect [100 100 200 120] /AP << /N %d 0 R >> >>"
)


def paper_objects() -> Objects:
    """One page with a picture over it and a form; a hidden other page; everything that attacks play with."""
    return {
        1: CATALOG % (2, b""),
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: PAGE % b"4 0 R 7 0 R",
        4: stream(TEXT),
        5: FONT,
        6: stream(b"1 1 1 rg 0 0 500 500 re f", FORM),
        7: stream(b"q /X Do Q"),
        8: b"<< /Type /Pages /Kids [9 0 R] /Count 1 >>",
        9: (PAGE % b"14 0 R").replace(b"/Parent 2", b"/Parent 8"),
        10: FORM_DICTIONARY % b"",
        11: FIELD % (b"100", 15),
        12: b"<< /Title (Resolution) /Producer (us) >>",
        13: CATALOG % (8, b""),
        14: stream(OTHER_TEXT),
        15: stream(b"BT /F1 12 Tf (100) Tj ET", FORM),
    }


def build(objects: Objects) -> bytes:
    content = b"%PDF-1.7\n%\xc0\xc1\xc2\xc3\n"
    # A second body under the number 4, to which no table leads: the seed of "hide and replace".
    content += b"4 0 obj\n" + stream(OTHER_TEXT) + b"\nendobj\n"
    return add_section(content, objects, b"/Root 1 0 R /Info 12 0 R /ID [(a) (b)]", None)


def append(
    content: bytes,
    objects: Objects,
    *,
    free: Iterable[int] = (),
    entries: bytes = b"",
    offsets: dict[int, int] | None = None,
    root: int | None = None,
    previous: int | None = None,
    information: int = 12,
) -> bytes:
    """An incremental update with a classic table, right in form and with any content."""
    root = root or int(re.findall(rb"/Root (\d+) 0 R", content)[-1])
    previous = last_section(content) if previous is None else previous
    trailer = b"/Root %d 0 R /Info %d 0 R /ID [(a) (c)] %s" % (root, information, entries)
    content = content if content.endswith(b"\n") else content + b"\n"
    return add_section(content, objects, trailer, previous, free, offsets or {})


def last_section(content: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)\s+%%EOF", content)[-1])


def free_number(content: bytes) -> int:
    return max(int(size) for size in re.findall(rb"/Size (\d+)", content))


def add_section(
    content: bytes,
    objects: Objects,
    trailer: bytes,
    previous: int | None,
    free: Iterable[int] = (),
    offsets: dict[int, int] | None = None,
) -> bytes:
    places = dict(offsets or {})
    for number, body in sorted(objects.items()):
        places[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 1\n0000000000 65535 f \n"
    for number in sorted({*places, *free}):
        used = number in places
        content += b"%d 1\n%010d %05d %s \n" % (
            number,
            places.get(number, 0),
            0 if used else 1,
            b"fn"[used : used + 1],
        )
    size = max([*places, *free, 0]) + 1
    if previous is not None:
        trailer += b" /Prev %d" % previous
        size = max(size, free_number(content))
    return content + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)


def append_object_stream(content: bytes, objects: Objects) -> bytes:
    number = free_number(content)
    bodies = b" ".join(objects.values())
    places, place = [], 0
    for key, body in objects.items():
        places.append(b"%d %d" % (key, place))
        place += len(body) + 1
    head = b" ".join(places) + b" "
    holder = stream(head + bodies, b"/Type /ObjStm /N %d /First %d" % (len(objects), len(head)))
    content = content if content.endswith(b"\n") else content + b"\n"
    place_of_holder = len(content)
    content += b"%d 0 obj\n%s\nendobj\n" % (number, holder)
    rows = {key: (2, number, index) for index, key in enumerate(objects)}
    rows[number] = (1, place_of_holder, 0)
    rows[number + 1] = (1, len(content), 0)
    index = b" ".join(b"%d 1" % key for key in sorted(rows))
    data = b"".join(
        bytes([rows[key][0]]) + rows[key][1].to_bytes(4, "big") + rows[key][2].to_bytes(2, "big")
        for key in sorted(rows)
    )
    size = max(*rows, number + 1) + 1
    entries = (
        b"/Type /XRef /W [1 4 2] /Index [%s] /Size %d /Root 1 0 R /Info 12 0 R /ID [(a) (c)] /Prev %d"
        % (
            index,
            size,
            last_section(content),
        )
    )
    start = len(content)
    content += b"%d 0 obj\n%s\nendobj\n" % (number + 1, stream(data, entries))
    return content + b"startxref\n%d\n%%%%EOF\n" % start
