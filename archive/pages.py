"""What the page of a decision says of its evidence."""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from archive import rules
from archive.models import EvidenceBundle
from core.work import WorkState
from decisions.models import Resolution

# What is inside, as it is counted on the page; what serves the program alone is not told.
KINDS: dict[str, Any] = {
    "document": ngettext_lazy("%(count)d paper", "%(count)d papers", "count"),
    "preserved": ngettext_lazy(
        "%(count)d copy preserved for decades", "%(count)d copies preserved for decades", "count"
    ),
    "issue": ngettext_lazy(
        "%(count)d sealed list of the dossier", "%(count)d sealed lists of the dossier", "count"
    ),
    "answer": ngettext_lazy("%(count)d answer", "%(count)d answers", "count"),
    "signature": ngettext_lazy("%(count)d signature on answers", "%(count)d signatures on answers", "count"),
    "report": ngettext_lazy("%(count)d report on signatures", "%(count)d reports on signatures", "count"),
}

LEFT_OUT: dict[tuple[str, str], Any] = {
    ("paper", "need_to_know"): ngettext_lazy(
        "%(count)d paper that was not given to this office",
        "%(count)d papers that were not given to this office",
        "count",
    ),
    ("paper", "erased"): ngettext_lazy(
        "%(count)d paper that was refused and erased",
        "%(count)d papers that were refused and erased",
        "count",
    ),
    ("trail_entry", "read_by_auditors"): ngettext_lazy(
        "the words of %(count)d entry of the trail, which auditors read; its hash and proof are inside",
        "the words of %(count)d entries of the trail, "
        "which auditors read; their hashes and proofs are inside",
        "count",
    ),
}

FAILURES: dict[str, Promise] = {
    "file_missing": _("A file of this decision is missing in the storage. Tell the administrator at once."),
    "file_changed": _(
        "A file in the storage is not the one that was kept: no evidence is made of it. "
        "Tell the administrator at once."
    ),
}
NOT_MADE = _("The bundle could not be made. Try again; if it fails once more, tell the administrator.")


def describe_evidence(user: Any, resolution: Resolution) -> dict[str, Any]:
    """The newest bundle of this person's office, what is in it, and the older ones; nothing for others."""
    if not rules.EVIDENCE.allows("order_evidence", user, resolution):
        return {}
    bundles = list(EvidenceBundle.objects.visible_to(user).filter(resolution=resolution).newest_first())
    made = [bundle for bundle in bundles if bundle.work_state == WorkState.DONE]
    pending = next((bundle for bundle in bundles[:1] if bundle.work_state != WorkState.DONE), None)
    newest = made[0] if made else None
    return {
        "keeps_evidence": True,
        "pending": pending,
        "failure": FAILURES.get(pending.work_error, NOT_MADE) if pending else "",
        "newest": newest,
        "inside": list(_count_inside(newest)) if newest else [],
        "left_out": list(_count_left_out(newest)) if newest else [],
        "older": made[1:],
    }


def _count_inside(bundle: EvidenceBundle) -> Iterator[str]:
    counts = bundle.contents.get("files", {})
    for kind, words in KINDS.items():
        if counts.get(kind):
            yield words % {"count": counts[kind]}


def _count_left_out(bundle: EvidenceBundle) -> Iterator[str]:
    for what, because, count in bundle.contents.get("left_out", []):
        yield LEFT_OUT[what, because] % {"count": count}
