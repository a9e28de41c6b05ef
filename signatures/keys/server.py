"""The organisation's seal: a key inside a security module (PKCS#11), used by workers only.

The PIN comes from a file that only the worker's account reads; it stands in no setting, log or message.
"""

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pkcs11
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from pkcs11.util.ec import (
    encode_ec_public_key,
    encode_ecdsa_signature,
    encode_named_curve_parameters,
)

from core.workflow import Conflict

_alone = threading.Lock()  # a module knows one sign-in for each process
_opened: dict[int, Any] = {}  # by process: after a fork it is opened anew


class ServerKeyUnavailable(Conflict):
    """The module does not answer, refuses the PIN, or does not hold the key."""


def is_configured() -> bool:
    return bool(settings.PKCS11_MODULE and settings.PKCS11_TOKEN and settings.PKCS11_PIN_FILE)


def sign_with_server_key(certificate: Any, data: bytes) -> bytes:
    """The value over the data by the key whose label the certificate's row names; ECDSA in DER."""
    from signatures.values import digest_of

    if settings.SEAL_SIGNER:
        made: bytes = import_string(settings.SEAL_SIGNER)(certificate, data)
        return made
    digest = digest_of(bytes(certificate.der))
    with _open_session() as session:
        key = _find(session, pkcs11.ObjectClass.PRIVATE_KEY, certificate.key_name)
        if key.key_type == pkcs11.KeyType.RSA:
            mechanism = getattr(pkcs11.Mechanism, f"{digest.upper()}_RSA_PKCS")
            return bytes(key.sign(data, mechanism=mechanism))
        hashed = hashlib.new(digest, data).digest()
        return bytes(encode_ecdsa_signature(key.sign(hashed, mechanism=pkcs11.Mechanism.ECDSA)))


def check_server_keys() -> list[str]:
    """Signs in and names the keys that can sign: what the doctor asks."""
    with _open_session() as session:
        keys = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
        return sorted(str(key.label) for key in keys)


def make_server_key(label: str) -> bytes:
    """A new P-256 key inside the module, and its public half (SPKI, DER). An office makes its keys with the
    tools of its module; a demonstration begins with this one."""
    with _open_session(rw=True) as session:
        query = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.Attribute.LABEL: label}
        if list(session.get_objects(query)):
            raise ServerKeyUnavailable(
                _("The security module of the house holds a key named %(name)s already.") % {"name": label}
            )
        curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
        parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        public, _private = parameters.generate_keypair(store=True, label=label, id=label.encode())
        return bytes(encode_ec_public_key(public))


@contextmanager
def _open_session(*, rw: bool = False) -> Iterator[Any]:
    with _alone:
        try:
            token = _open_module().get_token(token_label=settings.PKCS11_TOKEN)
            with token.open(rw=rw, user_pin=_read_pin()) as session:
                yield session
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
            # The library's errors name the fault by their class; none of them carries the PIN.
            raise ServerKeyUnavailable(
                _("The security module of the house cannot be used: %(fault)s.")
                % {"fault": type(error).__name__}
            ) from None


def _open_module() -> Any:
    pid = os.getpid()
    if pid not in _opened:
        module = pkcs11.lib(settings.PKCS11_MODULE)
        if _opened:
            module.reinitialize()
            _opened.clear()
        _opened[pid] = module
    return _opened[pid]


def _read_pin() -> str:
    return Path(settings.PKCS11_PIN_FILE).read_text().strip()


def _find(session: Any, kind: Any, label: str) -> Any:
    found = list(session.get_objects({pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.LABEL: label}))
    if len(found) != 1:
        raise ServerKeyUnavailable(
            _("The security module of the house does not hold exactly one key named %(name)s.")
            % {"name": label}
        )
    return found[0]
