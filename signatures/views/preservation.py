"""What is kept of signed papers for decades."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from documents import actions as documents
from documents.models import DocumentVersion
from documents.serving import StoredFile, serve_file
from signatures.models import PreservedCopy


@require_safe
def download_preserved(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The newest preserved copy (PAdES B-LTA): the version's bytes, the evidence, the archive timestamp."""
    versions = DocumentVersion.objects.visible_to(request.user)
    version = get_object_or_404(versions, pk=pk)
    copy = get_object_or_404(PreservedCopy.objects.newest(), version=version)
    documents.open_version(version, by=request.user)
    name = f"{version.file_name.removesuffix('.pdf')}.B-LTA.pdf"
    file = StoredFile(copy.sha256, copy.size, name, is_active=bool(version.active_content))
    return serve_file(request, file, as_attachment=True)
