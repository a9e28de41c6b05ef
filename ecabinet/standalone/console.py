"""What the launcher says to the person at the terminal."""

import sys


class Trouble(Exception):
    """Something the launcher cannot mend by itself; the message says what to do."""


def say(text: str = "") -> None:
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
