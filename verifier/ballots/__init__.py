"""Secret ballots: sealed in the voter's browser, added up unopened, the sum opened by all counters together.

Exponential ElGamal in the prime-order subgroup of ffdhe3072 (RFC 7919), with proofs that each ballot is a
choice that the form allows and that the sum was opened as it stands. Pure: no Django, no database, no clock.
"""
