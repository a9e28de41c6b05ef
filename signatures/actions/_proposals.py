"""What the deeds on proposals share: looking ahead, deciding, telling."""

from typing import Any

from django.utils import timezone

from audit.models import AuditEvent
from core import clock
from notifications import outbox
from people.models import Appointment, User
from people.rules import Role
from signatures import rules
from signatures.actions._rechecks import enqueue_foreseeing, find_affected
from signatures.models import ForeseenVerdict, TrustProposal
from signatures.rules import ProposalKind
from signatures.trust import name_trust_of_today


def foresee_anew() -> None:
    """The trust has changed: what was foreseen beside the old one is not to be confirmed."""
    for proposal in TrustProposal.objects.open().order_by("pk").select_for_update():
        look_ahead(proposal)


def find_other_administrators(user: Any) -> Any:
    """Those who could confirm what this person proposes."""
    current = Appointment.objects.current().filter(role=Role.ADMINISTRATOR)
    return User.objects.filter(pk__in=current.values("user"), is_active=True).exclude(pk=user.pk)


def came_later(user: Any, proposal: TrustProposal) -> bool:
    """Whether this person has become an administrator only since. The first day of an appointment is what was
    entered, so the trail is asked too when that was."""
    offices = Appointment.objects.current().filter(
        user=user.pk, role=Role.ADMINISTRATOR, valid_from__lt=timezone.localdate(proposal.proposed_at)
    )
    entered_since = AuditEvent.objects.filter(
        action="people.appoint_officer",
        target_type=Appointment._meta.label_lower,
        target_id__in=offices.values("pk"),
        at__gte=proposal.proposed_at,
    )
    return not offices.exclude(pk__in=entered_since.values("target_id")).exists()


def begin(kind: ProposalKind, by: Any, because: str) -> TrustProposal:
    return TrustProposal(
        kind=kind, because=because, proposed_by_id=by.pk, proposed_by_name=str(by), proposed_at=clock.now()
    )


def look_ahead(proposal: TrustProposal) -> None:
    """One row for each paper that may be touched; a worker fills them, beside the checks of new papers."""
    today = name_trust_of_today()
    proposal.foreseen.all().delete()
    affected = find_affected(with_valid=proposal.kind == ProposalKind.END)
    rows = ForeseenVerdict.objects.bulk_create(
        ForeseenVerdict(
            proposal=proposal,
            version_id=verification.version_id,
            under=today,
            verdict_now=verification.verdict,
            signers=_name_signers(verification),
        )
        for verification in affected.select_related("same_as").order_by("version")
    )
    proposal.foreseen_under = today
    proposal.save(update_fields=["foreseen_under"])
    enqueue_foreseeing(row.pk for row in rows)


def _name_signers(verification: Any) -> str:
    report = verification.evidence
    return ", ".join(dict.fromkeys(item.signer for item in report.signatures if item.signer))[:500]


def decide(action: str, proposal: TrustProposal, by: Any, because: str = "") -> None:
    rules.PROPOSAL.advance(action, proposal)
    proposal.decided_by_id, proposal.decided_by_name = by.pk, str(by)
    proposal.decided_at, proposal.decided_because = clock.now(), because
    proposal.save()


def tell_others(proposal: TrustProposal) -> None:
    outbox.tell(
        find_other_administrators(proposal.proposed_by),
        "signatures/trust_proposed",
        url=proposal.get_absolute_url(),
        proposer=proposal.proposed_by_name,
        ends=proposal.kind == ProposalKind.END,
    )


def tell_proposer(proposal: TrustProposal) -> None:
    outbox.tell(
        [proposal.proposed_by],
        "signatures/trust_decided",
        url=proposal.get_absolute_url(),
        decider=proposal.decided_by_name,
        status=proposal.status,
        because=proposal.decided_because,
    )
