"""The worker lays out resolutions."""

from typing import Any

from celery import shared_task
from django.utils.translation import gettext as _

from core.actors import WORKER
from core.work import attempt, claim, finish
from decisions.actions import release_resolution
from decisions.models import Resolution
from decisions.rules import ResolutionStatus
from decisions.wording import write_resolution
from documents.actions import add_rendered_version, distribute_version
from documents.models import Rendering
from documents.rendering import render_official
from people.rules import PRESIDING


@shared_task
def render_resolution(rendering_id: int) -> None:
    """The resolution as it stands now; with its number it is given to its readers."""
    rendering = claim(Rendering.objects.all(), rendering_id)
    if rendering is None:
        return
    with attempt(rendering):
        resolution = Resolution.objects.select_related("body", "signer__user", "signer__body").get(
            pk=rendering.target_id
        )
        name = resolution.full_number.replace("/", "-") or f"du-thao-nghi-quyet-{resolution.pk}"
        pdf = render_official(write_resolution(resolution))
        newest = resolution.newest_rendering
        if newest is None or newest.pk != rendering.pk:
            finish(rendering)  # worded anew or issued meanwhile: an older text must not follow a newer one
            return
        version = add_rendered_version(rendering, by=WORKER, pdf=pdf, file_name=f"{name}.pdf")
        if resolution.status == ResolutionStatus.ISSUED:
            release_resolution(resolution, by=WORKER, version=version)
        else:
            distribute_version(
                version, by=WORKER, roles=_presiding(resolution), because=_("Draft resolution")
            )


def _presiding(resolution: Resolution) -> list[Any]:
    """Those who are to approve the text read it as it will be signed."""
    return [(role, resolution.body) for role in PRESIDING]
