"""The kinds of request of a body, and where a new one begins."""

from typing import Any

from django.shortcuts import get_object_or_404

from opinions import rules
from opinions.models import AnswerClass, RequestKind
from opinions.standard_forms import STANDARD_FORMS, find_form
from people.models import Body

KEPT_APART = {"id", "body", "confirmed_at", "confirmed_by_name", "retired_at", "retired_by_name"}


def find_kinds(user: Any) -> Any:
    return RequestKind.objects.visible_to(user).select_related("body").prefetch_related("answer_classes")


def group_kinds(user: Any) -> list[dict[str, Any]]:
    """The kinds of my bodies: those in use, those not confirmed yet, those that were retired."""
    kinds = list(find_kinds(user).order_by("place", "pk"))
    groups = []
    for body in Body.objects.visible_to(user).order_by("pk"):
        own = [kind for kind in kinds if kind.body_id == body.pk]
        groups.append(
            {
                "body": body,
                "kinds": [kind for kind in own if kind.retired_at is None],
                "retired": [kind for kind in own if kind.retired_at is not None],
                "may_add": rules.KIND.allows("draft_kind", user, RequestKind(body=body)),
            }
        )
    return groups


def begin_kind(user: Any, body: Body, *, form: str, like: str) -> tuple[RequestKind, list[AnswerClass]]:
    """Blank, from one of the known forms, or as a copy of another kind."""
    if like:
        model = get_object_or_404(find_kinds(user), pk=like if like.isdecimal() else 0)
        copied = {
            field.attname: getattr(model, field.attname)
            for field in RequestKind._meta.concrete_fields
            if field.name not in KEPT_APART
        }
        return RequestKind(body=body, **copied), list(model.answer_classes.all())
    known = find_form(form)
    return (known.begin(body), known.offer()) if known else (RequestKind(body=body), [])


def show_beginnings(body: Body) -> dict[str, Any]:
    return {"body": body, "standard_forms": STANDARD_FORMS}
