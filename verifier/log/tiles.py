"""The tree as it is stored: 256 hashes a tile, tiles of tiles above (C2SP tlog-tiles, height 8).

A tile of level L holds the hashes of complete subtrees of 256^L leaves, in their order. A million leaves are
some four thousand tiles, and a proof reads a handful of them.
"""

from collections.abc import Callable, Iterable, Iterator

from verifier.log.merkle import Frontier, hash_node

WIDTH = 256
HEIGHT = 8
HASH = 32

ReadTile = Callable[
    [int, int], bytes
]  # (level, place) -> its hashes one after another; b"" where there is none


class Tiles:
    """A stored tree, read."""

    def __init__(self, read: ReadTile) -> None:
        self._read = read
        self._kept: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, place: int) -> bytes:
        if (level, place) not in self._kept:
            self._kept[level, place] = bytes(self._read(level, place))
        return self._kept[level, place]

    def node(self, level: int, place: int) -> bytes:
        """The hash of a complete subtree, from the tile that it begins in."""
        row, inside = divmod(level, HEIGHT)
        first = place << inside
        tile, offset = divmod(first, WIDTH)
        hashes = split(self.tile(row, tile)[offset * HASH : (offset + (1 << inside)) * HASH])
        if len(hashes) != 1 << inside:
            raise LookupError(f"tile {row}/{tile} of the log is missing or too short")
        return fold(hashes)

    def frontier(self, size: int) -> Frontier:
        """The right edge of the tree over the first `size` leaves."""
        peaks, begin = [], 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                peaks.append(self.node(level, begin >> level))
                begin += 1 << level
        return Frontier(size, peaks)


class Growth:
    """Leaves put at the end of a tree of `size`: which tiles change, and to what."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._open: list[bytearray] = []
        level = 0
        while size >> HEIGHT * level:
            tile, inside = divmod(size >> HEIGHT * level, WIDTH)
            known = bytearray(read(level, tile)[: inside * HASH]) if inside else bytearray()
            if len(known) != inside * HASH:
                raise LookupError(f"tile {level}/{tile} of the log is missing or too short")
            self._open.append(known)
            level += 1

    def extend(self, leaves: Iterable[bytes]) -> Iterator[tuple[int, int, bytes]]:
        """The tiles that became full, as (level, place, hashes)."""
        for leaf in leaves:
            self.size += 1
            yield from self._put(0, leaf)

    def rest(self) -> Iterator[tuple[int, int, bytes]]:
        """The tiles begun and not full, at the right edge."""
        for level, tile in enumerate(self._open):
            if tile:
                yield level, (self.size >> HEIGHT * level) // WIDTH, bytes(tile)

    def _put(self, level: int, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
        if level == len(self._open):
            self._open.append(bytearray())
        tile = self._open[level]
        tile += leaf
        if len(tile) == WIDTH * HASH:
            full = bytes(tile)
            tile.clear()
            yield level, (self.size >> HEIGHT * level) // WIDTH - 1, full
            yield from self._put(level + 1, fold(split(full)))


def split(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]


def fold(hashes: list[bytes]) -> bytes:
    """The root over a power of two of them."""
    while len(hashes) > 1:
        hashes = [hash_node(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
