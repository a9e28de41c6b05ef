"""Charts as plain numbers; templates draw them as SVG, without a script."""

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 1000  # units of a bar from end to end
LEGIBLE = 45  # a narrower part has its number in the legend alone


@dataclass(frozen=True)
class Part:
    """One colour of a stacked bar."""

    label: str
    count: int
    tone: str
    x: float
    width: float
    percent: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def is_legible(self) -> bool:
        return self.width >= LEGIBLE


def stack(counts: Iterable[tuple[str, int, str]], *, of: int | None = None) -> list[Part]:
    """(label, count, tone) side by side, as long together as the whole is."""
    counts = list(counts)
    whole = of if of is not None else sum(count for _, count, _ in counts)
    parts, x = [], 0.0
    for label, count, tone in counts:
        width = round(WIDTH * count / whole, 1) if whole else 0.0
        share = f"{count * 100 / whole:.0f} %" if whole else "–"
        parts.append(Part(label, count, tone, round(x, 1), width, share))
        x += width
    return parts
