"""The trail as a Merkle log (RFC 9162): leaves, proofs, checkpoints. Plain functions over bytes."""
