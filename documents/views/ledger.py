"""The paper ledger: what is handed out on paper, to whom, and what has come back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from documents import actions, rules
from documents.forms import CopyForm
from documents.models import Dossier, PaperCopy, PaperSlot
from people.models import Appointment
from people.rules import VOTING


@require_safe
def read_ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """The Office keeps it, auditors read it. It prints as the sheet on which receivers sign."""
    return _ledger(request, _find(request, pk))


@require_POST
def add_slot(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = _find(request, pk)
    actions.add_slot(dossier, by=request.user)
    return redirect("documents:read_ledger", dossier.pk)


@require_POST
def remove_slot(request: HttpRequest, pk: int) -> HttpResponse:
    slot = _find_slot(request, pk)
    actions.remove_slot(slot, by=request.user)
    return redirect("documents:read_ledger", slot.dossier_id)


@require_POST
def hand_out_copy(request: HttpRequest, pk: int) -> HttpResponse:
    slot = _find_slot(request, pk)
    form = CopyForm(request.POST, offices=_list_offices(slot.dossier), prefix=f"slot-{slot.pk}")
    if not form.is_valid():
        return _ledger(request, slot.dossier, forms={slot.pk: form}, status=422)
    actions.hand_out_copy(slot, by=request.user, **form.cleaned_data)
    return redirect(f"{reverse('documents:read_ledger', args=[slot.dossier_id])}#slot-{slot.pk}")


@require_POST
def take_back_copy(request: HttpRequest, pk: int) -> HttpResponse:
    copies = PaperCopy.objects.visible_to(request.user).select_related("slot__dossier")
    copy = get_object_or_404(copies, pk=pk)
    actions.take_back_copy(copy, by=request.user)
    return redirect(f"{reverse('documents:read_ledger', args=[copy.slot.dossier_id])}#slot-{copy.slot_id}")


def _find(request: HttpRequest, pk: int) -> Dossier:
    dossiers = Dossier.objects.with_ledger_for(request.user).select_related("body__office", "prepared_by")
    return get_object_or_404(dossiers, pk=pk)


def _find_slot(request: HttpRequest, pk: int) -> PaperSlot:
    slots = PaperSlot.objects.visible_to(request.user).select_related("dossier__body")
    return get_object_or_404(slots, pk=pk)


def _list_offices(dossier: Dossier) -> list[Appointment]:
    """Those who may receive a copy: all in office, the members first and in protocol order."""
    offices = Appointment.objects.current().filter(body=dossier.body_id, user__is_active=True)
    found = offices.select_related("user").order_by("protocol_order", "pk")
    return sorted(found, key=lambda office: office.role not in VOTING)


def _ledger(
    request: HttpRequest,
    dossier: Dossier,
    *,
    forms: dict[int, CopyForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    slots = list(dossier.slots.prefetch_related("copies__receiver").order_by("number"))
    allowed = rules.DOSSIER.allowed(request.user, dossier)
    offices = _list_offices(dossier) if "hand_out_copy" in allowed else []
    for slot in slots:
        slot.dossier = dossier
        slot.lines = list(slot.copies.all())
        for copy in slot.lines:
            copy.slot = slot
        if "hand_out_copy" in allowed:
            blank = CopyForm(offices=offices, prefix=f"slot-{slot.pk}")
            slot.form = (forms or {}).get(slot.pk) or blank
    lines = [copy for slot in slots for copy in slot.lines]
    context = {
        "dossier": dossier,
        "slots": slots,
        "allowed": allowed,
        "out_count": sum(copy.returned_at is None for copy in lines),
        "overdue_count": sum(copy.is_overdue for copy in lines),
    }
    return render(request, "documents/read_ledger.html", context, status=status)
