"""The owner sees what is to be signed, and enters the PIN here or says no. The page never sees the PIN."""

import getpass
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence

from cryptography import x509

from ecabinet_agent.orders import Order
from ecabinet_agent.settings import Settings
from ecabinet_agent.tokens import name

Ask = Callable[[str, Sequence[Order]], str | None]  # (site, orders) -> the PIN, or None for no

PATIENCE = 180  # seconds; then it was a no

WORDS = {
    "vi": {
        "title": "Ký số – e-Cabinet",
        "asks": "Trang {site} đề nghị ký {count} nội dung sau bằng khóa trong token:",
        "signer": "Người ký",
        "paper": "SHA-256 của văn bản",
        "inside": "Giá trị băm được ký",
        "certificate": "Chứng thư",
        "check": "Chỉ nhập mã PIN khi các giá trị này trùng với giá trị hiển thị trên trang.",
        "pin": "Mã PIN (để trống là từ chối)",
        "sign": "Ký",
        "cancel": "Từ chối",
    },
    "en": {
        "title": "Digital signature – e-Cabinet",
        "asks": "{site} asks the key in the token to sign ({count}):",
        "signer": "Signer",
        "paper": "SHA-256 of the paper",
        "inside": "Digest that is signed",
        "certificate": "Certificate",
        "check": "Enter the PIN only when these values are the ones that the page shows.",
        "pin": "PIN (empty: no)",
        "sign": "Sign",
        "cancel": "Do not sign",
    },
}


def choose_way(settings: Settings) -> Ask:
    words = WORDS[settings.language]
    if settings.ask:
        return lambda site, orders: ask_program(settings.ask, site, orders)
    if has_display():
        return lambda site, orders: ask_in_window(words, site, orders)
    return lambda site, orders: ask_in_terminal(words, site, orders)


def has_display() -> bool:
    if sys.platform not in ("win32", "darwin") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    try:
        import tkinter  # noqa: F401
    except ImportError:
        return False
    return True


def list_lines(words: dict[str, str], site: str, orders: Sequence[Order]) -> list[str]:
    """Every order, whole: what is not listed is not signed."""
    lines = [words["asks"].format(site=site, count=len(orders)), ""]
    for number, order in enumerate(orders, 1):
        lines.append(f"{number}. {order.title}")
        lines.append(f"   {words['signer']}: {order.signer}")
        lines.append(f"   {words['paper']}: {in_groups(order.sha256)}")
        if order.message_digest != order.sha256:
            lines.append(f"   {words['inside']}: {in_groups(order.message_digest)}")
    subject = name(x509.load_der_x509_certificate(orders[0].certificate).subject)
    lines += ["", f"{words['certificate']}: {subject}", words["check"]]
    return lines


def in_groups(digest: str) -> str:
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def ask_in_terminal(words: dict[str, str], site: str, orders: Sequence[Order]) -> str | None:
    print("\n".join(["", *list_lines(words, site, orders)]), file=sys.stderr, flush=True)
    try:
        return getpass.getpass(f"{words['pin']}: ") or None
    except (EOFError, KeyboardInterrupt):
        return None


def ask_in_window(words: dict[str, str], site: str, orders: Sequence[Order]) -> str | None:
    """In a process of its own: a window toolkit wants to be the main thread."""
    shown = {"words": words, "lines": list_lines(words, site, orders)}
    return _run([sys.executable, "-m", "ecabinet_agent.window"], shown)


def ask_program(program: Sequence[str], site: str, orders: Sequence[Order]) -> str | None:
    """It reads what is to be signed as JSON and prints the PIN; any exit code but 0 is a no."""
    plain = [
        {
            "title": order.title,
            "signer": order.signer,
            "sha256": order.sha256,
            "message_digest": order.message_digest,
            "certificate": name(x509.load_der_x509_certificate(order.certificate).subject),
        }
        for order in orders
    ]
    return _run(list(program), {"site": site, "orders": plain})


def _run(command: list[str], shown: dict) -> str | None:
    try:
        done = subprocess.run(
            command, input=json.dumps(shown), stdout=subprocess.PIPE, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return None
    return (done.stdout.removesuffix("\n") or None) if done.returncode == 0 else None
