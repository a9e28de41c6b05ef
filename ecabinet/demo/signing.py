"""The demonstration's seals: their certificates say that they prove nothing."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from signatures.actions import add_revocation_list, confirm_proposal, propose_certificates
from signatures.demonstration import make_revocation_list, open_pki, open_signer, sign_pdf
from signatures.trust import read_certificate, read_list


class DemoSigner:
    def __init__(self, folder: Path, since: datetime) -> None:
        self.folder, self.since = folder, since
        self.pki = open_pki(folder, since)

    def sign(self, pdf: bytes, agency: str, at: datetime) -> bytes:
        """With the seal of the agency, timestamped."""
        seal = open_signer(self.folder, self.pki, self.since, name=agency, organisation=agency)
        return sign_pdf(pdf, seal, self.pki, at=at)

    def be_trusted(self, *, by: Any, confirmed_by: Any) -> None:
        """One administrator proposes the demonstration's authorities, another confirms; no paper is there yet
        whose verdict could change. And what they have revoked."""
        authorities = [read_certificate(authority.der) for authority in (self.pki.root, self.pki.issuer)]
        proposal = propose_certificates(authorities, by=by, because="Chứng thư của bản trình diễn")
        confirm_proposal(proposal, by=confirmed_by)
        for authority in (self.pki.root, self.pki.issuer):
            revoked = make_revocation_list(authority, self.since + timedelta(hours=1))
            add_revocation_list(by=by, revocations=read_list(revoked))
