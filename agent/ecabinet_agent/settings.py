"""What the owner has decided: which sites may ask, where the token's library is, how to ask for the PIN."""

import argparse
import os
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PORT = 17604
LIBRARIES = (
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib/opensc-pkcs11.so",
    "/usr/lib64/opensc-pkcs11.so",
    "/Library/OpenSC/lib/opensc-pkcs11.so",
    "C:\\Windows\\System32\\opensc-pkcs11.dll",
)


class Unfit(Exception):
    """The configuration cannot serve; the message says what to write."""


@dataclass(frozen=True)
class Settings:
    origins: frozenset[str]
    module: str
    port: int = PORT
    language: str = "vi"
    ask: tuple[str, ...] = field(default=())


def read_settings(arguments: list[str]) -> Settings:
    """From the file, then from the command line, which wins."""
    parser = argparse.ArgumentParser(prog="ecabinet-agent", description="The e-Cabinet's signing agent.")
    parser.add_argument("--config", type=Path, help=f"default: {find_default_file()}")
    parser.add_argument("--origin", action="append", default=[], help="a site that may ask, https://…")
    parser.add_argument("--module", help="the PKCS#11 library of the token")
    parser.add_argument("--port", type=int)
    parser.add_argument("--language", choices=["vi", "en"])
    parser.add_argument("--ask", help="a program that shows the orders and prints the PIN")
    given = parser.parse_args(arguments)
    kept = _read_file(given.config)
    origins = [*kept.get("origins", []), *given.origin]
    if not origins:
        raise Unfit(
            f'No site may ask yet. Write into {given.config or find_default_file()}: origins = ["https://…"]'
        )
    module = given.module or kept.get("module") or next(filter(os.path.exists, LIBRARIES), "")
    if not module or not Path(module).exists():
        raise Unfit(f"The PKCS#11 library is not there: {module or 'none was named'}. Name it: module = …")
    ask = given.ask or kept.get("ask", "")
    return Settings(
        origins=frozenset(map(_check_origin, origins)),
        module=module,
        port=given.port if given.port is not None else int(kept.get("port", PORT)),
        language=given.language or kept.get("language") or _guess_language(),
        ask=(ask,) if ask else (),
    )


def find_default_file() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "~")).expanduser() / "ecabinet-agent" / "config.toml"
    base = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    return base / "ecabinet-agent" / "config.toml"


def _read_file(named: Path | None) -> dict:
    file = named or find_default_file()
    if not file.exists():
        if named:
            raise Unfit(f"There is no file {named}.")
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Unfit(f"{file} is not TOML: {error}") from None


def _check_origin(origin: str) -> str:
    """Exactly what a browser sends: scheme, host and port, nothing more."""
    parts = urlsplit(origin)
    is_local = parts.hostname in ("localhost", "127.0.0.1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise Unfit(f"{origin} is not a site with https.")
    if not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
        raise Unfit(f"{origin} must be scheme and host only, as in https://cabinet.example.gov.vn")
    return origin


def _guess_language() -> str:
    return "en" if os.environ.get("LANG", "vi").startswith("en") else "vi"
