"""The tree of RFC 9162, 2.1: every entry a leaf, every node the hash of its two halves.

A tree that grows never changes what it said when it was smaller: that is what its proofs show. `Node` reads
the hash of a complete subtree: `node(level, place)` covers `1 << level` leaves from `place << level` on.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Node = Callable[[int, int], bytes]

EMPTY_ROOT = sha256().digest()


def hash_leaf(content: bytes) -> bytes:
    return sha256(b"\0" + content).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """The tree while it grows: the complete subtrees at its right edge, the largest first."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError(f"{len(self.peaks)} hashes are not the right edge of a tree of {size} leaves")

    def append(self, leaf: bytes) -> None:
        peaks, size = self.peaks, self.size
        while size & 1:
            leaf = sha256(b"\1" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        return join(self.peaks)


def join(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, given from the largest to the smallest."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = hash_node(peak, root)
    return root


def hash_range(begin: int, end: int, node: Node) -> bytes:
    """The hash over the leaves from `begin` to before `end`, as the tree has it."""
    width = end - begin
    level = width.bit_length() - 1
    if width == 1 << level and begin % width == 0:
        return node(level, begin >> level)
    middle = begin + _half(width)
    return hash_node(hash_range(begin, middle, node), hash_range(middle, end, node))


def prove_inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The hashes beside the path from this leaf to the root, the lowest first (2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"a log of {size} entries has no number {index}")
    proof: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _half(end - begin)
        if index < middle:
            proof.append(hash_range(middle, end, node))
            end = middle
        else:
            proof.append(hash_range(begin, middle, node))
            begin = middle
    return proof[::-1]


def prove_consistency(old: int, size: int, node: Node) -> list[bytes]:
    """The hashes that lead from the root over `old` leaves to the one over `size` (2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError(f"from {old} to {size} entries there is nothing to prove")
    proof: list[bytes] = []
    begin, end, is_whole = (
        0,
        size,
        True,
    )  # whole: the subtree here is the old tree itself, known to the reader
    while old != end:
        middle = begin + _half(end - begin)
        if old <= middle:
            proof.append(hash_range(middle, end, node))
            end = middle
        else:
            proof.append(hash_range(begin, middle, node))
            begin, is_whole = middle, False
    if not is_whole:
        proof.append(hash_range(begin, end, node))
    return proof[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf to the root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = hash_node(beside, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = hash_node(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree with `root` grew out of the one with `old_root` and kept its leaves (2.1.4.2)."""
    if old == size:
        return not proof and old_root == root
    if not 0 < old < size or not proof:
        return False
    hashes = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old = hash_node(beside, found_old)
            found = hash_node(beside, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = hash_node(found, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found == root


def _half(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1
