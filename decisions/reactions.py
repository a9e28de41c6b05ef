"""What becomes of a resolution when its paper is signed, or is not."""

from core.actors import WORKER
from decisions import actions
from decisions.models import ElectronicCopy, Resolution
from decisions.rules import ResolutionStatus
from documents.events import VersionRead
from documents.models import DocumentVersion
from signatures.events import SignatureRefused, SigningWithdrawn, StepSigned, VersionSigned
from signatures.models import SigningRequest, SigningStep
from signatures.rules import RequestStatus


def ask_for_signature(event: VersionRead) -> None:
    """The text had to be laid out anew for its signer: now that it has been looked through, she is asked."""
    version = DocumentVersion.objects.select_related("document").get(pk=event.version_id)
    resolution = Resolution.objects.filter(document=version.document_id).first()
    if (
        resolution is not None
        and resolution.status == ResolutionStatus.SIGNING
        and resolution.text == version
        and not resolution.signings.filter(version=version).exists()
    ):
        actions.ask_for_signature(resolution, by=WORKER, version=version)


def certify_copy(event: VersionRead) -> None:
    """The copy has been read: the organisation's words come onto it."""
    copy = ElectronicCopy.objects.filter(document__versions=event.version_id).first()
    if copy is not None and copy.signing is None and copy.seal is not None:
        actions.certify_copy(copy, by=copy.made_by)


def go_on_with_signed(event: VersionSigned) -> None:
    """Signed by the leader it waits for its number; with number, date and seal it goes to its readers."""
    resolution = _find(event.request_id)
    if resolution is None:
        return
    version = DocumentVersion.objects.get(pk=event.version_id)
    if resolution.status == ResolutionStatus.SIGNING:
        actions.record_signing(resolution, by=WORKER, version=version)
    elif resolution.status == ResolutionStatus.ISSUED:
        actions.release_resolution(resolution, by=WORKER, version=version)


def return_resolution(event: SignatureRefused | SigningWithdrawn) -> None:
    resolution = _find(event.request_id)
    if resolution is not None and resolution.status == ResolutionStatus.SIGNING:
        reason = SigningRequest.objects.get(pk=event.request_id).ended_because
        actions.return_resolution(resolution, by=WORKER, reason=reason)


def affix_next(event: StepSigned) -> None:
    """The number is on the paper: the day follows, the month, the seal, in the name of the same officer."""
    step = SigningStep.objects.select_related("request").get(pk=event.step_id)
    resolution = _find(step.request_id)
    if (
        resolution is not None
        and resolution.status == ResolutionStatus.ISSUED
        and resolution.seal is not None
        and step.request.status == RequestStatus.OPEN
    ):
        affixed = step.signatures.select_related("by").order_by("-pk").first()
        actions.seal_resolution(resolution, by=affixed.by)


def _find(request_id: int) -> Resolution | None:
    return Resolution.objects.filter(document__versions__signing_requests=request_id).first()
