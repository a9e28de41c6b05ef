"""What a file is, by its first bytes. Its name decides nothing, and neither does what a browser says of it.

A ZIP archive and a picture are opened to know more: that is done in the sandbox (office_reading.py,
picture_reading.py), never here.
"""

import puremagic

from documents.rules import Format

HEAD_BYTES = 4096
ARCHIVE = "zip"  # an office file, or none: what lies in it decides
OLE = "ole"  # the container of Word 97, and of every office file with a password

_BEGINNINGS = (
    (b"PK\x03\x04", ARCHIVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"\xff\xd8\xff", Format.JPEG),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
    (b"ID3", Format.MP3),
)
_FILM_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"MSNV")
_SOUND_BRANDS = (b"M4A ", b"M4B ")

MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Format.ODT: "application/vnd.oasis.opendocument.text",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.ODP: "application/vnd.oasis.opendocument.presentation",
    Format.PNG: "image/png",
    Format.JPEG: "image/jpeg",
    Format.TIFF: "image/tiff",
    Format.MP3: "audio/mpeg",
    Format.MP4: "video/mp4",
    Format.M4A: "audio/mp4",
    Format.WAV: "audio/wav",
    Format.P7S: "application/pkcs7-signature",
}

ENDINGS = {Format.JPEG: ("jpg", "jpeg"), Format.TIFF: ("tif", "tiff"), Format.P7S: ("p7s", "p7m")}

# RFC 5652, 3: a sequence whose first member says that it is signed data. The length has up to nine bytes.
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_ARMOUR = (b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----")  # RFC 7468, 8 and 9


def find_kind(head: bytes) -> str | None:
    """A `Format`, ARCHIVE, OLE, or None for what is not taken."""
    if begins_as_pdf(head):
        return Format.PDF
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if _begins_as_signature(head):
        return Format.P7S
    return _find_sound_or_film(head)


def _begins_as_signature(head: bytes) -> bool:
    if head.lstrip().startswith(_ARMOUR):
        return True
    if len(head) < 2 or head[0] != 0x30:
        return False
    length = 1 if head[1] <= 0x80 else 1 + (head[1] & 0x7F)
    return length <= 9 and head[1 + length :].startswith(_SIGNED_DATA)


def begins_as_pdf(head: bytes) -> bool:
    """ISO 32000-2, 7.5.2. Readers search the first kilobyte; what is something else before is not taken."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").startswith(b"%PDF-")


def _find_sound_or_film(head: bytes) -> str | None:
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return Format.WAV
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return Format.M4A if brand in _SOUND_BRANDS else Format.MP4 if brand in _FILM_BRANDS else None
    return Format.MP3 if _is_mpeg_frame(head) else None


def _is_mpeg_frame(head: bytes) -> bool:
    """ISO 11172-3, 2.4.2.3: eleven set bits, layer III, a bit rate and a sampling rate that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] & 0x18 == 0x08:
        return False
    return head[2] >> 4 not in (0, 15) and head[2] & 0x0C != 0x0C


def sniff(head: bytes, name: str) -> str:
    """A short word for the log: "pdf", "docx", "html", "png" … or "unknown"."""
    if begins_as_pdf(head):
        return "pdf"
    try:
        matches = puremagic.magic_string(head, name)
    except (puremagic.PureError, ValueError):
        return "unknown"
    kinds = [match.extension.lstrip(".") for match in matches if match.extension]
    return next((kind for kind in kinds if kind != "pdf"), "unknown")


def endings_of(format: str) -> tuple[str, ...]:
    """The ending that a file of this kind gets comes first."""
    return ENDINGS.get(Format(format), (str(format),))
