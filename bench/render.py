"""The synthesis of 25 opinions as PDF: `render_official` against bare WeasyPrint calls on the same HTML.

    ./run bench render [RUNS]

Processor time, so that other work on the machine counts little; the median of the runs after the first.
"""

import re
import statistics
import sys
import time
from collections.abc import Callable

import django


def measure(ways: dict[str, Callable[[], bytes]], runs: int) -> dict[str, tuple[float, float, int]]:
    """For each way: milliseconds of the first run, the median of the others, bytes of the file."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    sizes = {}
    for _ in range(runs + 1):
        for way, make in ways.items():
            begin = time.process_time()
            sizes[way] = len(make())
            times[way].append((time.process_time() - begin) * 1000)
    return {way: (times[way][0], statistics.median(times[way][1:]), sizes[way]) for way in ways}


def main(runs: int = 10) -> None:
    django.setup()

    from django.template.loader import render_to_string
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from documents.rendering import render_official
    from documents.typesetting import OPTIONS, STYLE_SHEET, StaticFiles
    from tests.documents.papers import REASON, synthesis

    print(f"{'document':<26}{'way':<44}{'first ms':>9}{'ms':>8}{'ratio':>7}{'KB':>6}")
    for name, reason in (("25 members", REASON), ("25 members, long reason", REASON * 40)):
        document = synthesis(reason=reason)
        html = render_to_string(document.template, {"document": document})
        sheet = render_to_string(STYLE_SHEET)
        without_fonts = re.sub(r"@font-face \{.*?\}\n", "", sheet)

        def bare(html: str = html, sheet: str = without_fonts) -> bytes:
            return HTML(string=html).write_pdf(stylesheets=[CSS(string=sheet)])

        def bare_with_fonts(html: str = html, sheet: str = sheet) -> bytes:
            fonts, fetcher = FontConfiguration(), StaticFiles()
            css = CSS(string=sheet, font_config=fonts, url_fetcher=fetcher)
            page = HTML(string=html, url_fetcher=fetcher)
            return page.write_pdf(stylesheets=[css], font_config=fonts, **OPTIONS)

        ways = {
            "bare call, system fonts, plain PDF": bare,
            "bare call, our fonts, PDF/A and tags": bare_with_fonts,
            "render_official (template included)": lambda document=document: render_official(document),
        }
        measured = measure(ways, runs)
        _, limit, _ = next(iter(measured.values()))
        for way, (first, middle, size) in measured.items():
            print(f"{name:<26}{way:<44}{first:>9.0f}{middle:>8.0f}{middle / limit:>7.2f}{size / 1024:>6.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
