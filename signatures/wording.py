"""What people are told: for each code of the verifier the sentence, and what can be done about it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.refusals import explain
from signatures.models import Verification
from signatures.rules import Verdict
from verifier.pdf.report import FAILED, PASSED, Report, SignatureResult

ASK_FOR_ORIGINAL = _("Ask the sender for the signed original.")
ASK_TO_SIGN_ANEW = _("Ask the signer to sign the paper anew.")
ASK_ADMINISTRATOR = _("Ask the administrator to supply it; the check is then repeated by itself.")
NOTHING_TO_DO = ""
DEMONSTRATION = "PKI trình diễn"  # in the unit of every certificate that a demonstration's authority issues

Words = tuple[Promise | str, Promise | str]

REASONS: dict[str, Words] = {
    "ok": (_("The content is as it was signed, by a certificate that was good then."), NOTHING_TO_DO),
    "altered": (_("The content has been changed after signing."), ASK_FOR_ORIGINAL),
    "bytes_after_end": (_("Something that nobody signed was appended to the file."), ASK_FOR_ORIGINAL),
    "certificate_not_for_signing": (
        _("The certificate was not issued for signing documents."),
        ASK_TO_SIGN_ANEW,
    ),
    "chain_invalid": (_("The chain of certificates is broken or forged."), ASK_TO_SIGN_ANEW),
    "chain_unknown": (
        _("It cannot be decided who issued the certificate: that of “%(issuer)s” is not here yet."),
        ASK_ADMINISTRATOR,
    ),
    "changed_after_signing": (
        _("The paper was changed after signing in a way that can alter what it says."),
        ASK_FOR_ORIGINAL,
    ),
    "constraints": (_("The signature does not meet the rules it was made under."), ASK_TO_SIGN_ANEW),
    "expired": (
        _("The certificate has expired, and nothing proves that the signature was made before."),
        ASK_TO_SIGN_ANEW,
    ),
    "forged": (_("The signature was not made with the key of this certificate."), ASK_FOR_ORIGINAL),
    "format_not_supported": (_("The signature has a format that is not known here."), ASK_TO_SIGN_ANEW),
    "lenient_reading": (
        _("The file departs from the PDF standard; it can only be read leniently, which proves nothing."),
        ASK_FOR_ORIGINAL,
    ),
    "malformed": (_("The signature is malformed."), ASK_TO_SIGN_ANEW),
    "no_certificate": (_("The certificate of the signer is missing from the file."), ASK_TO_SIGN_ANEW),
    "not_verifiable": (_("The signature could not be read."), ASK_FOR_ORIGINAL),
    "not_yet_valid": (_("The certificate was not valid yet when it signed."), ASK_TO_SIGN_ANEW),
    "padding": (_("Data that nobody signed is hidden in the place of the signature."), ASK_FOR_ORIGINAL),
    "partial_coverage": (
        _("The signature does not cover the whole of the paper it was put on."),
        ASK_TO_SIGN_ANEW,
    ),
    "revocation_unknown": (
        _("It cannot be decided whether the certificate was revoked: the list of “%(issuer)s” is not here."),
        ASK_ADMINISTRATOR,
    ),
    "revoked": (_("The certificate was revoked."), ASK_TO_SIGN_ANEW),
    "revoked_issuer": (_("The certificate of the issuing authority was revoked."), ASK_TO_SIGN_ANEW),
    "signed_data_missing": (
        _("The paper that was signed is not in this dossier."),
        _("Add it, byte for byte as it was signed; the check is then repeated by itself."),
    ),
    "time_unproven": (_("Nothing proves when the signature was made."), ASK_TO_SIGN_ANEW),
    "timestamp_invalid": (
        _("The time stamp does not belong to this signature or is forged."),
        ASK_TO_SIGN_ANEW,
    ),
    "undecided": (_("The evidence in the file is not enough to decide."), ASK_TO_SIGN_ANEW),
    "weak_algorithm": (
        _("The signature uses a method that is no longer considered safe."),
        ASK_TO_SIGN_ANEW,
    ),
    "weak_digest": (
        _("The signature uses the checksum %(digest)s, which was no longer considered safe then."),
        ASK_TO_SIGN_ANEW,
    ),
}

DEVIATIONS: dict[str, Promise] = {
    "bytes_after_end": _("The file goes on after its last signed part."),
    "hybrid_reference": _(
        "The file keeps two tables of contents side by side, as signing software of the State usually writes "
        "it; other programs may show another content."
    ),
    "lenient_reading": _("The file departs from the PDF standard and was read leniently."),
    "no_signed_attributes": _("The signature stands directly over the content, in a form from before PAdES."),
    "padding": _("The place of a signature holds more than the signature."),
    "signature_destroyed": _("The file holds the remains of a signature that can no longer be checked."),
    "unsigned_revision": _("The last state of the file is not covered by an intact signature."),
    "weak_digest": _("A checksum that is no longer considered safe (such as SHA-1) was used."),
}

LEVELS: dict[str, Promise] = {
    "B-B": _("the signature alone; it can be checked as long as its certificate is valid"),
    "B-T": _("with a time stamp that proves when it existed"),
    "B-LT": _("with a time stamp and the evidence on all certificates"),
    "B-LTA": _("with all evidence and an archive time stamp; it can be checked for decades"),
    "CMS": _("a form from before PAdES, the signature alone"),
    "CMS-T": _("a form from before PAdES, with a time stamp"),
}

_CHAIN: dict[str, Promise] = {
    "chain_invalid": _("Broken or forged"),
    "chain_unknown": _("Leads to nobody whom the house trusts"),
    "no_certificate": _("There is no certificate"),
}
_AFTER_CHAIN = ("revocation_unknown", "revoked", "expired", "not_yet_valid")
_REVOCATION: dict[str, Promise] = {
    "revocation_unknown": _("Not known: the list of the authority is not here"),
    "revoked": _("Revoked"),
    "revoked_issuer": _("The issuing authority itself was revoked"),
}

FAILURES: dict[str, Promise] = {
    "authority_not_trusted": _("The authority that the address answers for is not trusted any more."),
    "bad_address": _("The address is not one that can be asked."),
    "bad_certificate": _("The connection is not safe: the certificate of the server is not valid."),
    "internal_address": _("The address leads into the internal network, which was not allowed for it."),
    "leads_elsewhere": _("The address leads on to another one, which was not allowed."),
    "no_answer": _("There is no answer, or it broke off."),
    "not_signed": _("What it gave is not signed by the authority; it was not taken."),
    "older": _("What it gave is older than what is here; it was not taken."),
    "out_of_date": _("What it gave is out of date, or from the future; it was not taken."),
    "refused": _("The server refused to answer."),
    "too_large": _("What it gave is too large; it was not taken."),
    "unknown_key": _("The authority has a kind of key that is not known here."),
    "unreadable": _("What it gave cannot be read; it was not taken."),
    "worker_lost": _("The work was interrupted; it will be tried again."),
}

DESTROYED: Words = (
    _("The file was signed once, but was rewritten afterwards: the signature can no longer be checked."),
    ASK_FOR_ORIGINAL,
)
UNSIGNED: Words = (_("The file bears no electronic signature."), NOTHING_TO_DO)
UNVERIFIABLE: Words = (
    _("The signatures of this file could not be checked: it is not built as a signed paper should be."),
    ASK_FOR_ORIGINAL,
)


@dataclass(frozen=True)
class Finding:
    """One sentence on what was found, and one on what to do, which may be empty."""

    sentence: str
    advice: str = ""


def reason_words(signature: SignatureResult) -> Finding:
    sentence, advice = REASONS.get(signature.reason, REASONS["undecided"])
    named = {"issuer": signature.issuer or "?", "digest": name_digest(signature.digest_algorithm)}
    return _find(str(sentence) % named, advice)


def name_digest(algorithm: str) -> str:
    """As people write it: SHA-1, SHA-256."""
    return algorithm.upper().replace("SHA", "SHA-", 1) if algorithm.startswith("sha") else algorithm or "?"


def chain_words(signature: SignatureResult) -> str:
    """Whether the certificate leads to somebody whom the house trusts."""
    if signature.reason in _CHAIN:
        return str(_CHAIN[signature.reason])
    if signature.indication == PASSED or signature.reason in _AFTER_CHAIN:
        return gettext("Leads to an authority that the house trusts")
    return gettext("Not decided")


def revocation_words(signature: SignatureResult) -> str:
    if signature.reason in _REVOCATION:
        return str(_REVOCATION[signature.reason])
    if signature.indication == PASSED:
        return gettext("Not revoked when it signed")
    return gettext("Not decided")


def level_words(level: str) -> str:
    return str(LEVELS.get(level, ""))


def deviation_words(code: str) -> str:
    return str(DEVIATIONS.get(code, code))


def failure_words(code: str) -> str:
    """Why an address gave nothing; what is not in the table is an accident of ours."""
    return str(FAILURES.get(code, FAILURES["worker_lost"]))


def summarise(verification: Verification) -> Finding:
    """The finding on the whole file: the signature that decided the verdict speaks for it."""
    if verification.is_waiting:
        return Finding("")
    report = verification.evidence
    if report is None:
        return Finding(explain(verification.work_error))
    if verification.verdict == Verdict.DESTROYED:
        return _find(*DESTROYED)
    if verification.verdict == Verdict.UNSIGNED:
        return _find(*UNSIGNED)
    if not report.signatures:
        return _find(*UNVERIFIABLE)
    deciding = min(report.signatures, key=_weight)
    found = reason_words(deciding)
    return Finding(f"{_prefix(deciding)}{found.sentence}", found.advice)


def content_words(verification: Verification) -> str:
    """Of a signature file: in whose name, and on which paper. Empty for a paper that bears its signatures."""
    report = verification.evidence
    if report is None or not (verification.content_id or _lacks_content(report)):
        return ""
    signers = [", ".join(filter(None, (one.signer, one.organisation))) for one in report.signatures]
    named = {"signers": "; ".join(dict.fromkeys(filter(None, signers))) or "?"}
    if not verification.content_id:
        return gettext("Signature file in the name of %(signers)s.") % named
    if verification.shown_content is None:
        return (
            gettext("Signature file in the name of %(signers)s, on a paper that you have not been given.")
            % named
        )
    content = verification.shown_content
    return gettext("Signature file in the name of %(signers)s, on “%(paper)s” (version %(number)s).") % {
        **named,
        "paper": content,
        "number": content.number,
    }


def _lacks_content(report: Report) -> bool:
    return any(one.reason == "signed_data_missing" for one in report.signatures)


def _prefix(signature: SignatureResult) -> str:
    """What is known for certain stands before what is not."""
    if signature.indication in (PASSED, FAILED) or not signature.intact:
        return ""
    if signature.timestamp is not None and signature.timestamp.indication != FAILED:
        return gettext("The content is intact and bears a time stamp.") + " "
    return gettext("The content is intact.") + " "


def _weight(signature: SignatureResult) -> int:
    """The worst comes first; among equals the first in the file."""
    if signature.indication == FAILED:
        return 0
    if signature.reason == "not_verifiable":
        return 1
    return 3 if signature.indication == PASSED else 2


def _find(sentence: Promise | str, advice: Promise | str) -> Finding:
    return Finding(str(sentence), str(advice))
