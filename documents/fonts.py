"""Tinos, which has the widths of Times New Roman and every letter of Vietnamese, as one font a face."""

import logging
from functools import cache
from io import BytesIO
from pathlib import Path

from django.contrib.staticfiles import finders
from fontTools import merge
from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table

TINOS = "ecabinet/vendor/tinos/tinos-{subset}-{face}.woff2"


def static_file(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(f"{name}: no such static file.")
    return Path(found)


@cache
def whole_face(face: str) -> bytes:
    """One font of the subsets for Latin and Vietnamese; `face` is weight and style, "400-normal".

    WeasyPrint 70 takes fonts of one family and style for one font: fed with the subsets as they come, it
    writes wrong letters. Kerning and ligatures stay out, as in the ministries' word processors.
    """
    subsets = []
    for subset in ("latin", "vietnamese"):
        font = TTFont(static_file(TINOS.format(subset=subset, face=face)), recalcTimestamp=False)
        font.flavor = None
        subsets.append(BytesIO())
        font.save(subsets[-1])
    options = merge.Options()
    options.drop_tables = ["GDEF", "GPOS", "GSUB"]
    whole = merge.Merger(options).merge(subsets)
    whole.recalcTimestamp = False
    whole["head"].created, whole["head"].modified = font["head"].created, font["head"].modified
    output = BytesIO()
    whole.save(output)
    return output.getvalue()
