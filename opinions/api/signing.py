"""Signing an answer, for other systems: made ready, read, signed. `/api/signatures/{id}/complete/` takes what
the key has made; with it the answer is given."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from opinions import actions, rules
from opinions.api.reading import read
from opinions.models import AnswerSheet
from opinions.serializers import AnswersIn
from opinions.signing_serializers import AnswerCertificateIn, SlipToSignOut, describe_sheet
from signatures.keys.orders import write_order
from signatures.signing_api import OrderOut


class SigningDeeds:
    """Part of the slips' view set."""

    get_object: Any
    request: Any

    @extend_schema(request=AnswersIn, responses=SlipToSignOut)
    @action(detail=True, methods=["post"], url_path="prepare-answer")
    def prepare_answer(self, request: Request, pk: str) -> Response:
        """The answer is laid out as a slip. It counts for nothing before it is signed."""
        slip = self.get_object()
        rules.SLIP.check("prepare_answer", request.user, slip)
        given = read(AnswersIn, request, slip=slip)
        sheet = actions.prepare_answer(slip, by=request.user, **given)
        return Response(SlipToSignOut(describe_sheet(sheet, request)).data)

    @extend_schema(request=None, responses=SlipToSignOut)
    @action(detail=True, methods=["get"], url_path="to-sign")
    def to_sign(self, request: Request, pk: str) -> Response:
        """What waits for the caller's signature; asked again until it is made."""
        return Response(SlipToSignOut(describe_sheet(self._find_sheet(), request)).data)

    @extend_schema(request=AnswerCertificateIn, responses=OrderOut)
    @action(detail=True, methods=["post"], url_path="sign-answer")
    def sign_answer(self, request: Request, pk: str) -> Response:
        """Answers with what the key is to sign within ten minutes; `sha256` is of the statement."""
        sheet = self._find_sheet()
        rules.SHEET.check("sign_answer", request.user, sheet)
        given = read(AnswerCertificateIn, request, user=request.user)
        signature = actions.sign_answer(sheet, by=request.user, **given)
        order = write_order(
            signature.pk,
            to_sign=bytes(signature.to_sign),
            sha256=signature.document_sha256,
            certificate=signature.certificate,
            title=str(sheet.paper),
            signer=str(request.user),
            expires_at=signature.expires_at,
        )
        return Response(OrderOut(order).data)

    def _find_sheet(self) -> AnswerSheet:
        slip = self.get_object()
        sheet: AnswerSheet | None = None
        if rules.answers_slip(self.request.user, slip):
            sheet = slip.find_sheet_to_sign(self.request.user)
        if sheet is None:
            raise Http404
        return sheet
