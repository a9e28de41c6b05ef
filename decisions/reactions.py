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
        and resolution.newest_rendering is not None
        and resolution.newest_rendering.version_id == version.pk
        and resolution.signing_id is None
    ):
        actions.ask_for_signature(resolution, by=WORKER, version=version)


def certify_copy(event: VersionRead) -> None:
    """The copy has been read: the organisation's words come onto it."""
    copy = ElectronicCopy.objects.filter(document__versions=event.version_id).first()
    if copy is not None and copy.signing_id is None and copy.seal is not None:
        actions.certify_copy(copy, by=copy.made_by)


def go_on_with_signed(event: VersionSigned) -> None:
    """Signed by the leader it waits for its number; with number, date and seal it goes to its readers."""
    version = DocumentVersion.objects.get(pk=event.version_id)
    approved = Resolution.objects.filter(signing=event.request_id, status=ResolutionStatus.SIGNING).first()
    if approved is not None:
        actions.record_signing(approved, by=WORKER, version=version)
    numbered = Resolution.objects.filter(sealing=event.request_id, status=ResolutionStatus.ISSUED).first()
    if numbered is not None:
        actions.release_resolution(numbered, by=WORKER, version=version)


def return_resolution(event: SignatureRefused | SigningWithdrawn) -> None:
    """Only where it was the leader's own signature: the sealing is begun anew by the office."""
    resolution = Resolution.objects.filter(signing=event.request_id, status=ResolutionStatus.SIGNING).first()
    if resolution is not None:
        reason = SigningRequest.objects.get(pk=event.request_id).ended_because
        actions.return_resolution(resolution, by=WORKER, reason=reason)


def affix_next(event: StepSigned) -> None:
    """The number is on the paper: the day follows, the month, the seal, in the name of the same officer."""
    step = SigningStep.objects.select_related("request").get(pk=event.step_id)
    resolution = Resolution.objects.filter(sealing=step.request_id, status=ResolutionStatus.ISSUED).first()
    if resolution is not None and resolution.seal is not None and step.request.status == RequestStatus.OPEN:
        affixed = step.signatures.select_related("by").order_by("-pk").first()
        actions.seal_resolution(resolution, by=affixed.by)
