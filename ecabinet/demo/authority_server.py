"""The authority of the demonstration over HTTP: `python -m ecabinet.demo.authority_server FOLDER ADDRESS`.

certomancer answers for OCSP, revocation lists and timestamps. What is issued or revoked counts at once.
"""

import socket
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import pem
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertomancerConfig, ServiceLabel
from certomancer.services import CRLBuilder, choose_signed_digest
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from ecabinet.demo.authority import ARCHITECTURE, Authority

LIST_LASTS = timedelta(days=7)


class PromptAnimator(Animator):
    """certomancer's lists tell of a revocation with the next edition; these tell at once."""

    def serve_crl(
        self, request: Request, *, label: ServiceLabel, arch: str, crl_no: int | None, use_pem: bool
    ) -> Response:
        pki = self.architectures[ArchLabel(arch)]
        at = self.at_time(request).replace(microsecond=0)
        wanted = pki.service_registry.get_crl_repo_info(ServiceLabel(str(label)))
        issuer = pki.get_cert(wanted.resolve_issuer_cert(pki))
        keys = pki.key_set.get_asym_key(wanted.signing_key)
        builder = CRLBuilder(
            issuer_name=issuer.subject,
            issuer_key=keys.private,
            signature_algo=choose_signed_digest("sha256", keys.public),
            authority_key_identifier=issuer.key_identifier_value,
        )
        built = builder.build_crl(
            crl_number=int(at.timestamp()),
            this_update=at,
            next_update=at + LIST_LASTS,
            revoked_certs=list(pki.get_revoked_certs_at_time(at, wanted)),
        ).dump()
        content = pem.armor("X509 CRL", built) if use_pem else built
        return Response(content, mimetype="application/pkix-crl")


class Application:
    """Reads its configuration again whenever it was written."""

    def __init__(self, configuration: Path) -> None:
        self.configuration = configuration
        self.read_at = 0
        self.animator: PromptAnimator | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self._current()(environ, start_response)

    def _current(self) -> PromptAnimator:
        written_at = self.configuration.stat().st_mtime_ns
        if self.animator is None or written_at != self.read_at:
            loaded = CertomancerConfig.from_file(
                str(self.configuration), key_search_dir=str(self.configuration.parent)
            )
            store = AnimatorArchStore({ArchLabel(ARCHITECTURE): loaded.get_pki_arch(ArchLabel(ARCHITECTURE))})
            self.animator, self.read_at = PromptAnimator(store, with_web_ui=False), written_at
        return self.animator


class QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Only failures are worth a line."""


def serve(folder: Path, address: str, descriptor: int | None = None) -> None:
    """On the address, or on a socket that the caller has opened already."""
    authority = Authority(folder, address)
    place = urlsplit(authority.address)
    server = make_server(
        str(place.hostname),
        int(place.port or 80),
        Application(authority.configuration_file),
        threaded=True,
        request_handler=QuietHandler,
        fd=descriptor,
    )
    server.serve_forever()


def open_socket() -> socket.socket:
    """A free port of this machine, held until it is served."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.set_inheritable(True)
    return listener


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None)
