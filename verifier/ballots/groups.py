"""The group in which ballots are sealed: the squares modulo a safe prime."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

WINDOW = 4
LONG = 1024  # bits of an exponent from which Python's own power is the quicker one


class BadBallot(ValueError):
    """Something in a ballot, a key or a share is not what it must be. The message is for people."""


@dataclass(frozen=True)
class Group:
    """The subgroup of prime order q = (p − 1) / 2."""

    name: str
    p: int
    g: int

    @property
    def q(self) -> int:
        return (self.p - 1) // 2

    @property
    def width(self) -> int:
        """Bytes of an element."""
        return (self.p.bit_length() + 7) // 8

    @property
    def challenge_bits(self) -> int:
        """Challenges are shorter than the order, so that two of them never differ by a multiple of it."""
        return min(256, self.q.bit_length() - 1)

    def spell(self, number: int) -> str:
        return number.to_bytes(self.width).hex()

    def read_element(self, text: object) -> int:
        """An element in its one spelling; 1 is none, for nothing is hidden by it."""
        number = self._read(text)
        if not 1 < number < self.p or not _is_square(number, self.p):
            raise BadBallot("a number is not in the group")
        return number

    def read_exponent(self, text: object) -> int:
        number = self._read(text)
        if number >= self.q:
            raise BadBallot("an exponent is too large")
        return number

    def read_challenge(self, text: object) -> int:
        number = self._read(text)
        if number >> self.challenge_bits:
            raise BadBallot("a challenge is too large")
        return number

    def _read(self, text: object) -> int:
        if not isinstance(text, str) or len(text) != 2 * self.width or set(text) - set("0123456789abcdef"):
            raise BadBallot("a number is not spelt as it must be")
        return int(text, 16)

    def draw(self) -> int:
        """A secret exponent, all of them equally likely but 0."""
        return 1 + secrets.randbelow(self.q - 1)

    def power(self, base: int, exponent: int) -> int:
        return pow(base, exponent % self.q, self.p)

    def multiply(self, numbers: Iterable[int]) -> int:
        product = 1
        for number in numbers:
            product = product * number % self.p
        return product

    def multiply_powers(self, powers: Iterable[tuple[int, int]]) -> int:
        """The product of many powers, the squarings shared (Straus)."""
        product, tables = 1, []
        top = 0
        for base, exponent in powers:
            if exponent.bit_length() > LONG:
                product = product * pow(base, exponent, self.p) % self.p
            elif exponent:
                tables.append((exponent, self._tabulate(base)))
                top = max(top, exponent.bit_length())
        shared = 1
        for place in range((top + WINDOW - 1) // WINDOW - 1, -1, -1):
            shared = pow(shared, 1 << WINDOW, self.p)
            for exponent, table in tables:
                if digit := exponent >> place * WINDOW & (1 << WINDOW) - 1:
                    shared = shared * table[digit] % self.p
        return product * shared % self.p

    def _tabulate(self, base: int) -> list[int]:
        table = [1, base]
        while len(table) < 1 << WINDOW:
            table.append(table[-1] * base % self.p)
        return table


class Batch:
    """Many equations between products of powers, checked as one: each is raised to a random power of its own,
    so that a false one passes with a chance of 2⁻¹²⁸ only. All bases must be elements of the group."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.left: dict[int, int] = {}
        self.right: dict[int, int] = {}

    def require(self, left: Iterable[tuple[int, int]], right: int) -> None:
        """The product of these powers is `right`."""
        weight = 1 + secrets.randbits(128)
        for base, exponent in left:
            total = self.left.get(base, 0) + exponent * weight
            self.left[base] = total % self.group.q
        self.right[right] = self.right.get(right, 0) + weight

    def holds(self) -> bool:
        return self.group.multiply_powers(self.left.items()) == self.group.multiply_powers(self.right.items())


def _is_square(number: int, p: int) -> bool:
    """By the Jacobi symbol: fifty times quicker than by a power."""
    sign, below = 1, p
    while number:
        twos = (number & -number).bit_length() - 1
        number >>= twos
        if twos & 1 and below & 7 in (3, 5):
            sign = -sign
        if number < below:
            if number & 3 == below & 3 == 3:
                sign = -sign
            number, below = below, number
        number -= below
    return below == 1 and sign == 1


FFDHE3072 = Group(
    "ffdhe3072",
    int(
        "FFFFFFFFFFFFFFFFADF85458A2BB4A9AAFDC5620273D3CF1D8B9C583CE2D3695A9E13641146433FBCC939DCE249B3EF9"
        "7D2FE363630C75D8F681B202AEC4617AD3DF1ED5D5FD65612433F51F5F066ED0856365553DED1AF3B557135E7F57C935"
        "984F0C70E0E68B77E2A689DAF3EFE8721DF158A136ADE73530ACCA4F483A797ABC0AB182B324FB61D108A94BB2C8E3FB"
        "B96ADAB760D7F4681D4F42A3DE394DF4AE56EDE76372BB190B07A7C8EE0A6D709E02FCE1CDF7E2ECC03404CD28342F61"
        "9172FE9CE98583FF8E4F1232EEF28183C3FE3B1B4C6FAD733BB5FCBC2EC22005C58EF1837D1683B2C6F34A26C1B2EFFA"
        "886B4238611FCFDCDE355B3B6519035BBC34F4DEF99C023861B46FC9D6E6C9077AD91D2691F7F7EE598CB0FAC186D91C"
        "AEFE130985139270B4130C93BC437944F4FD4452E2D74DD364F2E21E71F54BFF5CAE82AB9C9DF69EE86D2BC522363A0D"
        "ABC521979B0DEADA1DBF9A42D5C4484E0ABCD06BFA53DDEF3C1B20EE3FD59D7C25E41D2B66C62E37FFFFFFFFFFFFFFFF",
        16,
    ),
    2,
)
