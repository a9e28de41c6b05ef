"""The tree of RFC 9162 against the vectors of Certificate Transparency, and against the text of the RFC."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.log import merkle
from verifier.log.tiles import Growth, Tiles

# certificate-transparency, merkletree/merkle_tree_test.cc
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = """
    6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
    fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
    aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
    d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
    4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
    76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
    ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
    5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
LEAVES = [merkle.hash_leaf(bytes.fromhex(one)) for one in INPUTS]


def rfc_root(leaves):
    """2.1.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + rfc_root(leaves[:k]) + rfc_root(leaves[k:])).digest()


def make_leaves(number):
    return [merkle.hash_leaf(index.to_bytes(8, "big")) for index in range(number)]


def grow(leaves, step=None):
    """The tiles of a tree that grew in steps."""
    stored, size = {}, 0
    while size < len(leaves):
        end = min(len(leaves), size + (step or len(leaves)))
        growth = Growth(size, lambda level, place: stored.get((level, place), b""))
        for level, place, hashes in [*growth.extend(leaves[size:end]), *growth.rest()]:
            stored[level, place] = hashes
        size = end
    return Tiles(lambda level, place: stored.get((level, place), b""))


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size):
    frontier = merkle.Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)

    assert frontier.root.hex() == ROOTS[size - 1]
    assert rfc_root(LEAVES[:size]).hex() == ROOTS[size - 1]
    assert merkle.hash_range(0, size, grow(LEAVES).node).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert merkle.Frontier().root == rfc_root([]) == merkle.EMPTY_ROOT


def test_proofs_are_those_of_certificate_transparency():
    node = grow(LEAVES).node
    assert [one.hex() for one in merkle.prove_inclusion(5, 8, node)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [one.hex() for one in merkle.prove_consistency(6, 8, node)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_proof_of_every_small_tree_holds_and_only_for_its_leaf():
    leaves = make_leaves(40)
    node = grow(leaves, step=7).node
    for size in range(1, 41):
        root = rfc_root(leaves[:size])
        for index in range(size):
            proof = merkle.prove_inclusion(index, size, node)
            assert merkle.is_included(leaves[index], index, size, proof, root)
            assert not merkle.is_included(leaves[index - 1], index, size, proof, root) or size == 1
            for other in {index ^ 1, index ^ 2, index + 1, -1} - {index}:
                assert not merkle.is_included(leaves[index], other, size, proof, root)
        for old in range(1, size + 1):
            proof, before = merkle.prove_consistency(old, size, node), rfc_root(leaves[:old])
            assert merkle.is_consistent(old, before, size, root, proof)
            assert not merkle.is_consistent(old, leaves[-1], size, root, proof) or size == 40 == old


def test_no_changed_proof_holds():
    leaves = make_leaves(37)
    node, root = grow(leaves).node, rfc_root(leaves)
    included, consistent = merkle.prove_inclusion(20, 37, node), merkle.prove_consistency(11, 37, node)
    for proof, holds in (
        (included, lambda changed: merkle.is_included(leaves[20], 20, 37, changed, root)),
        (consistent, lambda changed: merkle.is_consistent(11, rfc_root(leaves[:11]), 37, root, changed)),
    ):
        assert holds(proof)
        assert (
            not holds(proof[:-1])
            and not holds(proof[1:])
            and not holds([*proof, proof[-1]])
            and not holds([])
        )
        for place in range(len(proof)):
            assert not holds([*proof[:place], bytes(32), *proof[place + 1 :]])


@given(st.integers(1, 600), st.integers(1, 300), st.data())
def test_a_tree_that_grew_in_steps_is_the_tree_that_grew_at_once(size, step, data):
    leaves = make_leaves(size)
    tiles, root = grow(leaves, step), merkle.hash_range(0, size, grow(leaves).node)
    old = data.draw(st.integers(1, size))

    assert tiles.frontier(size).root == root
    assert tiles.frontier(old).root == merkle.hash_range(0, old, tiles.node)
    assert merkle.is_consistent(
        old, tiles.frontier(old).root, size, root, merkle.prove_consistency(old, size, tiles.node)
    )


def test_70_000_leaves_are_stored_in_tiles_of_three_levels():
    leaves = make_leaves(70_000)
    read = []
    tiles = grow(leaves, step=9_999)
    counted = Tiles(lambda level, place: (read.append(level), tiles.tile(level, place))[1])
    frontier = merkle.Frontier()
    for leaf in leaves:
        frontier.append(leaf)

    proof = merkle.prove_inclusion(34_567, 70_000, counted.node)

    assert len(proof) == 17 and len(read) <= 6
    assert merkle.is_included(leaves[34_567], 34_567, 70_000, proof, frontier.root)
    assert tiles.frontier(70_000).root == frontier.root


def test_what_cannot_be_proved_is_refused():
    tiles = grow(LEAVES)
    for deed in (
        lambda: merkle.prove_inclusion(8, 8, tiles.node),
        lambda: merkle.prove_consistency(0, 8, tiles.node),
        lambda: merkle.prove_consistency(9, 8, tiles.node),
        lambda: merkle.Frontier(3, [bytes(32)]),
    ):
        with pytest.raises(ValueError):
            deed()
    with pytest.raises(LookupError, match="missing"):
        tiles.node(0, 8)
    with pytest.raises(LookupError, match="missing"):
        Growth(300, lambda level, place: b"")
