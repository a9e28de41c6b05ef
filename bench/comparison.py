"""Comparing two papers of 500 pages: the product's way against bare difflib and bare rapidfuzz.

    ./run bench comparison    or    python bench/comparison.py [pages]

The texts are real ones of the corpus (CORPUS names its folder), laid end to end, with edits at random: words
put in, taken out and replaced, paragraphs moved. Each way runs in a process of its own, with its own peak.
"""

import difflib
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WORDS_A_PAGE, LINE = 450, 12
WAYS = ("nothing", "product", "rapidfuzz", "difflib")
PATIENCE = 120  # seconds


def read_corpus(words: int) -> list[str]:
    """Paragraphs, as the lines of the texts are wrapped."""
    folder = Path(os.environ.get("CORPUS") or ROOT.parent / "shared" / "corpus") / "gazette" / "text"
    paragraphs: list[str] = []
    counted = 0
    for path in sorted(folder.glob("*.txt")):
        current: list[str] = []
        for line in path.read_text().splitlines():
            current += line.split()
            if current and (not line.strip() or line.rstrip().endswith((".", ";", ":"))):
                paragraphs.append(" ".join(current))
                counted += len(current)
                current = []
            if counted >= words:
                return paragraphs
    raise SystemExit(f"There is not enough text in {folder}: {counted} words.")


def edit(paragraphs: list[str], chance: random.Random) -> list[str]:
    """About one paragraph in twelve is touched, one in two hundred moves."""
    edited = []
    for paragraph in paragraphs:
        words = paragraph.split()
        if len(words) > 6 and chance.random() < 1 / 12:
            at, kind = chance.randrange(len(words) - 3), chance.randrange(3)
            words[at : at + (0, 2, 2)[kind]] = (["bổ", "sung", "mới"], [], ["sửa", "đổi"])[kind]
        edited.append(" ".join(words))
    for _ in range(len(edited) // 200):
        edited.insert(chance.randrange(len(edited)), edited.pop(chance.randrange(len(edited))))
    return edited


def lay_out(paragraphs: list[str]) -> list[dict]:
    """As the words of pages come out of a PDF."""
    lines = []
    for paragraph in paragraphs:
        words = paragraph.split()
        rows = [words[at : at + LINE] for at in range(0, len(words), LINE)]
        lines += [(row, number < len(rows) - 1) for number, row in enumerate(rows)]
    per_page = WORDS_A_PAGE // LINE
    return [
        {
            "width": 5950,
            "height": 8420,
            "lines": [
                set_line(row, number, full) for number, (row, full) in enumerate(lines[at : at + per_page])
            ],
        }
        for at in range(0, len(lines), per_page)
    ]


def set_line(words: list[str], number: int, is_full: bool) -> list[list]:
    step, top = 4250 // LINE, 700 + number * 190
    line = [
        [word, 850 + n * step, top, 850 + n * step + step - 40, top + 140] for n, word in enumerate(words)
    ]
    if is_full:
        line[-1][3] = 5100
    return line


def run(way: str, pages: int) -> None:
    older = read_corpus(pages * WORDS_A_PAGE)
    newer = edit(older, random.Random(2026))
    seconds, found = 0.0, 0
    if way == "product":
        from reading.comparing import compare
        from reading.results import write_result
        from reading.texts import read_text

        first, second = lay_out(older), lay_out(newer)
        begun = time.perf_counter()
        a, b = read_text(first), read_text(second)
        found = len(write_result(a, b, compare(a, b))["changes"])
        seconds = time.perf_counter() - begun
    elif way != "nothing":
        a_words, b_words = " ".join(older).split(), " ".join(newer).split()
        begun = time.perf_counter()
        if way == "difflib":
            matcher = difflib.SequenceMatcher(None, a_words, b_words, autojunk=False)
            found = sum(tag != "equal" for tag, *_ in matcher.get_opcodes())
        else:
            from rapidfuzz.distance import Indel

            found = sum(op.tag != "equal" for op in Indel.opcodes(a_words, b_words))
        seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{way:10} {seconds:8.2f} s  peak {peak:7.0f} MB  {found:6} changes", flush=True)


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    print(f"{pages} pages of {WORDS_A_PAGE} words against the same with edits")
    for way in WAYS:
        try:
            subprocess.run([sys.executable, __file__, str(pages), way], check=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            print(f"{way:10} not finished after {PATIENCE} s", flush=True)
        except subprocess.CalledProcessError as error:
            print(f"{way:10} died: {error.returncode}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(sys.argv[2], int(sys.argv[1]))
    else:
        main()
