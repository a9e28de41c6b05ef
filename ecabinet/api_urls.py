"""The integration API: read lists and single objects, one POST an action."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from archive.api import EvidenceViewSet, ResolutionViewSet, SearchViewSet
from documents.api import DossierPaperViewSet, DossierViewSet
from meetings.api import AgendaItemViewSet, MeetingViewSet
from opinions.api import KindViewSet, RemarkViewSet, RequestViewSet, SavedViewViewSet, SlipViewSet
from people.api import DelegationViewSet
from reading.api import ComparisonViewSet, FolderViewSet
from signatures.api import VersionViewSet
from signatures.signing_api import SignatureViewSet, SigningViewSet, StepViewSet
from signatures.verification_api import VerificationViewSet
from submissions.api import MatterKindViewSet, SubmissionViewSet

router = DefaultRouter()
router.register("submissions", SubmissionViewSet, basename="submission")
router.register("matter-kinds", MatterKindViewSet, basename="matter-kind")
router.register("request-kinds", KindViewSet, basename="request-kind")
router.register("opinion-requests", RequestViewSet, basename="opinion-request")
router.register("remarks", RemarkViewSet, basename="remark")
router.register("slips", SlipViewSet, basename="slip")
router.register("saved-views", SavedViewViewSet, basename="saved-view")
router.register("meetings", MeetingViewSet, basename="meeting")
router.register("agenda-items", AgendaItemViewSet, basename="agenda-item")
router.register("dossiers", DossierViewSet, basename="dossier")
router.register("dossier-papers", DossierPaperViewSet, basename="dossier-paper")
router.register("papers", VersionViewSet, basename="paper")
router.register("verifications", VerificationViewSet, basename="verification")
router.register("signings", SigningViewSet, basename="signing")
router.register("signing-steps", StepViewSet, basename="signing-step")
router.register("signatures", SignatureViewSet, basename="signature")
router.register("folders", FolderViewSet, basename="folder")
router.register("comparisons", ComparisonViewSet, basename="comparison")
router.register("stand-ins", DelegationViewSet, basename="stand-in")
router.register("resolutions", ResolutionViewSet, basename="resolution")
router.register("evidence", EvidenceViewSet, basename="evidence")
router.register("archive", SearchViewSet, basename="archive")

urlpatterns = [path("schema/", SpectacularAPIView.as_view(), name="api-schema"), *router.urls]
