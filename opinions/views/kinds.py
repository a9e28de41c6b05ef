"""The administrator's pages: in which forms a body collects opinions in writing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from opinions import actions, rules
from opinions.forms.kinds import KindForm
from opinions.models import RequestKind
from opinions.pages.kinds import begin_kind, find_kinds, group_kinds, show_beginnings
from people.models import Body

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def list_kinds(request: HttpRequest) -> HttpResponse:
    return render(request, "opinions/kinds.html", {"groups": group_kinds(request.user)})


@form_page
def draft_kind(request: HttpRequest, body_id: int) -> HttpResponse:
    """First the choice of where to begin; then the form, with what the chosen beginning says."""
    body = get_object_or_404(Body.objects.visible_to(request.user), pk=body_id)
    rules.KIND.check("draft_kind", request.user, RequestKind(body=body))
    context = show_beginnings(body) | {"action": request.get_full_path()}
    if not request.GET and request.method != "POST":
        return render(request, "opinions/begin_kind.html", context)
    form, like = request.GET.get("form", ""), request.GET.get("like", "")
    kind, classes = begin_kind(request.user, body, form=form, like=like)
    context["form"] = typed = KindForm(request.POST or None, kind=kind, classes=classes)
    if changed := _rearrange(request, typed):
        return render(request, "opinions/draft_kind.html", context | {"form": changed})
    if not typed.is_bound or not typed.is_valid():
        return render(request, "opinions/draft_kind.html", context, status=422 if typed.is_bound else 200)
    kind = actions.draft_kind(typed.save(commit=False), by=request.user, classes=typed.classes)
    return redirect("opinions:confirm_kind", kind.pk)


@form_page
def edit_kind(request: HttpRequest, pk: int) -> HttpResponse:
    kind = get_object_or_404(find_kinds(request.user), pk=pk)
    rules.KIND.check("edit_kind", request.user, kind)
    classes = list(kind.answer_classes.all())
    form = KindForm(request.POST or None, kind=kind, classes=classes)
    context = {"form": form, "kind": kind, "body": kind.body, "action": request.path}
    if changed := _rearrange(request, form):
        return render(request, "opinions/draft_kind.html", context | {"form": changed})
    if not form.is_bound or not form.is_valid():
        return render(request, "opinions/draft_kind.html", context, status=422 if form.is_bound else 200)
    kind = actions.edit_kind(kind, by=request.user, fields=form.cleaned_data, classes=form.classes)
    return redirect("opinions:confirm_kind", kind.pk)


@form_page
def confirm_kind(request: HttpRequest, pk: int) -> HttpResponse:
    """What was entered, once more; from here on it stays as it is."""
    kind = get_object_or_404(find_kinds(request.user), pk=pk)
    rules.KIND.check("edit_kind", request.user, kind)
    if request.method == "POST":
        actions.confirm_kind(kind, by=request.user)
        return redirect("opinions:list_kinds")
    context = {"kind": kind, "hindrance": rules.find_hindrance_of_kind(kind)}
    return render(request, "opinions/confirm_kind.html", context)


@form_page
def retire_kind(request: HttpRequest, pk: int) -> HttpResponse:
    kind = get_object_or_404(find_kinds(request.user), pk=pk)
    rules.KIND.check("retire_kind", request.user, kind)
    if request.method == "POST":
        actions.retire_kind(kind, by=request.user)
        return redirect("opinions:list_kinds")
    others = RequestKind.objects.in_use(kind.body_id).exclude(pk=kind.pk)
    return render(request, "opinions/retire_kind.html", {"kind": kind, "is_last": not others.exists()})


def _rearrange(request: HttpRequest, form: KindForm) -> KindForm | None:
    """An answer more or less, for those without a script."""
    if "add_answer" in request.POST:
        return form.rearranged(add=True)
    if request.POST.get("remove_answer", "").isdecimal():
        return form.rearranged(remove=int(request.POST["remove_answer"]))
    return None
