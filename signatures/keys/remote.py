"""Remote signing: the Cloud Signature Consortium API 1.0.4, with SCAL2.

The authorisation (SAD) is bound to the one hash that is signed. PIN and one-time code go through in the body
of one request; they are kept nowhere, and no message or log tells of them.
"""

import base64
import hashlib
import json
import ssl
import urllib.request
from collections.abc import Callable
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from allauth.core import ratelimit
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.workflow import Conflict
from signatures.keys.certificates import UnfitCertificate, read_signer_certificate
from signatures.timestamping import NoRedirects
from signatures.values import algorithm_of, digest_of, is_made_by

ANSWER_SECONDS = 20  # a person may have to press a button on her telephone
MOST_CREDENTIALS = 20
UNLOCK = "unlock_remote_key"  # how often: settings.ACCOUNT_RATE_LIMITS
LARGEST_ANSWER = 512 * 1024

# RFC 8017, RFC 5758; the digests of NIST
ALGORITHMS = {
    "sha256_rsa": "1.2.840.113549.1.1.11",
    "sha256_ecdsa": "1.2.840.10045.4.3.2",
    "sha384_ecdsa": "1.2.840.10045.4.3.3",
}
DIGESTS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2"}


class RemoteSigningFailed(Conflict):
    """The service does not answer, or refuses; nothing was signed."""


class TooManyAttempts(Conflict):
    """PINs are not guessed through this system, nor is a key locked by guessing."""

    http_status = 429


def is_configured() -> bool:
    return bool(settings.CSC_URL)


def encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


def check_service() -> str:
    """The service's name: what the doctor asks."""
    return str(_ask("info", {}).get("name", ""))


def list_credentials(user: Any) -> list[dict[str, str]]:
    """The certificates that the service holds under this person's mail address, as far as they can sign."""
    credentials = (_read_credential(name) for name in _list_names(user))
    return [credential for credential in credentials if credential is not None]


def holds(user: Any, key_name: str, der: bytes) -> bool:
    """Whether this key, with this certificate, is among those that would be listed for this person."""
    if key_name not in _list_names(user):
        return False
    credential = _read_credential(key_name)
    return credential is not None and credential["certificate"] == encode(der)


def _list_names(user: Any) -> list[str]:
    answer = _ask("credentials/list", {"userID": user.email, "maxResults": MOST_CREDENTIALS})
    names = answer.get("credentialIDs")
    if not isinstance(names, list):
        raise _unexpected()
    return [str(name) for name in names[:MOST_CREDENTIALS]]


def _read_credential(name: str) -> dict[str, str] | None:
    """None for a disabled key, and for certificates that sign no papers: authorities, timestamps."""
    told = _ask("credentials/info", {"credentialID": name, "certificates": "single"})
    if _find(told, "key", "status") != "enabled":
        return None
    certificates = _find(told, "cert", "certificates")
    if not isinstance(certificates, list) or not certificates:
        return None
    try:
        certificate = read_signer_certificate(base64.b64decode(str(certificates[0])))
    except (UnfitCertificate, ValueError):
        return None
    return {
        "key_name": name,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "not_after": certificate.not_after.isoformat(),
        "certificate": encode(certificate.der),
        "asks_pin": "yes" if _find(told, "PIN", "presence") in ("true", "optional") else "no",
        "asks_otp": "yes" if _find(told, "OTP", "presence") in ("true", "optional") else "no",
    }


def sign_for(request: HttpRequest, certificate: Any, data: bytes, *, pin: str, otp: str) -> bytes:
    """The same for whoever asks over the web: failures are counted, the right PIN begins anew."""
    if not ratelimit.consume(request, action=UNLOCK):
        raise TooManyAttempts(
            _("Too many failed attempts to unlock your key. To protect it, none is passed on now; "
              "try again later.")
        )  # fmt: skip
    value = sign_remotely(certificate, data, pin=pin, otp=otp)
    ratelimit.clear(request, action=UNLOCK)
    return value


def sign_remotely(certificate: Any, data: bytes, *, pin: str = "", otp: str = "") -> bytes:
    """The value over the data by the service's key; whatever else the service sends back is refused."""
    der = bytes(certificate.der)
    digest = digest_of(der)
    hashed = encode(hashlib.new(digest, data).digest())
    permission: dict[str, Any] = {
        "credentialID": certificate.key_name,
        "numSignatures": 1,
        "hash": [hashed],
    }
    permission |= {name: secret for name, secret in (("PIN", pin), ("OTP", otp)) if secret}
    sad = _ask("credentials/authorize", permission).get("SAD")
    if not isinstance(sad, str):
        raise _unexpected()
    answer = _ask(
        "signatures/signHash",
        {
            "credentialID": certificate.key_name,
            "SAD": sad,
            "hash": [hashed],
            "hashAlgo": DIGESTS[digest],
            "signAlgo": ALGORITHMS[algorithm_of(der)],
        },
    )
    values = answer.get("signatures")
    if not isinstance(values, list) or len(values) != 1:
        raise _unexpected()
    return _check(der, _decode(values[0]), data)


def _check(der: bytes, value: bytes, data: bytes) -> bytes:
    """Some services give r and s side by side instead of DER."""
    if is_made_by(der, value, data):
        return value
    if "ecdsa" in algorithm_of(der) and len(value) % 2 == 0:
        half = len(value) // 2
        sides = (int.from_bytes(value[:half]), int.from_bytes(value[half:]))
        if is_made_by(der, encode_dss_signature(*sides), data):
            return encode_dss_signature(*sides)
    raise RemoteSigningFailed(
        _("The signing service sent a signature that the certificate's key has not made. Nothing was signed.")
    )


def _decode(value: Any) -> bytes:
    try:
        return base64.b64decode(str(value), validate=True)
    except ValueError:
        raise _unexpected() from None


def _ask(method: str, body: dict[str, Any]) -> dict[str, Any]:
    """One call. Of a failure only its kind is told: an answer might repeat what it was sent."""
    if not is_configured():
        raise RemoteSigningFailed(_("No remote signing service is set up here."))
    request = urllib.request.Request(
        f"{settings.CSC_URL.rstrip('/')}/{method}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json", **_show_who_asks()},
    )
    try:
        with _open()(request, timeout=ANSWER_SECONDS) as answer:
            told = _parse(answer.read(LARGEST_ANSWER))
    except HTTPError as refused:
        refused.close()
        raise _refusal(refused.code) from None
    except (OSError, HTTPException):
        raise RemoteSigningFailed(
            _("The signing service does not answer. Nothing was signed; try again later.")
        ) from None
    if not isinstance(told, dict):
        raise _unexpected()
    return told


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _open() -> Callable[..., Any]:
    """No proxy of the environment sees a PIN, and no other address is gone to."""
    trusted = ssl.create_default_context(cafile=settings.CSC_CA_FILE or None)
    own = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted), NoRedirects())
    return urllib.request.build_opener(*own).open


def _show_who_asks() -> dict[str, str]:
    if not settings.CSC_TOKEN_FILE:
        return {}
    return {"Authorization": f"Bearer {_read_token(settings.CSC_TOKEN_FILE)}"}


@lru_cache(maxsize=1)
def _read_token(path: str) -> str:
    return Path(path).read_text().strip()


def _refusal(status: int) -> RemoteSigningFailed:
    if 400 <= status < 500:
        return RemoteSigningFailed(
            _("The signing service has refused: is the PIN or the one-time code right? Nothing was signed.")
        )
    return _unexpected()


def _unexpected() -> RemoteSigningFailed:
    return RemoteSigningFailed(
        _("The signing service gave an answer that makes no sense. Nothing was signed.")
    )


def _find(told: dict[str, Any], *path: str) -> Any:
    current: Any = told
    for name in path:
        current = current.get(name) if isinstance(current, dict) else None
    return current
