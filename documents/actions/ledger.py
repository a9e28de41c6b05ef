"""The paper ledger: what is handed out on paper and collected again. No word of it comes into the system."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import trail
from core import clock
from core.locks import lock
from core.workflow import Conflict
from documents import rules
from documents.models import Dossier, PaperCopy, PaperSlot
from people.models import User


@transaction.atomic
def add_slot(dossier: Dossier, *, by: Any) -> PaperSlot:
    """The Office puts a line into the dossier for a paper that must not be here: a number, nothing else."""
    dossier = lock(dossier)
    rules.DOSSIER.check("add_slot", by, dossier)

    slot = PaperSlot.objects.create(dossier=dossier, number=_next(dossier.slots))

    trail.record("documents.add_slot", by=by, on=slot)
    return slot


@transaction.atomic
def remove_slot(slot: PaperSlot, *, by: Any) -> None:
    """A line that was put in by mistake. Once a copy was handed out, the line and its copies stay."""
    dossier = lock(slot.dossier)
    slot = lock(slot)
    rules.DOSSIER.check("remove_slot", by, dossier)
    if slot.copies.exists():
        raise Conflict(_("Copies of this paper were handed out: it stays in the ledger."))

    trail.record("documents.remove_slot", by=by, on=slot)
    slot.delete()


@transaction.atomic
def hand_out_copy(slot: PaperSlot, *, by: Any, receiver: User) -> PaperCopy:
    """The Office hands a numbered copy to a person, who signs for it on the printed ledger."""
    slot = lock(slot)
    rules.DOSSIER.check("hand_out_copy", by, slot.dossier)
    if not receiver.is_active or slot.body_id not in receiver.body_ids():
        raise Conflict(_("A copy is handed to someone who holds an office in this body."))
    if slot.copies.out().filter(receiver=receiver).exists():
        raise Conflict(_("%(person)s has a copy of this paper already.") % {"person": receiver})

    copy = PaperCopy.objects.create(
        slot=slot,
        number=_next(slot.copies),
        receiver=receiver,
        handed_out_at=clock.now(),
        handed_out_by_name=str(by),
    )

    trail.record("documents.hand_out_copy", by=by, on=copy, number=copy.number, person=str(receiver))
    return copy


@transaction.atomic
def take_back_copy(copy: PaperCopy, *, by: Any) -> PaperCopy:
    """The copy has come back, after the session or before."""
    copy = lock(copy)
    rules.DOSSIER.check("take_back_copy", by, copy.slot.dossier)
    if copy.returned_at is not None:
        raise Conflict(_("This copy has come back already."))

    copy.returned_at, copy.taken_back_by_name = clock.now(), str(by)
    copy.save(update_fields=["returned_at", "taken_back_by_name"])

    trail.record("documents.take_back_copy", by=by, on=copy, number=copy.number, person=str(copy.receiver))
    return copy


def _next(numbered: Any) -> int:
    return (numbered.aggregate(last=models.Max("number"))["last"] or 0) + 1
