"""The demonstration's security module: SoftHSM, with a token of its own. The seal's key is made in there."""

import os
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ecabinet.standalone.console import Trouble
from ecabinet.standalone.system import find_seal_module

TOKEN = "e-Cabinet"


@dataclass(frozen=True)
class SealModule:
    """Token and PIN in a folder of the instance; other programs of this machine do not see them."""

    folder: Path
    driver: str

    @classmethod
    def provide(cls, folder: Path) -> "SealModule | None":
        """The one of the folder, made at its first use; None where SoftHSM is not installed."""
        driver = find_seal_module()
        if driver is None:
            return None
        module = cls(folder, driver)
        if not module.pin_file.exists():
            module.make()
        return module

    @property
    def pin_file(self) -> Path:
        return self.folder / "pin"

    @property
    def configuration(self) -> Path:
        return self.folder / "softhsm2.conf"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "SOFTHSM2_CONF": str(self.configuration),
            "PKCS11_MODULE": self.driver,
            "PKCS11_TOKEN": TOKEN,
            "PKCS11_PIN_FILE": str(self.pin_file),
        }

    def make(self) -> None:
        tokens = self.folder / "tokens"
        tokens.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n")
        pin = secrets.token_hex(8)
        command = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", pin]
        done = subprocess.run(
            [*command, "--so-pin", secrets.token_hex(8)],
            env={**os.environ, "SOFTHSM2_CONF": str(self.configuration)},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Trouble(f"SoftHSM cannot make a token in {self.folder}: {done.stderr.strip()}")
        with os.fdopen(os.open(self.pin_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(pin)  # last: a folder without it is made anew
