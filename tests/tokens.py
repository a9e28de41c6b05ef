"""Real tokens in software: SoftHSM, each fixture with a folder of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_public_key

PROJECT = Path(__file__).resolve().parents[1]
PIN, SO_PIN = "2604-cabinet", "4062-cabinet"
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)


def find_softhsm() -> str | None:
    return next((module for module in MODULES if Path(module).exists()), None)


@dataclass(frozen=True)
class Token:
    """`make_key(label, kind)` makes a key inside; `put(certificate, label)` lays its certificate by it."""

    module: str
    label: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    def make_key(self, label: str, kind: str = "ec") -> Any:
        """The public key; the private one never leaves the token."""
        done = self._run("make_key", label, kind)
        return load_der_public_key(bytes.fromhex(done))

    def put(self, certificate: x509.Certificate, label: str) -> None:
        from cryptography.hazmat.primitives.serialization import Encoding

        self._run("put", label, certificate.public_bytes(Encoding.DER).hex())

    def _run(self, *arguments: str) -> str:
        """In a process of its own, so that the test's process opens the module as a program does: once."""
        command = [sys.executable, "-m", "tests.tokens", self.module, self.label, *arguments]
        environment = {**os.environ, **self.environment}
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    module = find_softhsm()
    if module is None:
        pytest.skip("softhsm2 is not installed")
    folder = tmp_path_factory.mktemp("softhsm")
    return make_token(module, folder, "Cabinet")


def make_token(module: str, folder: Path, label: str) -> Token:
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    token = Token(module, label, folder)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", SO_PIN],
        env={**os.environ, **token.environment},
        check=True,
        capture_output=True,
    )
    return token


def _main(module: str, token: str, deed: str, label: str, argument: str) -> None:
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
    from pkcs11.util.rsa import encode_rsa_public_key
    from pkcs11.util.x509 import decode_x509_certificate

    with pkcs11.lib(module).get_token(token_label=token).open(rw=True, user_pin=PIN) as session:
        if deed == "put":
            attributes = decode_x509_certificate(bytes.fromhex(argument))
            attributes[pkcs11.Attribute.TOKEN] = True
            attributes[pkcs11.Attribute.LABEL] = label
            attributes[pkcs11.Attribute.ID] = label.encode()
            session.create_object(attributes)
        elif argument == "rsa":
            from asn1crypto.keys import PublicKeyInfo, RSAPublicKey

            public, _private = session.generate_keypair(
                pkcs11.KeyType.RSA, 2048, store=True, label=label, id=label.encode()
            )
            plain = RSAPublicKey.load(encode_rsa_public_key(public))
            print(PublicKeyInfo.wrap(plain, "rsa").dump().hex())
        else:
            parameters = session.create_domain_parameters(
                pkcs11.KeyType.EC,
                {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
                local=True,
            )
            public, _private = parameters.generate_keypair(store=True, label=label, id=label.encode())
            print(encode_ec_public_key(public).hex())


if __name__ == "__main__":
    _main(*sys.argv[1:])
