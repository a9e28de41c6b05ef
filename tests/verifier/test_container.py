"""The ZIP of a bundle: any program opens it, and our reader takes no other."""

import io
import random
import tracemalloc
import zipfile

import pytest

from verifier.bundle.container import Reader, Unreadable, Writer

FILES = {"a.txt": b"one", "folder/b.pdf": b"%PDF-1.7 two", "folder/empty.json": b"", "z.json": b"{}" * 500}


def pack(files):
    target = io.BytesIO()
    writer = Writer(target)
    for name, content in files.items():
        writer.add(name, io.BytesIO(content))
    writer.close()
    return target.getvalue()


def test_any_program_opens_it_and_our_reader_too():
    packed = pack(FILES)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
    reader = Reader(io.BytesIO(packed))
    assert {name: reader.read(name, 10_000) for name in reader.entries} == FILES
    assert packed == pack(FILES)


def test_every_byte_outside_the_files_is_determined():
    """Inside the files SHA-256 watches, here the form does."""
    packed = pack(FILES)
    inside = {
        place
        for entry in Reader(io.BytesIO(packed)).entries.values()
        for place in range(entry.start, entry.start + entry.size)
    }
    chance = random.Random(1)
    for place in sorted(set(range(len(packed))) - inside):
        changed = bytearray(packed)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(Unreadable):
            Reader(io.BytesIO(bytes(changed)))


@pytest.mark.parametrize("cut", [0, 1, 10, 100, 400, -1])
def test_what_is_cut_off_is_no_bundle(cut):
    with pytest.raises(Unreadable):
        Reader(io.BytesIO(pack(FILES)[:cut]))


def foreign_zip(**options):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", **options) as archive:
        archive.writestr("manifest.json", b"0" * 10_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_a_bundle"),
        (b"%PDF-1.7 " * 100, "not_a_bundle"),
        (foreign_zip(compression=zipfile.ZIP_DEFLATED), "not_a_bundle"),  # a bomb needs compression
        (foreign_zip(), "not_a_bundle"),
        (pack(FILES) + b"x", "not_a_bundle"),
        (b"x" + pack(FILES), "not_as_written"),
    ],
)
def test_other_files_are_refused(content, reason):
    with pytest.raises(Unreadable) as refused:
        Reader(io.BytesIO(content))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "name", ["../a", "/a", "a//b", "a/../b", "A.txt", "a b", "con\\x", "", "a" * 200, "ă"]
)
def test_names_lead_nowhere_else(name):
    with pytest.raises(ValueError):
        Writer(io.BytesIO()).add(name, io.BytesIO())
    if name and len(name) < 150 and name.isascii():
        fit = "q" * len(name)
        forged = pack({fit: b"x"}).replace(fit.encode(), name.encode())
        with pytest.raises(Unreadable) as refused:
            Reader(io.BytesIO(forged))
        assert refused.value.reason == "unfit_name"


def test_the_same_name_twice_is_refused():
    forged = pack({"a.txt": b"1", "b.txt": b"2"}).replace(b"b.txt", b"a.txt")
    with pytest.raises(Unreadable) as refused:
        Reader(io.BytesIO(forged))
    assert refused.value.reason == "name_twice"


def test_a_huge_number_of_files_is_not_even_read():
    packed = bytearray(pack({"a.txt": b"1"}))
    packed[-98 + 32 : -98 + 40] = (10**9).to_bytes(8, "little")
    with pytest.raises(Unreadable) as refused:
        Reader(io.BytesIO(bytes(packed)))
    assert refused.value.reason == "too_many_files"


class Zeros(io.RawIOBase):
    """A large paper that lies nowhere."""

    def __init__(self, size):
        self.left = size

    def read(self, size=-1):
        given = min(self.left, size)
        self.left -= given
        return bytes(given)


def test_large_papers_need_no_memory(tmp_path):
    size = 100 * 1024 * 1024
    tracemalloc.start()
    with (tmp_path / "large.zip").open("w+b") as target:
        writer = Writer(target)
        writer.add("large.bin", Zeros(size))
        writer.close()
        reader = Reader(target)
        assert sum(len(chunk) for chunk in reader.chunks("large.bin")) == size
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
